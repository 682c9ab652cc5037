import { z } from "zod";
import { type UserRole, userRoles } from "@/lib/access/permissions";
import type { OrganizationChange, OrganizationView, PersonChange, UserView } from "@/lib/people";
import { invalidField } from "@/lib/refusal";
import { versionsIn } from "@/lib/versions";
import { organization, profile, user } from "./present";
import { parameters, shaped } from "./shape";

/** What is sent to the administration's addresses, and to one's own profile, brought to the core's words. */

const limit = z.number().int().min(1).max(1_000_000).optional();
const settings = {
  name: z.string().min(1).max(200).optional(),
  max_credentials_per_provider: limit,
  max_credentials_per_user: limit,
  require_test_before_save: z.boolean().optional(),
};
/** What is shown and is nobody's to change: sent along by clients that write back what they read. */
const shownAlong = { created_at: z.unknown().optional(), updated_at: z.unknown().optional() };

const newOrganizationBody = z.strictObject({ name: z.string().min(1).max(200), is_active: z.boolean().optional() });

export function newOrganization(body: Record<string, unknown>) {
  const { name, is_active } = shaped(newOrganizationBody, body);
  return { name, active: is_active };
}

const changeBody = z.strictObject(settings);

/** PATCH: what is named is changed. */
export const organizationChange = (body: Record<string, unknown>, ifMatch: string | null): OrganizationChange =>
  asChange(shaped(changeBody, body), ifMatch);

const wholeBody = z.strictObject({
  ...settings,
  id: z.unknown().optional(),
  is_active: z.boolean().optional(),
  ...shownAlong,
});

/**
 * PUT: the object as it was read, changed; what is left out stays. What is as it was is no wish to change it: limits and the switch
 * are the platform's, and an organisation's administrator sends them back all the same.
 */
export function organizationWritten(
  body: Record<string, unknown>,
  before: OrganizationView,
  ifMatch: string | null,
): OrganizationChange {
  const input = shaped(wholeBody, body);
  requireAsShown(body, organization(before), ["id"]);
  const wanted = asChange(input, ifMatch);
  for (const name of ["active", "maxPerProvider", "maxPerUser"] as const) {
    if (wanted[name] === before[name]) wanted[name] = undefined;
  }
  return wanted;
}

const asChange = (
  input: z.output<typeof changeBody> & { is_active?: boolean | undefined },
  ifMatch: string | null,
): OrganizationChange => ({
  name: input.name,
  active: input.is_active,
  maxPerProvider: input.max_credentials_per_provider,
  maxPerUser: input.max_credentials_per_user,
  requireTestBeforeSave: input.require_test_before_save,
  expectedVersion: versionsIn(ifMatch),
});

const forceQuery = z.strictObject({ force: z.enum(["true", "false"]).optional() });
export const deletionOptions = (query: URLSearchParams): { force: boolean } => ({
  force: parameters(forceQuery, query).force === "true",
});

const organizationId = z
  .uuid()
  .transform((id) => id.toLowerCase())
  .optional();
const whereQuery = z.strictObject({ organization_id: organizationId });

/** In which organisation a person is meant, where somebody says so. */
export const organizationMeant = (query: URLSearchParams): string | undefined =>
  parameters(whereQuery, query).organization_id;

/** Words that SuperAI has for roles. Programs are no people here, and two of its roles are for what is not done here. */
const roles = [...userRoles, "integration", "worker", "publisher"] as const;

function roleOf(word: (typeof roles)[number]): UserRole {
  if (word === "integration")
    throw invalidField("role", "A program is no person here: make a service account (POST /service-accounts)");
  if (word === "worker" || word === "publisher")
    throw invalidField("role", `There is no such role here: choose one of ${userRoles.join(", ")}`);
  return word;
}

// Empty for somebody who has none, as it is shown.
const personName = z.string().max(100).nullish();
const names = { first_name: personName, last_name: personName };
const newUserBody = z.strictObject({
  email: z.string().max(320),
  ...names,
  role: z.enum(roles).default("app_user"),
  password: z.string().max(1_024).nullish(),
  organization_id: organizationId,
});

/** A person to be made, and in which organisation where the body says so. */
export function newUser(body: Record<string, unknown>) {
  const { organization_id, ...input } = shaped(newUserBody, body);
  const person = { email: input.email, ...namesIn(input), role: roleOf(input.role) };
  return { organizationId: organization_id, person, password: input.password ?? undefined };
}

/** Null counts as left out, as it does for a credential's name. */
const namesIn = (input: { first_name?: string | null | undefined; last_name?: string | null | undefined }) => ({
  firstName: input.first_name ?? undefined,
  lastName: input.last_name ?? undefined,
});

const shownOfUser = {
  id: z.unknown().optional(),
  organization_id: z.unknown().optional(),
  unconfirmed: z.unknown().optional(),
  last_sign_in_at: z.unknown().optional(),
  modified_by: z.unknown().optional(),
  ...shownAlong,
};
const userBody = z.strictObject({
  ...shownOfUser,
  ...names,
  email: z.string().max(320).optional(),
  role: z.enum(roles).optional(),
  status: z.enum(["active", "pending", "inactive"]).optional(),
});

/** What is left out stays; a state that is as it was is no wish to switch anything. */
export function userChange(body: Record<string, unknown>, before: UserView, ifMatch: string | null): PersonChange {
  const input = shaped(userBody, body);
  requireAsShown(body, user(before), ["id", "organization_id", "unconfirmed"]);
  const switched = input.status !== undefined && input.status !== before.status;
  if (switched && input.status === "pending")
    throw invalidField("status", "A person is pending until they have chosen a password: choose active or inactive");
  return {
    ...namesIn(input),
    email: input.email,
    ...(input.role && { role: roleOf(input.role) }),
    ...(switched && { active: input.status === "active" }),
    expectedVersion: versionsIn(ifMatch),
  };
}

const profileBody = z.strictObject({
  ...shownOfUser,
  ...names,
  ...Object.fromEntries(["email", "role", "status", "organization_name"].map((name) => [name, z.unknown().optional()])),
  password: z.unknown().optional(),
});

/** Of oneself one changes the name; whatever else is shown may come back as it was. */
export function profileChange(
  body: Record<string, unknown>,
  before: { person: UserView; organization: OrganizationView },
  ifMatch: string | null,
) {
  const input = shaped(profileBody, body);
  if (input.password !== undefined && input.password !== null)
    throw invalidField("password", "Change your password in the console: it asks for the present one");
  const shown = profile(before.person, before.organization);
  requireAsShown(body, shown, ["id", "organization_id", "email", "role", "status", "unconfirmed", "organization_name"]);
  return { ...namesIn(input), expectedVersion: versionsIn(ifMatch) };
}

/** @throws Refusal "invalid" naming the first of these that is sent and is another one than what is shown */
function requireAsShown(body: Record<string, unknown>, shown: Record<string, unknown>, fields: string[]): void {
  const other = fields.find((name) => body[name] !== undefined && body[name] !== shown[name]);
  if (other) throw invalidField(other, "Cannot be changed here");
}
