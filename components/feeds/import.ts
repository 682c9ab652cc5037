import { z } from "zod";
import { type ImportProgress, type ImportReport, importOutcomes } from "@/lib/vocabulary/import-report";

/** What an import tells while it runs and at its end. */
const text = z.string();

export const progressLine: z.ZodType<ImportProgress> = z.object({ done: z.number(), total: z.number() });

export const importLine: z.ZodType<ImportReport> = z.object({
  source: text,
  dryRun: z.boolean(),
  rows: z.array(
    z.object({
      sourceId: text,
      name: text,
      kind: text,
      provider: text.nullable(),
      outcome: z.enum(importOutcomes),
      credentialId: text.nullable(),
      notes: z.array(text),
      next: text,
      testable: z.boolean(),
    }),
  ),
  counts: z.record(z.enum(importOutcomes), z.number()),
});
