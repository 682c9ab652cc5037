import { z } from "zod";
import { credentialChangesSince } from "@/lib/credentials";
import { feed } from "@/lib/http/feed";

const Query = z.strictObject({ id: z.string(), since: z.coerce.number().int().min(0) });

/** What the conflict screen shows: who changed which fields since the version that was edited. */
export const GET = feed(Query, (actor, { id, since }) => credentialChangesSince(actor, id, since));
