import type { z } from "zod";
import type { UserView } from "@/lib/identity";
import { versionsIn } from "@/lib/platform/expected-version";
import { cleanName } from "@/lib/platform/names";
import { inPart, invalidField, Refusal } from "@/lib/platform/refusal";
import type { UserRole } from "@/lib/vocabulary/permissions";
import { credentialBody } from "./schemas/credential";
import { onboardingBody, tenantBody, userBody } from "./schemas/tenant";
import { shaped } from "./shape";

/** LiteGraph's bodies and parameters brought to the core's words. Unknown fields are passed over, as its clients expect. */
export function newCredential(body: Record<string, unknown>) {
  const { ownerId, ...input } = newMembersCredential(body);
  if (!ownerId) throw invalidField("UserGUID", "Name the user this credential acts as");
  return { ...input, ownerId };
}

/** As it may come with the users of a new tenant, one of whom it acts as. */
function newMembersCredential(body: Record<string, unknown>) {
  const input = shaped(credentialBody, body);
  return {
    id: input.GUID,
    ownerId: input.UserGUID,
    name: name(input.Name),
    active: input.Active ?? true,
    scopes: input.Scopes ?? ["all" as const],
    graphGuids: input.GraphGUIDs,
    /** Undefined: the server makes one. Null: none. */
    token: input.BearerToken === "" ? null : input.BearerToken,
  };
}

/** A whole object replaces what is stored, but for the secret, scopes and graphs that it leaves out. */
export function credentialChange(body: Record<string, unknown>, headers: Headers) {
  const input = shaped(credentialBody, body);
  return {
    ownerId: input.UserGUID,
    change: {
      name: name(input.Name),
      active: input.Active ?? true,
      scopes: input.Scopes,
      graphGuids: input.GraphGUIDs,
      token: input.BearerToken ?? undefined,
      ...seen(input.LastUpdateUtc, headers),
    },
  };
}

const name = (given: string | undefined): string => (given?.trim() ? cleanName(given) : "");

/** What the caller says it read: by If-Match, or by the time of the last update. */
function seen(lastUpdate: string | undefined, headers: Headers) {
  return {
    expectedVersion: versionsIn(headers.get("if-match")),
    expectedUpdatedAt: lastUpdate === undefined ? undefined : utc(lastUpdate),
  };
}

/** A time without an offset is in UTC here, whatever the server's zone. */
function utc(time: string): Date | undefined {
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** The role that the two flags stand for. One that is left out stays as it is, and so do roles that the dialect has no flag for. */
const roleBy =
  ({ IsSystemAdmin, IsTenantAdmin }: Pick<z.output<typeof userBody>, "IsSystemAdmin" | "IsTenantAdmin">) =>
  (now: UserRole): UserRole => {
    const [wasSystem, wasTenant] = [now === "backoffice", now === "org_admin" || now === "backoffice"];
    if (IsSystemAdmin ?? wasSystem) return "backoffice";
    if (IsTenantAdmin ?? wasTenant) return "org_admin";
    return wasTenant ? "app_user" : now;
  };

/** What stands for a password wherever a user is shown. Shorter than any that is accepted. */
export const PASSWORD_MASK = "********";

export function newUser(body: Record<string, unknown>) {
  const input = shaped(userBody, body);
  refuseEmpty(input, ["FirstName", "LastName", "Email", "Password"]);
  return {
    id: input.GUID,
    email: input.Email ?? "",
    firstName: input.FirstName,
    lastName: input.LastName,
    password: input.Password,
    active: input.Active ?? true,
    role: roleBy(input)("app_user"),
  };
}

export function userChange(body: Record<string, unknown>, headers: Headers) {
  const input = shaped(userBody, body);
  refuseEmpty(input, ["FirstName", "LastName", "Email", "Password"]);
  return {
    email: input.Email,
    firstName: input.FirstName,
    lastName: input.LastName,
    password: input.Password === PASSWORD_MASK ? undefined : input.Password,
    active: input.Active ?? true,
    role: roleBy(input),
    ...seen(input.LastUpdateUtc, headers),
  };
}

/**
 * What somebody who is no administrator may change of their own record. The rest may be sent as it is.
 * @throws Refusal "forbidden" for anything else that would be changed
 */
export function ownChange(body: Record<string, unknown>, headers: Headers, before: UserView) {
  const { email, active, role, ...change } = userChange(body, headers);
  const changed = [
    email !== undefined && email.trim() !== before.email ? "Email" : undefined,
    active ? undefined : "Active",
    role(before.role) === before.role ? undefined : "IsTenantAdmin",
  ].find(Boolean);
  if (changed) throw new Refusal("forbidden", `${changed} is for an administrator to change`);
  return change;
}

export function newTenant(body: Record<string, unknown>) {
  const input = shaped(tenantBody, body);
  // LiteGraph lets tenants share a name; here it is what people name at sign-in, so the second one is told its own.
  return { id: input.GUID, name: input.Name ?? "", active: input.Active ?? true, nameClash: "number" as const };
}

/** A tenant with its users and credentials. @throws Refusal "malformed"; "invalid" naming the part, and for graphs */
export async function newOnboarding(body: Record<string, unknown>) {
  const input = shaped(onboardingBody, body);
  if (input.Graphs?.length) throw invalidField("Graphs", "There are no graphs here: leave them out");
  return {
    organization: await inPart(["Tenant"], () => newTenant(input.Tenant)),
    people: await eachOf("Users", input.Users, newUser),
    tokens: await eachOf("Credentials", input.Credentials, newMembersCredential),
  };
}

const eachOf = <T>(
  name: string,
  given: Record<string, unknown>[] | null | undefined,
  read: (one: Record<string, unknown>) => T,
) => Promise.all((given ?? []).map((one, at) => inPart([name, at], () => read(one))));

export function tenantChange(body: Record<string, unknown>, headers: Headers) {
  const input = shaped(tenantBody, body);
  refuseEmpty(input, ["Name"]);
  return { name: input.Name, active: input.Active ?? true, ...seen(input.LastUpdateUtc, headers) };
}

function refuseEmpty(input: Record<string, unknown>, names: string[]): void {
  const empty = names.find((one) => typeof input[one] === "string" && input[one].trim() === "");
  if (empty) throw invalidField(empty, "Must not be empty");
}
