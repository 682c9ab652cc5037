import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { assertCan, requireRecentPassword } from "@/lib/authorization/authorize";
import { markOf, type SetUp, UNMARKED } from "@/lib/authorization/confirmation";
import type { User } from "@/lib/generated/prisma/client";
import { endTokens } from "@/lib/identity/tokens";
import { type AuditEntry, lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { inSight, isDuplicate, type Transaction, wholeOf } from "@/lib/platform/db";
import { nameKey } from "@/lib/platform/names";
import { holds, type Read, requireUnchanged, updatedAfter } from "@/lib/platform/optimistic-lock";
import { invalidField, notFound, Refusal } from "@/lib/platform/refusal";
import type { UserRole } from "@/lib/vocabulary/permissions";
import { shareOfPerson } from "../sign-in/hashing";
import { hashPassword } from "../sign-in/password";
import { keepAnAdministrator, requireReach } from "./administrators";
import { wasDeactivatedWithOrganization } from "./deactivate";
import { heirOf, transferHoldings } from "./hand-over";
import { addressTaken, cleanEmail, namesOf, targetOf, type UserView, viewOf } from "./view";

export interface PersonChange extends Read {
  firstName?: string | undefined;
  lastName?: string | undefined;
  email?: string | undefined;
  /** The new role, or what becomes of the one at hand. Only the platform makes platform administrators. */
  role?: UserRole | ((now: UserRole) => UserRole) | undefined;
  /** False shuts the person out: sessions end, API tokens stop within a second. True lets them in again. */
  active?: boolean | undefined;
  /** Whoever takes over their credentials and grants, when they are shut out. */
  heirId?: string | undefined;
  /** A password set for them; they are told it by other ways. */
  password?: string | undefined;
}

/**
 * Changes a person. A new role, address or password, and shutting out, end their sessions; a new role, address or
 * password asks for a password check of the last five minutes.
 * @throws Refusal "not_found"; "forbidden" for an administrator of the platform, but to one; "conflict" for a taken address
 * and for the last administrator; "version_mismatch"; "invalid" naming the field
 */
export function updatePerson(actor: Actor, id: string, change: PersonChange): Promise<UserView> {
  const target = { type: "user", id } as const;
  return withAuthorization(actor, "people:manage", { action: "user.updated", target }, async () => {
    if (change.password !== undefined) requireRecentPassword(actor);
    const passwordHash =
      change.password === undefined ? undefined : await hashPassword(change.password, shareOfPerson(actor));
    return inSight(wholeOf(actor.orgId), async (tx) => {
      const row = await personToChange(tx, actor, id);
      const next = nextOf(row, change, passwordHash);
      const state = await requireUnchanged(tx, row, change, () => holds(row, next));
      if (state === "done") return viewOf(tx, row);
      if (next.role === "backoffice" && row.role !== next.role) assertCan(actor, "platform:manage");
      const fields = Object.keys(next).filter((name) => next[name as keyof typeof next] !== row[name as keyof User]);
      const ends = ["role", "emailKey", "passwordHash", "status"].some((name) => fields.includes(name));
      if (["role", "emailKey", "passwordHash"].some((name) => fields.includes(name))) requireRecentPassword(actor);
      await keepAnAdministrator(tx, row, next);
      const stored = await write(tx, actor, row, { ...next, ...(await markFor(tx, actor, row, next, fields)) }, ends);
      const passedOn = await passOn(tx, actor, stored, change);
      await record(tx, actor, ...eventsOf(row, stored, fields).map((event) => ({ ...event, ...passedOn(event) })));
      return viewOf(tx, stored);
    });
  });
}

/** What goes to an heir when somebody is shut out; named in the event that says so. */
async function passOn(tx: Transaction, actor: Actor, { id, status }: User, { heirId }: PersonChange) {
  if (heirId === undefined) return () => ({});
  if (status !== "inactive") throw invalidField("heir_id", "Somebody takes over only when this person is shut out");
  const heir = await heirOf(tx, actor, id, heirId);
  const fields = await transferHoldings(tx, actor, id, { heir, withGrants: true });
  await tx.accessGrant.deleteMany({ where: { orgId: actor.orgId, subjectId: id } });
  return ({ action }: AuditEntry) => (action === "user.disabled" ? { fields } : {});
}

/** Lets a person in again, or shuts them out; then an heir may take over what is theirs. @throws Refusal as `updatePerson` */
export const setPersonActive = (actor: Actor, id: string, active: boolean, heirId?: string): Promise<UserView> =>
  updatePerson(actor, id, { active, heirId });

function nextOf(row: User, change: PersonChange, passwordHash: string | undefined) {
  const email = change.email === undefined ? row.email : cleanEmail(change.email);
  const hash = passwordHash ?? row.passwordHash;
  const shut = change.active === undefined ? row.status === "inactive" : !change.active;
  return {
    email,
    emailKey: nameKey(email),
    ...namesOf(email, { firstName: change.firstName ?? row.firstName, lastName: change.lastName ?? row.lastName }),
    role: (typeof change.role === "function" ? change.role(row.role as UserRole) : change.role) ?? row.role,
    passwordHash: hash,
    status: shut ? "inactive" : hash ? "active" : "pending",
  };
}

/**
 * A new way in, and a role, that an administrator of the platform gives somebody wait for the organisation; not so what its people
 * had when it was shut out as a whole, for nobody would be left to confirm it. A password set at home is known there alone.
 */
async function markFor(
  tx: Transaction,
  actor: Actor,
  row: User,
  next: { status: string },
  fields: string[],
): Promise<Partial<SetUp>> {
  const isNew = ["role", "emailKey", "passwordHash"].some((name) => fields.includes(name));
  const letIn = row.status === "inactive" && next.status !== "inactive";
  if (actor.role !== "delegated_admin") return fields.includes("passwordHash") ? UNMARKED : {};
  return isNew || (letIn && !(await wasDeactivatedWithOrganization(tx, row))) ? markOf(actor) : {};
}

async function write(
  tx: Transaction,
  actor: Actor,
  row: User,
  next: ReturnType<typeof nextOf> & Partial<SetUp>,
  endSessions: boolean,
): Promise<User> {
  const { orgId, id } = row;
  if (endSessions) {
    await tx.session.deleteMany({ where: { orgId, userId: id } });
    await tx.personLink.deleteMany({ where: { orgId, userId: id } });
  }
  const raised = endSessions ? { securityStamp: { increment: 1 } } : {};
  const data = { ...next, ...raised, updatedAt: updatedAfter(row), modifiedBy: actor.name, version: { increment: 1 } };
  try {
    return await tx.user.update({ where: { orgId_id: { orgId, id } }, data });
  } catch (error) {
    throw isDuplicate(error) ? addressTaken() : error;
  }
}

/** Fields by the names people know; the switch is an event of its own. */
function eventsOf(before: User, after: User, fields: string[]): AuditEntry[] {
  const told = fields.flatMap((name) => names[name] ?? []);
  const target = targetOf(after);
  const version = after.version;
  const shut = after.status === "inactive";
  const events: AuditEntry[] = [];
  if (told.length > 0) events.push({ action: "user.updated", target, fields: told, version });
  if (shut !== (before.status === "inactive")) {
    events.push({ action: shut ? "user.disabled" : "user.enabled", target, version });
  }
  return events.length > 0 ? events : [{ action: "user.updated", target, version }];
}

const names: Record<string, string> = {
  email: "email",
  firstName: "first_name",
  lastName: "last_name",
  role: "role",
  passwordHash: "password",
};

/**
 * Deletes a person: sessions and links end, their API tokens with them. Their credentials are the heir's from then on (see `heirOf`);
 * what was granted to them is handed on to an heir who is named, and ends otherwise. What they did stays in the audit log.
 * @throws Refusal "not_found"; "forbidden"; "conflict" for oneself and for the last administrator; "invalid" for an unfit heir
 */
export function deletePerson(
  actor: Actor,
  id: string,
  { heirId }: { heirId?: string | undefined } = {},
): Promise<void> {
  const target = { type: "user", id } as const;
  return withAuthorization(actor, "people:manage", { action: "user.deleted", target }, () =>
    inSight(wholeOf(actor.orgId), async (tx) => {
      const { orgId } = actor;
      const row = await personToChange(tx, actor, id);
      if (actor.kind === "user" && actor.id === id) throw new Refusal("conflict", "Nobody can delete themselves");
      await keepAnAdministrator(tx, row, null);
      await endTokens(tx, actor, { userId: id });
      await tx.session.deleteMany({ where: { orgId, userId: id } });
      await tx.personLink.deleteMany({ where: { orgId, userId: id } });
      const heir = await heirOf(tx, actor, row.id, heirId);
      const fields = await transferHoldings(tx, actor, row.id, { heir, withGrants: heirId !== undefined });
      await tx.user.delete({ where: { orgId_id: { orgId, id } } });
      await record(tx, actor, { action: "user.deleted", target: targetOf(row), fields });
    }),
  );
}

/** The row, under the organisation's lock, if the actor may change it. */
export async function personToChange(tx: Transaction, actor: Actor, id: string): Promise<User> {
  await lockOrganization(tx, actor.orgId);
  const row = await tx.user.findUnique({ where: { orgId_id: { orgId: actor.orgId, id } } });
  if (!row) throw notFound();
  requireReach(actor, row);
  return row;
}
