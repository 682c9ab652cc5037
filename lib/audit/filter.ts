import { z } from "zod";
import { auditActions, auditOutcomes } from "./event";

const day = z.iso.date().transform((text) => new Date(`${text}T00:00:00Z`));

/** The audit filter as an address line holds it. `to` is the last day shown. */
export const auditQuery = z.object({
  action: z.enum(auditActions).optional(),
  outcome: z.enum(auditOutcomes).optional(),
  actorId: z.string().max(64).optional(),
  targetId: z.string().max(64).optional(),
  q: z.string().max(100).optional(),
  from: day.optional(),
  to: day.transform((date) => new Date(date.getTime() + 86_400_000)).optional(),
});

/** With the place to go on from: the sequence number of the last event shown. */
export const auditPageQuery = auditQuery.extend({
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});
