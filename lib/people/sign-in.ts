import "server-only";
import { recordRefusal } from "@/lib/audit";
import { inOrganization, whileAuthenticating } from "@/lib/db";
import type { User } from "@/lib/generated/prisma/client";
import { nameKey } from "@/lib/names";
import { Refusal } from "@/lib/refusal";
import { checkPassword, hashPassword, isOutdated } from "./password";
import { actorOf, beginSession, type SignedIn } from "./sessions";
import { enter } from "./throttle";

export interface Proof {
  email: string;
  password: string;
  /** By name or by id; needed only by somebody whose address is known to several organisations. */
  organization?: string | undefined;
  organizationId?: string | undefined;
  address: string;
  requestId: string;
}

export interface SignInAttempt extends Proof {
  userAgent: string;
}

/** One address may belong to several organisations; more than these are not tried. */
const CANDIDATES = 5;

/**
 * Checks address and password and begins a session. Unknown address, wrong password, inactive person: one answer, one
 * duration.
 * @throws Refusal "unauthenticated"; "too_many_requests" with the seconds to wait; "conflict" when the same password
 * fits in several organisations and none was named
 */
export async function signIn(attempt: SignInAttempt): Promise<SignedIn> {
  return beginSession(await prove(attempt), attempt);
}

/** The person whose address and password these are. @throws Refusal as `signIn` */
export async function prove(attempt: Proof): Promise<User> {
  const throttle = await enter(attempt);
  const known = await candidates(attempt);
  const fitting: User[] = [];
  let shutOut = false;
  for (const user of known) {
    if (!(await checkPassword(user.passwordHash, attempt.password))) continue;
    if (user.status === "active" && user.organizationActive) fitting.push(user);
    else shutOut = true;
  }
  if (known.length === 0) await checkPassword(undefined, attempt.password);
  const [user, another] = fitting;
  if (!user) {
    // Nobody waits for the record: it would tell a known address from an unknown one by its time.
    for (const one of known) void recordFailure(one, attempt);
    // Only to somebody who knew the password does a door say more than that.
    const details = shutOut ? { details: { inactive: true } } : {};
    throw new Refusal("unauthenticated", "E-mail address or password is wrong", details);
  }
  if (another)
    throw new Refusal("conflict", "Your address belongs to several organisations: name the one to sign in to");
  await throttle.forget();
  await refreshHash(user, attempt.password);
  return user;
}

async function candidates(attempt: Proof): Promise<(User & { organizationActive: boolean })[]> {
  const { organization, organizationId } = attempt;
  return whileAuthenticating(async (tx) => {
    const users = await tx.user.findMany({
      where: { emailKey: nameKey(attempt.email.trim()), ...(organizationId && { orgId: organizationId }) },
      orderBy: { id: "asc" },
      take: CANDIDATES,
    });
    const organizations = await tx.organization.findMany({
      where: {
        id: { in: users.map((user) => user.orgId) },
        ...(!organizationId && { active: true }),
        ...(organization && { name: organization.trim() }),
      },
      select: { id: true, active: true },
    });
    const active = new Map(organizations.map((one) => [one.id, one.active]));
    return users.flatMap((user) => {
      const organizationActive = active.get(user.orgId);
      return organizationActive === undefined ? [] : [{ ...user, organizationActive }];
    });
  });
}

async function refreshHash(user: User, password: string): Promise<void> {
  if (!user.passwordHash || !isOutdated(user.passwordHash)) return;
  const passwordHash = await hashPassword(password);
  const where = { orgId_id: { orgId: user.orgId, id: user.id } };
  await inOrganization(user.orgId, (tx) => tx.user.update({ where, data: { passwordHash } }));
}

function recordFailure(user: User, attempt: Proof): Promise<void> {
  const target = { type: "user", id: user.id, name: user.email } as const;
  return recordRefusal(actorOf(user, attempt), { action: "user.signed_in", target }, "wrong_password");
}
