import { z } from "zod";
import { credentialTypes } from "@/lib/providers/define";

/** The shapes of what the console's forms send. Values are judged by the core. */
const type = z.enum(credentialTypes);
const values = z.record(z.string(), z.unknown());
const clear = {
  name: z.string().max(1_000).optional(),
  tags: z.array(z.string().max(200)).max(100).optional(),
  expiresAt: z.date().nullable().optional(),
  receipt: z.string().max(32_768).optional(),
};
const version = z.number().int().min(1);

export const CreateInput = z.strictObject({ provider: z.string().max(100), type, data: values, ...clear });

export const UpdateInput = z.strictObject({
  id: z.string(),
  change: z.strictObject({
    // A console save always says which state it was made from: nobody's change is overwritten unseen.
    expectedVersion: version.optional(),
    ...clear,
    active: z.boolean().optional(),
    type: type.optional(),
    data: z.strictObject({ mode: z.enum(["replace", "merge"]), values }).optional(),
  }),
});

export const SetActiveInput = z.strictObject({ id: z.string(), active: z.boolean(), expectedVersion: version });

export const RemoveInput = z.strictObject({ id: z.string(), expectedVersion: version.optional() });

export const CallOffInput = z.strictObject({ id: z.string() });
