import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { credentialTests } from "@/lib/credentials";

export const GET = jsonQuery(z.strictObject({ id: z.string() }), (actor, { id }) => credentialTests(actor, id));
