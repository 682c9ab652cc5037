import { z } from "zod";
import { rotationStates } from "@/lib/vocabulary/credential-view";
import { step } from "./connection-test";
import { id, optionalTime, time } from "./fields";

/** Rotations and managed databases, our additions to this dialect. */
export const managedBody = z
  .strictObject({ name: z.string().min(1).max(200).nullish() })
  .meta({ id: "NewManagedDatabase", examples: [{ name: "Our database" }] });

export const rotation = z
  .strictObject({
    success: z.boolean(),
    state: z.enum(rotationStates),
    reason: z.string().nullable().meta({ description: "A fixed code: why it stands there." }),
    message: z.string(),
    credential_id: id,
    version: z.int().min(1),
    kind: z.enum(["password", "key"]),
    steps: z.array(step),
    new_public_key: z.string().nullable(),
    old_public_key: z.string().nullable(),
    started_by: z.string(),
    started_at: time,
    ended_at: optionalTime,
  })
  .meta({
    id: "Rotation",
    description: "Where a rotation stands. One that ended without a new secret is an answer, not an error.",
    examples: [
      {
        success: true,
        state: "done",
        reason: null,
        message: "The new secret is stored and works.",
        credential_id: "019ac0de-0000-7000-8000-000000000001",
        version: 2,
        kind: "password",
        steps: [],
        new_public_key: null,
        old_public_key: null,
        started_by: "ana@example.com",
        started_at: "2026-11-02T09:30:00.000Z",
        ended_at: "2026-11-02T09:30:02.000Z",
      },
    ],
  });
export type Rotation = z.output<typeof rotation>;
