import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { UNMARKED } from "@/lib/authorization/confirmation";
import type { User } from "@/lib/generated/prisma/client";
import { type AuditEntry, lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { holds, type Read, requireUnchanged, updatedAfter } from "@/lib/platform/optimistic-lock";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { shareOfPerson } from "../sign-in/hashing";
import { hashPassword } from "../sign-in/password";
import { confirmedByOwnPassword } from "./own";
import { type Names, namesOf, targetOf, type UserView, viewOf } from "./view";

/** What one may know and change of oneself. */
const itself = (actor: Actor) => ({
  target: { type: "user", id: actor.id } as const,
  where: { orgId_id: { orgId: actor.orgId, id: actor.id } },
});

/** The actor's own person. @throws Refusal "forbidden" for programs, and for whoever waits for a confirmation */
export function ownProfile(actor: Actor): Promise<UserView> {
  const { target, where } = itself(actor);
  return withAuthorization(actor, "profile:read", { action: "user.read", target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const row = await tx.user.findUnique({ where });
      if (!row) throw notFound();
      return viewOf(tx, row);
    }),
  );
}

export interface ProfileChange extends Names, Read {
  /** A new password of one's own. */
  password?: string | undefined;
}

/**
 * Changes how one is called, and one's password; role, address and state are an administrator's to change. The password is changed
 * by whoever has proved the present one with this very request and came with no token: every session ends then, and every token
 * that stood for a password.
 * @throws Refusal "forbidden" as `ownProfile`, and for a password without that proof; "version_mismatch"; "invalid" naming the field
 */
export function updateOwnProfile(actor: Actor, change: ProfileChange): Promise<UserView> {
  const { target, where } = itself(actor);
  return withAuthorization(actor, "profile:update", { action: "user.updated", target }, async () => {
    const passwordHash = change.password === undefined ? undefined : await provedHash(actor, change.password);
    return inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const row = await tx.user.findUnique({ where });
      if (!row) throw notFound();
      const { firstName = row.firstName, lastName = row.lastName } = change;
      const names = namesOf(row.email, { firstName, lastName });
      const isDone = () => passwordHash === undefined && holds(row, names);
      if ((await requireUnchanged(tx, row, change, isDone)) === "done") return viewOf(tx, row);
      const secret = passwordHash === undefined ? {} : await withPassword(tx, actor, passwordHash);
      const stored = await tx.user.update({
        where,
        data: {
          ...names,
          ...secret,
          version: { increment: 1 },
          updatedAt: updatedAfter(row),
          modifiedBy: actor.name,
        },
      });
      await record(tx, actor, ...eventsOf(row, stored));
      return viewOf(tx, stored);
    });
  });
}

/** A new password is an event of its own, the same one at every door. */
function eventsOf(before: User, after: User): AuditEntry[] {
  const { version } = after;
  const target = targetOf(after);
  const fields = [
    ...(after.firstName === before.firstName ? [] : ["first_name"]),
    ...(after.lastName === before.lastName ? [] : ["last_name"]),
  ];
  const isNew = after.passwordHash !== before.passwordHash;
  const events: AuditEntry[] = [];
  if (isNew) events.push({ action: "user.password_changed", target, fields: ["password"], version });
  if (!isNew || fields.length > 0) events.push({ action: "user.updated", target, fields, version });
  return events;
}

async function provedHash(actor: Actor, password: string): Promise<string> {
  if (!actor.passwordCheckedAt || actor.tokenId || actor.sessionId)
    throw new Refusal("forbidden", "Send your present password with the request to change it");
  return hashPassword(password, shareOfPerson(actor));
}

/** What ends with the old password, and what the new one changes of the row. */
async function withPassword(tx: Transaction, actor: Actor, passwordHash: string) {
  const confirmed = await confirmedByOwnPassword(tx, actor);
  await tx.session.deleteMany({ where: { orgId: actor.orgId, userId: actor.id } });
  await tx.personLink.deleteMany({ where: { orgId: actor.orgId, userId: actor.id } });
  return { passwordHash, securityStamp: { increment: 1 }, ...(confirmed && UNMARKED) };
}
