import { z } from "zod";
import { defaultSort, listShape } from "@/components/credentials/list/list-query";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { listCredentialsWithUses } from "@/lib/plugin-instances";

const Query = z.strictObject({ ...listShape, cursor: z.string().max(2_000).optional() });

/** The order that the page takes for granted is left out of the address, so it is put back here. */
export const GET = jsonQuery(Query, (actor, { mine, sort = defaultSort, ...query }) =>
  listCredentialsWithUses(actor, { ...query, sort, ownOnly: mine === "1" }),
);
