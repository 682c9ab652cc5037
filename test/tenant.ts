import { randomUUID } from "node:crypto";
import { grantAccess } from "@/lib/access";
import type { Actor } from "@/lib/authorization/actor";
import { createUser } from "@/lib/identity";
import { createServiceAccount, issueToken } from "@/lib/identity/tokens";
import { createOrganization, platformActor } from "@/lib/organizations";
import { ready } from "@/lib/platform/readiness";
import type { Role, Scope, UserRole } from "@/lib/vocabulary/permissions";

/** An organisation of a test's own: tests keep apart by never sharing one. Everything is made through the services. */
export interface Tenant {
  orgId: string;
  name: string;
  admin: Actor;
  user: Actor;
  other: Actor;
  auditor: Actor;
  /** May use and manage everything. */
  program: Actor;
  /** An API token for one of the actors. */
  token: (actor: Actor, options?: { scopes?: Scope[]; expiresAt?: Date }) => Promise<string>;
  person: (role: UserRole) => Promise<Actor>;
}

export const PASSWORD = "correct horse battery staple";

export async function tenant(): Promise<Tenant> {
  await ready();
  const requestId = `test-${randomUUID()}`;
  const organization = await createOrganization(platformActor(requestId), { name: `Org ${randomUUID()}` });
  const system = platformActor(requestId, organization.id);
  const person = async (role: UserRole, password?: string): Promise<Actor> => {
    const user = await createUser(system, { email: `${role}-${randomUUID()}@example.test`, role, password });
    return actorOf(organization.id, "user", user.id, user.email, role);
  };
  const account = await createServiceAccount(system, { name: `worker ${randomUUID()}` });
  await grantAccess(system, {
    ...{ subject: { kind: "service_account", id: account.id }, reach: "all", key: "" },
    rights: ["use", "manage"],
  });
  return {
    orgId: organization.id,
    name: organization.name,
    admin: await person("org_admin"),
    user: await person("app_user"),
    other: await person("app_user"),
    auditor: await person("auditor"),
    program: actorOf(organization.id, "service_account", account.id, account.name, "integration"),
    person,
    token: async (actor, options = {}) => {
      const kind = actor.kind === "service_account" ? "service_account" : "user";
      return (await issueToken(system, { name: "test", scopes: ["all"], owner: { kind, id: actor.id }, ...options }))
        .token;
    },
  };
}

const actorOf = (orgId: string, kind: Actor["kind"], id: string, name: string, role: Role): Actor => ({
  kind,
  orgId,
  id,
  name,
  role,
  requestId: `test-${randomUUID()}`,
  address: "192.0.2.1",
  ...(kind === "user" && { passwordCheckedAt: new Date() }),
});

/** Values of an SFTP credential; nothing listens there. */
export const sftpValues = (password = `pw-${randomUUID()}`) => ({
  host: "sftp.example.com",
  port: 22,
  username: "alice",
  password,
});
