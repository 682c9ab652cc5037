import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { fetchFeed } from "@/components/feed";
import { tokenAccessFeed } from "@/components/feeds/access";
import { tokenItem } from "@/components/feeds/people";
import { writeAddress } from "@/components/list/address";
import { pageOptions } from "@/components/list/page-options";

/** Which tokens the feed is asked for; `id` names the person, the service account or the one token. */
export const tokensShape = {
  whose: z.enum(["own", "others", "person", "account", "one"]).optional(),
  id: z.uuid().optional(),
  organization: z.uuid().optional(),
};

export type TokensQuery = z.infer<z.ZodObject<typeof tokensShape>>;

export const tokenKeys = { all: ["tokens"] };

export const tokensOptions = (query: TokensQuery) =>
  pageOptions(tokenItem, [...tokenKeys.all, query], "/tokens/feed", writeAddress(query));

/** What one token may do, and what it made of it. */
export const tokenAccessOptions = (id: string) =>
  queryOptions({
    queryKey: [...tokenKeys.all, "access", id],
    queryFn: ({ signal }) => fetchFeed(tokenAccessFeed, `/tokens/${id}/feed`, undefined, signal),
  });
