import { z } from "zod";
import type { AuditPage } from "@/lib/platform/audit/history";

/** What the console's feeds answer of the audit log, held to the view that it is. */
const text = z.string();
const optionalText = text.nullable();
const plain = z.union([text, z.number(), z.boolean(), z.array(text), z.null()]);

export const auditFeed: z.ZodType<AuditPage> = z.object({
  events: z.array(
    z.object({
      seq: text,
      at: text,
      actorKind: text,
      actorId: text,
      actorName: text,
      action: text,
      outcome: text,
      reason: optionalText,
      targetType: optionalText,
      targetId: optionalText,
      targetName: optionalText,
      fields: z.array(text),
      changes: z.record(text, z.object({ from: plain, to: plain })).optional(),
      version: z.number().nullable(),
      requestId: text,
      address: text,
    }),
  ),
  next: optionalText,
  removedUntil: optionalText,
});
