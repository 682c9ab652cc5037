import { z } from "zod";
import { outcomes, stepIds, type TestReport, type TestStep } from "@/lib/providers/report";

/** What a connection test tells, step by step and at its end, held to the report that it is. */
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
export const stepLine: z.ZodType<TestStep> = z.object({ id: z.enum(stepIds), ...stepShape });
export const reportLine: z.ZodType<TestReport> = z.object({
  outcome: z.enum(outcomes),
  reason: text.optional(),
  steps: z.array(stepLine),
  durationMs: z.number(),
  facts: z.object({ hostKey: text.optional(), certificateExpiresAt: text.optional() }),
});
