import { z } from "zod";
import { outcomes } from "@/lib/providers/report";
import { stepSchema } from "@/lib/providers/report-schema";
import type { StoredTest, Usage } from "@/lib/vocabulary/credential-view";

/** What was done with a credential, held to the views that these are. */
const text = z.string();
const optionalText = text.nullable();

export const testsFeed: z.ZodType<StoredTest[]> = z.array(
  z.object({
    id: text,
    outcome: z.enum(outcomes),
    reason: optionalText,
    steps: z.array(stepSchema),
    testedVersion: z.number().nullable(),
    durationMs: z.number(),
    actorName: text,
    at: text,
  }),
);

export const usageFeed: z.ZodType<Usage[]> = z.array(
  z.object({
    serviceAccountId: text,
    serviceAccountName: text,
    fetches: z.number(),
    lastAt: text,
    lastVersion: z.number(),
  }),
);
