import { z } from "zod";
import { tokenItem } from "@/components/feeds/people";
import { writeAddress } from "@/components/list/address";
import { pageOptions } from "@/components/list/page-options";

/** Which tokens the feed is asked for; `id` names the person or the service account. */
export const tokensShape = {
  whose: z.enum(["own", "others", "person", "account"]).optional(),
  id: z.uuid().optional(),
  organization: z.uuid().optional(),
};

export type TokensQuery = z.infer<z.ZodObject<typeof tokensShape>>;

export const tokenKeys = { all: ["tokens"] };

export const tokensOptions = (query: TokensQuery) =>
  pageOptions(tokenItem, [...tokenKeys.all, query], "/tokens/feed", writeAddress(query));
