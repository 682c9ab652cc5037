import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { getCredential } from "@/lib/credentials";

export const GET = jsonQuery(z.strictObject({ id: z.string() }), (actor, { id }) => getCredential(actor, id));
