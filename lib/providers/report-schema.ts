import { z } from "zod";
import { outcomes, stepIds, type TestReport, type TestStep } from "./report";

/** What a connection test tells, step by step and at its end: as it is stored, and as it comes to a browser. */
const text = z.string();

export const stepShape = {
  label: text,
  status: z.enum(["ok", "warning", "failed", "skipped"]),
  durationMs: z.number(),
  detail: text.optional(),
  code: text.optional(),
  meaning: text.optional(),
  advice: text.optional(),
  field: text.optional(),
};
export const stepSchema: z.ZodType<TestStep> = z.object({ id: z.enum(stepIds), ...stepShape });
export const reportSchema: z.ZodType<TestReport> = z.object({
  outcome: z.enum(outcomes),
  reason: text.optional(),
  steps: z.array(stepSchema),
  durationMs: z.number(),
  facts: z.object({ hostKey: text.optional(), certificateExpiresAt: text.optional() }),
});
