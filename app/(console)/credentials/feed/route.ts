import { z } from "zod";
import { listShape } from "@/components/credentials/list/list-query";
import { listCredentials } from "@/lib/credentials";
import { feed } from "@/lib/http/feed";

const Query = z.strictObject({ ...listShape, cursor: z.string().max(2_000).optional() });

export const GET = feed(Query, (actor, { mine, ...query }) =>
  listCredentials(actor, { ...query, ownOnly: mine === "1" }),
);
