import { z } from "zod";
import { stepShape } from "@/lib/providers/report-schema";
import { type RotationStep, type RotationView, rotationStates, rotationSteps } from "@/lib/vocabulary/credential-view";

/** Where a rotation stands, held to the view that it is. */
const text = z.string();
const optionalText = text.nullable();

export const rotationStepLine: z.ZodType<RotationStep> = z.object({ id: z.enum(rotationSteps), ...stepShape });

export const rotationFeed: z.ZodType<RotationView> = z.object({
  id: text,
  credentialId: text,
  kind: z.enum(["password", "key"]),
  state: z.enum(rotationStates),
  reason: optionalText,
  steps: z.array(rotationStepLine),
  newPublicKey: optionalText,
  oldPublicKey: optionalText,
  startedBy: text,
  startedAt: text,
  endedAt: optionalText,
});
