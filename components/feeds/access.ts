import { z } from "zod";
import type { CredentialAccess, FoundSubject, GrantView, RequestView, SubjectAccess, TokenAccess } from "@/lib/access";
import { reaches, requestStates, rights, subjectKinds } from "@/lib/vocabulary/access";
import { userRoles } from "@/lib/vocabulary/permissions";

/** What the console's feeds answer of grants and requests, held to the views that they are. */
const text = z.string();
const optionalText = text.nullable();
const right = z.enum(rights);

export const tokenLimits = z
  .object({
    rights: z.array(right).optional(),
    credentialIds: z.array(text).optional(),
    tags: z.array(text).optional(),
    kinds: z.array(text).optional(),
    networks: z.array(text).optional(),
  })
  .nullable();

const subjectShape = { kind: z.enum(subjectKinds), id: text, name: text };
const subject = z.object(subjectShape);
export const subjectsFeed: z.ZodType<FoundSubject[]> = z.array(z.object({ ...subjectShape, detail: optionalText }));

const grantShape = {
  id: text,
  subject,
  right,
  reach: z.enum(reaches),
  key: text,
  reachName: text,
  expiresAt: optionalText,
  reason: optionalText,
  fromBefore: z.boolean(),
  grantedBy: text,
  grantedAt: text,
};
const grant: z.ZodType<GrantView> = z.object(grantShape);

export const credentialAccessFeed: z.ZodType<CredentialAccess> = z.object({
  reachers: z.array(
    z.object({
      subject,
      rights: z.array(right),
      grants: z.array(grant),
      isOwner: z.boolean(),
      lastUsedAt: optionalText,
    }),
  ),
  roles: z.array(z.object({ role: z.enum(userRoles), people: z.number(), rights: z.array(right) })),
  own: z.array(right),
});

export const subjectAccessFeed: z.ZodType<SubjectAccess> = z.object({
  subject,
  grants: z.array(z.object({ ...grantShape, lastUsedAt: optionalText, isQuiet: z.boolean(), via: subject.nullable() })),
  used: z.array(z.object({ id: text, name: text, provider: text, usedAt: optionalText, changedAt: optionalText })),
});

export const tokenAccessFeed: z.ZodType<TokenAccess> = z.object({
  token: z.object({ id: text, name: text, limits: tokenLimits }),
  owner: subject,
  credentials: z.array(
    z.object({
      ...{ id: text, name: text, provider: text, rights: z.array(right) },
      ...{ usedAt: optionalText, changedAt: optionalText, isShared: z.boolean() },
    }),
  ),
  hasMore: z.boolean(),
  used: z.number(),
});

export const requestsFeed: z.ZodType<RequestView[]> = z.array(
  z.object({
    id: text,
    user: z.object({ id: text, name: text }),
    credential: z.object({ id: text, name: text }),
    right,
    reason: text,
    state: z.enum(requestStates),
    askedAt: text,
    answeredAt: optionalText,
    answeredBy: optionalText,
    answer: optionalText,
  }),
);
