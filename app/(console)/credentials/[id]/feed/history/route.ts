import { z } from "zod";
import { jsonQuery } from "@/lib/api/http/json-endpoints";
import { credentialHistory } from "@/lib/platform/audit/history";

const Query = z.strictObject({
  id: z.string(),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});

export const GET = jsonQuery(Query, (actor, { id, before }) => credentialHistory(actor, id, before));
