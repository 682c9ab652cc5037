import { z } from "zod";
import type { ChangeNote } from "@/lib/credentials";
import {
  type CredentialView,
  credentialStatuses,
  type Facets,
  type RotationStep,
  type RotationView,
  rotationStates,
  rotationSteps,
  type StoredTest,
  type Usage,
} from "@/lib/credentials/view";
import type { BrokenUse, CredentialsWithUses, InstanceView } from "@/lib/plugin-instances";
import { credentialTypes } from "@/lib/providers/define";
import { outcomes, type Step, stepIds, type TestReport } from "@/lib/providers/report";

/** What the console's feeds answer of credentials, held to the views that they are. */
const text = z.string();
const optionalText = text.nullable();
const values = z.record(text, z.union([text, z.number(), z.boolean()]));

const credentialShape = {
  id: text,
  externalId: optionalText,
  provider: text,
  type: z.enum(credentialTypes),
  name: text,
  tags: z.array(text),
  summary: text,
  config: values,
  secrets: z.record(text, z.object({ setAt: text, setBy: text })),
  accountEmail: optionalText,
  ownerId: optionalText,
  ownerName: optionalText,
  status: z.enum(credentialStatuses),
  active: z.boolean(),
  version: z.number(),
  health: z
    .object({ outcome: z.enum(outcomes), reason: optionalText, testedAt: text, current: z.boolean() })
    .nullable(),
  expiresAt: optionalText,
  tokenExpiresAt: optionalText,
  lastUsedAt: optionalText,
  createdAt: text,
  updatedAt: text,
  modifiedBy: text,
};
export const credentialFeed: z.ZodType<CredentialView> = z.object(credentialShape);
export const credentialsFeed: z.ZodType<CredentialsWithUses> = z.object({
  items: z.array(z.object({ ...credentialShape, usedBy: z.number() })),
  next: optionalText,
});

const counted = { count: z.number() };
export const facetsFeed: z.ZodType<Facets> = z.object({
  total: z.number(),
  providers: z.array(z.object({ value: text, ...counted })),
  statuses: z.array(z.object({ value: z.enum(credentialStatuses), ...counted })),
  tags: z.array(z.object({ value: text, ...counted })),
});

const stepShape = {
  label: text,
  status: z.enum(["ok", "warning", "failed", "skipped"]),
  durationMs: z.number(),
  detail: text.optional(),
  code: text.optional(),
  meaning: text.optional(),
  advice: text.optional(),
  field: text.optional(),
};
export const stepLine: z.ZodType<Step> = z.object({ id: z.enum(stepIds), ...stepShape });
export const rotationStepLine: z.ZodType<RotationStep> = z.object({ id: z.enum(rotationSteps), ...stepShape });
export const reportLine: z.ZodType<TestReport> = z.object({
  outcome: z.enum(outcomes),
  reason: text.optional(),
  steps: z.array(stepLine),
  durationMs: z.number(),
  facts: z.object({ hostKey: text.optional(), certificateExpiresAt: text.optional() }),
});

export const testsFeed: z.ZodType<StoredTest[]> = z.array(
  z.object({
    id: text,
    outcome: z.enum(outcomes),
    reason: optionalText,
    steps: z.array(stepLine),
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

const useShape = {
  id: text,
  orgId: text,
  plugin: text,
  flowId: text,
  credentialId: optionalText,
  taskName: text,
  description: text,
  registeredById: text,
  registeredBy: text,
  createdAt: text,
  updatedAt: text,
  modifiedBy: text,
};
export const useItem: z.ZodType<InstanceView> = z.object(useShape);
export const brokenUseItem: z.ZodType<BrokenUse> = z.object({ ...useShape, credentialName: text });

export const changesFeed: z.ZodType<ChangeNote[]> = z.array(
  z.object({ at: text, by: text, action: text, fields: z.array(text), version: z.number().nullable() }),
);
