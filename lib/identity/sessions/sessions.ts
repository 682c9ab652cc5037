import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { nameBy, roleBy } from "@/lib/authorization/confirmation";
import type { User } from "@/lib/generated/prisma/client";
import { record } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { hasPermission, type Role } from "@/lib/vocabulary/permissions";

/** A console session ends after eight hours, or after thirty minutes without a request. */
export const SESSION_MS = 8 * 3_600_000;
const IDLE_MS = 30 * 60_000;
/** How stale "last seen" may be before it is written again. */
const SEEN_MS = 60_000;

export interface StartedSession {
  orgId: string;
  sessionId: string;
  userId: string;
  email: string;
  name: string;
}

/** The person as an actor. */
export const actorOf = (user: User, { requestId, address }: { requestId: string; address: string }): Actor => ({
  kind: "user",
  orgId: user.orgId,
  id: user.id,
  name: nameBy(user.email, user),
  role: roleBy(user.role as Role, user),
  requestId,
  address,
});

/** Begins a session for somebody whose password was just checked, and records it. */
export async function beginSession(
  user: User,
  where: { address: string; userAgent: string; requestId: string },
): Promise<StartedSession> {
  const now = clock.now();
  const session = {
    orgId: user.orgId,
    id: uuidv7(),
    userId: user.id,
    securityStamp: user.securityStamp,
    address: where.address,
    userAgent: where.userAgent.slice(0, 256),
    expiresAt: new Date(now.getTime() + SESSION_MS),
  };
  const actor = actorOf(user, where);
  await inOrganization(user.orgId, async (tx) => {
    await tx.session.create({ data: session });
    await tx.session.deleteMany({ where: { orgId: user.orgId, expiresAt: { lt: now } } });
    await tx.user.update({ where: { orgId_id: { orgId: user.orgId, id: user.id } }, data: { lastSignInAt: now } });
    await record(tx, actor, { action: "user.signed_in", target: { type: "user", id: user.id, name: user.email } });
  });
  return { orgId: user.orgId, sessionId: session.id, userId: user.id, email: user.email, name: user.name };
}

export interface LiveSession {
  actor: Omit<Actor, "requestId" | "address">;
  userName: string;
  organizationName: string;
  /** Something that an administrator of the platform has set up waits for this person to confirm it. */
  setUpWaits: boolean;
  expiresAt: Date;
}

/**
 * The session if it is alive now: not over, not idle, the user and organisation active, and begun under the user's
 * present security stamp. Asked on every request, so a changed role, password or membership acts at once.
 */
export async function liveSession(orgId: string, sessionId: string): Promise<LiveSession | null> {
  const now = clock.now();
  return inOrganization(orgId, async (tx) => {
    const session = await tx.session.findUnique({ where: { orgId_id: { orgId, id: sessionId } } });
    if (!session || session.expiresAt <= now || now.getTime() - session.lastSeenAt.getTime() > IDLE_MS) return null;
    const [user, organization] = [
      await tx.user.findUnique({ where: { orgId_id: { orgId, id: session.userId } } }),
      await tx.organization.findUnique({ where: { id: orgId } }),
    ];
    if (user?.status !== "active" || user.securityStamp !== session.securityStamp || !organization?.active) return null;
    if (now.getTime() - session.lastSeenAt.getTime() > SEEN_MS) {
      await tx.session.update({ where: { orgId_id: { orgId, id: sessionId } }, data: { lastSeenAt: now } });
    }
    const role = roleBy(user.role as Role, user);
    return {
      actor: {
        kind: "user",
        orgId,
        id: user.id,
        name: nameBy(user.email, user),
        role,
        passwordCheckedAt: session.passwordCheckedAt,
        sessionId,
      },
      userName: user.name,
      organizationName: organization.name,
      setUpWaits: hasPermission(role, undefined, "people:confirm") && (await anythingWaits(tx, orgId)),
      expiresAt: session.expiresAt,
    };
  });
}

/** Asked with each page, so by indexes that hold nothing else. */
async function anythingWaits(tx: Transaction, orgId: string): Promise<boolean> {
  const [answer] = await tx.$queryRaw<{ waits: boolean }[]>`
    SELECT EXISTS (SELECT FROM user_account WHERE org_id = ${orgId}::uuid AND set_up_by IS NOT NULL AND confirmed_at IS NULL)
        OR EXISTS (SELECT FROM api_token WHERE org_id = ${orgId}::uuid AND set_up_by IS NOT NULL AND confirmed_at IS NULL)
        OR EXISTS (SELECT FROM person_link WHERE org_id = ${orgId}::uuid AND set_up_by IS NOT NULL AND confirmed_at IS NULL)
      AS waits`;
  return answer?.waits ?? false;
}

/** Ends one session. Ending one that is gone does nothing. */
export async function endSession(orgId: string, sessionId: string, requestId: string, address: string): Promise<void> {
  await inOrganization(orgId, async (tx) => {
    const session = await tx.session.findUnique({ where: { orgId_id: { orgId, id: sessionId } } });
    if (!session) return;
    const user = await tx.user.findUnique({ where: { orgId_id: { orgId, id: session.userId } } });
    await tx.session.delete({ where: { orgId_id: { orgId, id: sessionId } } });
    if (!user) return;
    const actor = actorOf(user, { requestId, address });
    await record(tx, actor, { action: "user.signed_out", target: { type: "user", id: user.id, name: user.email } });
  });
}
