import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { credentialChangesSince } from "@/lib/credentials";

const Query = z.strictObject({ id: z.string(), since: z.coerce.number().int().min(0) });

/** What the conflict screen shows: who changed which fields since the version that was edited. */
export const GET = jsonQuery(Query, (actor, { id, since }) => credentialChangesSince(actor, id, since));
