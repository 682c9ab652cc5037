import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { credentialUsage } from "@/lib/credentials";

const DAYS = 30;

export const GET = jsonQuery(z.strictObject({ id: z.string() }), (actor, { id }) => credentialUsage(actor, id, DAYS));
