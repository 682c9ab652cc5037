import { z } from "zod";
import { tokensShape } from "@/components/tokens/tokens-query";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { tokenRows } from "../token-rows";

const named = z.strictObject({ ...tokensShape, after: z.uuid().optional() });

/** Of a person, a service account and one token one must say which. */
const Query = named.refine(
  ({ whose = "", id }) => ["person", "account", "one"].includes(whose) === (id !== undefined),
  {
    path: ["id"],
  },
);

export const GET = jsonQuery(Query, tokenRows);
