import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { credentialRotation } from "@/lib/credentials";

export const GET = jsonQuery(z.strictObject({ id: z.string() }), (actor, { id }) => credentialRotation(actor, id));
