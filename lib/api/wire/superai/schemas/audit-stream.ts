import { z } from "zod";
import { sinkSettings } from "@/lib/audit-streams/sinks/index";
import { sinkKinds } from "@/lib/vocabulary/audit-sink";
import { streamErrorWords } from "@/lib/vocabulary/audit-stream";
import { id, optionalTime, stamps } from "./fields";

/** Receivers of the organisation's audit log. */
const name = z.string().max(200).meta({ description: "Unique in the organisation." });
const choices = {
  backlog_limit: z
    .int()
    .meta({
      description: "Events that may wait before the stream counts as full: 1,000 to 100,000,000, else a million.",
    })
    .optional(),
  refuse_fetches_when_full: z
    .boolean()
    .meta({ description: "Whether no secret is handed out while the stream is full. Left out: no." })
    .optional(),
  force: z
    .boolean()
    .meta({ description: "Stores it although the receiver does not take a test batch now." })
    .optional(),
};
const shown = { kind: "webhook", url: "https://siem.example.com/latchkey" };
const webhook = { ...shown, signing_secret: "whsec_mfkq9r8gkyqrtwjupd8ilpzio2lalasw" };

export const streamBody = z
  .strictObject({
    name,
    settings: sinkSettings,
    from: z
      .enum(["now", "beginning"])
      .meta({ description: "Where it begins: with what happens from now on, or with the first event that is stored." })
      .optional(),
    ...choices,
  })
  .meta({ id: "NewAuditStream", examples: [{ name: "SIEM", settings: webhook, from: "beginning" }] });

export const streamChange = z
  .strictObject({
    name: name.optional(),
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
    ...choices,
  })
  .meta({
    id: "AuditStreamChange",
    description:
      "What is not named stays, of the settings as well; null takes one away. Secrets must be sent again where the settings lead somewhere else.",
    examples: [{ backlog_limit: 100_000, refuse_fetches_when_full: true }],
  });

export const streamTrial = z
  .strictObject({ settings: sinkSettings })
  .meta({ id: "AuditStreamTrial", description: "Not stored.", examples: [{ settings: webhook }] });

const failure = { reason: z.enum(streamErrorWords), message: z.string().meta({ description: "What to do about it." }) };

export const streamTest = z
  .discriminatedUnion("outcome", [
    z.strictObject({ outcome: z.literal("ok") }),
    z.strictObject({ outcome: z.literal("failed"), ...failure }),
  ])
  .meta({ id: "AuditStreamTest", examples: [{ outcome: "ok" }] });

const seq = z.string().regex(/^\d+$/);
export const stream = z
  .strictObject({
    id,
    name: z.string(),
    kind: z.enum(sinkKinds),
    settings: z
      .record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
      .meta({ description: "Without secrets; `secrets_set` names those that are kept." }),
    enabled: z.boolean(),
    cursor: seq.meta({ description: "The last event that the receiver has confirmed." }),
    head: seq.meta({ description: "The last event that there is." }),
    lag_events: z.int().min(0),
    lag_seconds: z.int().min(0).meta({ description: "For how long the first event that waits has waited." }),
    last_delivered_at: optionalTime,
    failures: z.int().min(0).meta({ description: "Since the receiver last took something." }),
    last_error: z.strictObject(failure).nullable(),
    next_attempt_at: optionalTime,
    full: z.boolean(),
    backlog_limit: z.int(),
    refuse_fetches_when_full: z.boolean(),
    version: z.int().min(1).meta({ description: "Goes up with every change." }),
    created_by: z.string(),
    ...stamps,
  })
  .meta({
    id: "AuditStream",
    examples: [
      {
        id: "019ac0de-5c00-7000-8000-000000000001",
        name: "SIEM",
        kind: "webhook",
        settings: { ...shown, secrets_set: ["signing_secret"] },
        enabled: true,
        cursor: "1200",
        head: "1204",
        lag_events: 4,
        lag_seconds: 2,
        last_delivered_at: "2026-12-01T09:30:00.000Z",
        failures: 0,
        last_error: null,
        next_attempt_at: null,
        full: false,
        backlog_limit: 1_000_000,
        refuse_fetches_when_full: false,
        version: 1,
        created_by: "ana@example.com",
        created_at: "2026-12-01T09:00:00.000Z",
        updated_at: "2026-12-01T09:00:00.000Z",
        modified_by: "ana@example.com",
      },
    ],
  });
export type Stream = z.output<typeof stream>;
