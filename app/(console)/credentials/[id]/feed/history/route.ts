import { z } from "zod";
import { credentialHistory } from "@/lib/audit/history";
import { feed } from "@/lib/http/feed";

const Query = z.strictObject({
  id: z.string(),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});

export const GET = feed(Query, (actor, { id, before }) => credentialHistory(actor, id, before));
