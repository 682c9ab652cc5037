import type { z } from "zod";
import type { PersonChange, UserView } from "@/lib/identity";
import type { OrganizationChange, OrganizationView } from "@/lib/organizations";
import { versionsIn } from "@/lib/platform/expected-version";
import { invalidField } from "@/lib/platform/refusal";
import { type UserRole, userRoles } from "@/lib/vocabulary/permissions";
import { organization, profile, user } from "./present";
import {
  forceQuery,
  leavingQuery,
  newOrganizationBody,
  newUserBody,
  organizationBody,
  organizationPatch,
  profileBody,
  type roles,
  userBody,
  whereQuery,
} from "./schemas/administration";
import { parameters, shaped } from "./shape";

/** What is sent to the administration's addresses, and to one's own profile, brought to the core's words. */

export function newOrganization(body: Record<string, unknown>) {
  const { name, is_active } = shaped(newOrganizationBody, body);
  return { name, active: is_active };
}

/** PATCH: what is named is changed. */
export const organizationChange = (body: Record<string, unknown>, ifMatch: string | null): OrganizationChange =>
  asChange(shaped(organizationPatch, body), ifMatch);

/**
 * PUT: the object as it was read, changed; what is left out stays. What is as it was is no wish to change it: limits and the switch
 * are the platform's, and an organisation's administrator sends them back all the same.
 */
export function organizationWritten(
  body: Record<string, unknown>,
  before: OrganizationView,
  ifMatch: string | null,
): OrganizationChange {
  const input = shaped(organizationBody, body);
  requireAsShown(body, organization(before), ["id"]);
  const wanted = asChange(input, ifMatch);
  for (const name of ["active", "maxPerProvider", "maxPerUser"] as const) {
    if (wanted[name] === before[name]) wanted[name] = undefined;
  }
  return wanted;
}

const asChange = (
  input: z.output<typeof organizationPatch> & { is_active?: boolean | undefined },
  ifMatch: string | null,
): OrganizationChange => ({
  name: input.name,
  active: input.is_active,
  maxPerProvider: input.max_credentials_per_provider,
  maxPerUser: input.max_credentials_per_user,
  requireTestBeforeSave: input.require_test_before_save,
  expectedVersion: versionsIn(ifMatch),
});

export const deletionOptions = (query: URLSearchParams): { force: boolean } => ({
  force: parameters(forceQuery, query).force === "true",
});

/** In which organisation a person is meant, where somebody says so. */
export const organizationMeant = (query: URLSearchParams): string | undefined =>
  parameters(whereQuery, query).organization_id;

/** Who takes over from a person that is deleted, where somebody says so. */
export const leaving = (query: URLSearchParams): { organizationId: string | undefined; heirId: string | undefined } => {
  const { organization_id: organizationId, heir_id: heirId } = parameters(leavingQuery, query);
  return { organizationId, heirId };
};

function roleOf(word: (typeof roles)[number]): UserRole {
  if (word === "integration")
    throw invalidField("role", "A program is no person here: make a service account (POST /service-accounts)");
  if (word === "worker" || word === "publisher")
    throw invalidField("role", `There is no such role here: choose one of ${userRoles.join(", ")}`);
  return word;
}

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
    heirId: input.heir_id,
    expectedVersion: versionsIn(ifMatch),
  };
}

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
