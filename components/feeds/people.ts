import { z } from "zod";
import type { TokenRow } from "@/components/tokens/token-actions";
import type { Holdings, UserView } from "@/lib/identity";
import type { OrganizationView } from "@/lib/organizations";
import { userRoles } from "@/lib/vocabulary/permissions";
import { tokenLimits } from "./access";

/** What the console's feeds answer of people, organisations and tokens, held to the views that they are. */
const text = z.string();
const optionalText = text.nullable();

export const personItem: z.ZodType<UserView> = z.object({
  id: text,
  orgId: text,
  email: text,
  name: text,
  firstName: text,
  lastName: text,
  role: z.enum(userRoles),
  status: z.enum(["pending", "active", "inactive"]),
  unconfirmed: z.boolean(),
  hasPassword: z.boolean(),
  link: z.object({ kind: z.enum(["invite", "reset"]), expiresAt: text }).nullable(),
  version: z.number(),
  createdAt: text,
  updatedAt: text,
  modifiedBy: text,
  lastSignInAt: optionalText,
});

export const holdingsFeed: z.ZodType<Holdings> = z.object({ credentials: z.number(), grants: z.number() });

export const organizationItem: z.ZodType<OrganizationView> = z.object({
  id: text,
  name: text,
  active: z.boolean(),
  maxPerProvider: z.number(),
  maxPerUser: z.number(),
  requireTestBeforeSave: z.boolean(),
  version: z.number(),
  createdAt: text,
  updatedAt: text,
});

export const tokenItem: z.ZodType<TokenRow> = z.object({
  id: text,
  name: text,
  description: optionalText,
  prefix: text,
  lastFour: text,
  hasSecret: z.boolean(),
  weak: z.boolean(),
  mask: text,
  superseded: z.array(z.object({ prefix: text, lastFour: text, until: text, lastUsedAt: optionalText })),
  scopes: z.array(text),
  limits: tokenLimits,
  unlimitedFromBefore: z.boolean(),
  graphGuids: z.array(text),
  status: z.enum(["active", "inactive", "expired", "revoked"]),
  active: z.boolean(),
  version: z.number(),
  expiresAt: optionalText,
  lastUsedAt: optionalText,
  createdAt: text,
  updatedAt: text,
  modifiedBy: text,
  userId: optionalText,
  serviceAccountId: optionalText,
  ownerName: text,
  own: z.boolean(),
  mayChange: z.boolean(),
});
