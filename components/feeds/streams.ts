import { z } from "zod";
import { sinkKinds } from "@/lib/vocabulary/audit-sink";
import { streamErrorWords } from "@/lib/vocabulary/audit-stream";

const time = z.string();

/** A receiver of the audit log, and how it stands. */
const streamRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(sinkKinds),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  enabled: z.boolean(),
  cursor: z.string(),
  head: z.string(),
  lagEvents: z.number(),
  lagSeconds: z.number(),
  lastDeliveredAt: time.nullable(),
  failures: z.number(),
  lastError: z.object({ reason: z.enum(streamErrorWords), message: z.string() }).nullable(),
  nextAttemptAt: time.nullable(),
  full: z.boolean(),
  backlogLimit: z.number(),
  refuseFetchesWhenFull: z.boolean(),
  version: z.number(),
});

export type StreamRow = z.infer<typeof streamRow>;

export const streamFeed = z.array(streamRow);
