import { z } from "zod";
import { accessOfToken } from "@/lib/access";
import { jsonQuery } from "@/lib/api/http/json-endpoints";

export const GET = jsonQuery(z.strictObject({ id: z.string() }), (actor, { id }) => accessOfToken(actor, id));
