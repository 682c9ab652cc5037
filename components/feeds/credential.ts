import { z } from "zod";
import type { ChangeNote } from "@/lib/credentials";
import type { CredentialsWithUses } from "@/lib/plugin-instances";
import { credentialTypes } from "@/lib/providers/define";
import { outcomes } from "@/lib/providers/report";
import { rights } from "@/lib/vocabulary/access";
import { type CredentialView, credentialStatuses, type Facets } from "@/lib/vocabulary/credential-view";

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
  rights: z.array(z.enum(rights)),
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

export const changesFeed: z.ZodType<ChangeNote[]> = z.array(
  z.object({ at: text, by: text, action: text, fields: z.array(text), version: z.number().nullable() }),
);
