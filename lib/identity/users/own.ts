import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { isUnconfirmed, type SetUp, UNMARKED } from "@/lib/authorization/confirmation";
import type { User } from "@/lib/generated/prisma/client";
import { type AuditAction, lockOrganization, record, recordRefusal } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { invalidField, notFound, Refusal } from "@/lib/platform/refusal";
import { shareOfPerson } from "../sign-in/hashing";
import { hashPassword } from "../sign-in/password";
import { authenticatePassword } from "../sign-in/password-attempt";
import { stepUpThrottle } from "../sign-in/throttle";
import { handOver, isFounder } from "./administrators";
import { targetOf } from "./view";

/**
 * Changes one's own password. Every other session ends; the one at hand goes on under the new security stamp.
 * For the founder of an organisation, the password that the platform knew ends here, and with it their waiting.
 * @throws Refusal "invalid" when the present password is wrong or the new one is not acceptable; "unauthenticated" when
 * it was wrong so often that the session has ended
 */
export async function changePassword(actor: Actor, present: string, next: string): Promise<void> {
  const self = await ownRow(actor);
  if (!(await isOwn(actor, self, present, "user.password_changed")))
    throw invalidField("present", "Is not your present password");
  const passwordHash = await hashPassword(next, shareOfPerson(self), "next");
  await inOrganization(actor.orgId, async (tx) => {
    await lockOrganization(tx, actor.orgId);
    const confirmed = await confirmedByOwnPassword(tx, actor);
    const securityStamp = await raiseSecurityStamp(tx, actor, { passwordHash, ...(confirmed && UNMARKED) });
    await keepThisSession(tx, actor, securityStamp);
    await record(tx, actor, { action: "user.password_changed", target: targetOf(self), fields: ["password"] });
  });
}

/** Judged by the row as it is under the lock: what the platform did meanwhile is not undone by it. */
export async function confirmedByOwnPassword(tx: Transaction, { orgId, id }: Actor): Promise<boolean> {
  const self = await tx.user.findUnique({ where: { orgId_id: { orgId, id } } });
  if (!self) throw notFound();
  if (!isUnconfirmed(self)) return true;
  if (!(await isFounder(tx, self))) return false;
  await handOver(tx, self);
  return true;
}

/** Ends every session of the actor's, the one at hand included. */
export async function signOutEverywhere(actor: Actor): Promise<void> {
  const self = await ownRow(actor);
  await inOrganization(actor.orgId, async (tx) => {
    await raiseSecurityStamp(tx, actor, {});
    await tx.session.deleteMany({ where: { orgId: actor.orgId, userId: actor.id } });
    await record(tx, actor, { action: "user.signed_out_everywhere", target: targetOf(self) });
  });
}

/**
 * Proves the password again for the acts that ask for it.
 * @throws Refusal "invalid" when it is wrong; "unauthenticated" when it was so often enough to end the session
 */
export async function confirmPassword(actor: Actor, password: string): Promise<void> {
  const self = await ownRow(actor);
  if (!(await isOwn(actor, self, password, "user.password_confirmed")))
    throw invalidField("password", "Is not your password");
  await inOrganization(actor.orgId, (tx) =>
    tx.session.updateMany({
      where: { orgId: actor.orgId, id: actor.sessionId ?? "" },
      data: { passwordCheckedAt: clock.now() },
    }),
  );
}

async function isOwn(actor: Actor, self: User, password: string, action: AuditAction): Promise<boolean> {
  const fitting = await authenticatePassword({
    password,
    candidates: [self],
    checks: 1,
    share: shareOfPerson(self),
    throttle: stepUpThrottle(actor.sessionId ?? "", () => endForGuessing(actor, self)),
    onWrong: () => recordRefusal(actor, { action, target: targetOf(self) }, "wrong_password"),
  });
  return fitting.length > 0;
}

/** A session in which somebody guesses is over. */
const endForGuessing = (actor: Actor, self: User): Promise<void> =>
  inOrganization(actor.orgId, async (tx) => {
    const ended = await tx.session.deleteMany({ where: { orgId: actor.orgId, id: actor.sessionId ?? "" } });
    if (ended.count > 0)
      await record(tx, actor, { action: "user.signed_out", target: targetOf(self), reason: "wrong_passwords" });
  });

/** These three act on oneself alone, so being a signed-in person is all they ask. */
async function ownRow(actor: Actor): Promise<User> {
  if (actor.kind !== "user" || !actor.sessionId) throw new Refusal("forbidden", "Sign in to the console to do this");
  const where = { orgId_id: { orgId: actor.orgId, id: actor.id } };
  const row = await inOrganization(actor.orgId, (tx) => tx.user.findUnique({ where }));
  if (!row) throw notFound();
  return row;
}

async function raiseSecurityStamp(
  tx: Transaction,
  actor: Actor,
  change: { passwordHash?: string } & Partial<SetUp>,
): Promise<number> {
  const row = await tx.user.update({
    where: { orgId_id: { orgId: actor.orgId, id: actor.id } },
    data: { ...change, securityStamp: { increment: 1 }, updatedAt: clock.now(), modifiedBy: actor.name },
  });
  return row.securityStamp;
}

async function keepThisSession(tx: Transaction, actor: Actor, securityStamp: number): Promise<void> {
  await tx.session.deleteMany({ where: { orgId: actor.orgId, userId: actor.id, id: { not: actor.sessionId ?? "" } } });
  await tx.session.updateMany({
    where: { orgId: actor.orgId, id: actor.sessionId ?? "" },
    data: { securityStamp, passwordCheckedAt: clock.now() },
  });
}
