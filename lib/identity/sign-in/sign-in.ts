import "server-only";
import type { User } from "@/lib/generated/prisma/client";
import { recordRefusal } from "@/lib/platform/audit";
import { inOrganization, whileAuthenticating } from "@/lib/platform/db";
import { nameKey } from "@/lib/platform/names";
import { Refusal } from "@/lib/platform/refusal";
import { actorOf, beginSession, type StartedSession } from "../sessions/sessions";
import { accountKey, deviceOf, markedDevice } from "./devices";
import { isOutdated, shareOfPerson, shareOfStranger } from "./hashing";
import { hashPassword } from "./password";
import { authenticatePassword } from "./password-attempt";
import { signInThrottle } from "./throttle";

export interface PasswordAttempt {
  email: string;
  password: string;
  /** By name or by id; needed only by somebody whose address is known to several organisations. */
  organization?: string | undefined;
  organizationId?: string | undefined;
  address: string;
  requestId: string;
}

export interface SignInAttempt extends PasswordAttempt {
  userAgent: string;
  /** What the browser keeps from earlier sign-ins, see `devices.ts`. */
  devices?: string | undefined;
}

/** A session that has begun, and what its browser is to keep so that it is known next time. */
export type SignInResult = StartedSession & { devices: string };

/**
 * One address may belong to several organisations, each with a password of its own. Without the organisation's name this
 * many hashes are compared each time, whether the address is known to none, to one or to more: time tells nothing, at the
 * price of one hash more than needed for most. With the name there is one person at most, and one hash. More people than
 * these are not tried unnamed: somebody with a password in each of three organisations names the one.
 */
const CANDIDATES = 2;

/**
 * Checks address and password and begins a session. Unknown address, wrong password, inactive person: one answer, one
 * duration.
 * @throws Refusal "unauthenticated"; "too_many_requests" with the seconds to wait; "conflict" when the same password
 * fits in several organisations and none was named
 */
export async function signIn(attempt: SignInAttempt): Promise<SignInResult> {
  const session = await beginSession(await authenticate(attempt), attempt);
  return { ...session, devices: markedDevice(attempt.email, attempt.devices) };
}

/** The person whose address and password these are. @throws Refusal as `signIn` */
export async function authenticate(attempt: PasswordAttempt & Pick<SignInAttempt, "devices">): Promise<User> {
  const { email, password, address, organization, organizationId } = attempt;
  const account = accountKey(email);
  const known = await candidates(attempt);
  const fitting = await authenticatePassword({
    password,
    candidates: known,
    checks: organization || organizationId ? 1 : CANDIDATES,
    share: shareOfStranger(address, account),
    throttle: signInThrottle({ account, address, device: deviceOf(email, attempt.devices) }),
    // Nobody waits for the record: it would tell a known address from an unknown one by its time.
    onWrong: () => known.map((user) => recordFailure(user, attempt)),
  });
  const active = fitting.filter((user) => user.status === "active" && user.organizationActive);
  const [user, another] = active;
  if (!user) {
    // Only to somebody who knew the password does a door say more than that.
    const details = fitting.length > 0 ? { details: { inactive: true } } : {};
    throw new Refusal("unauthenticated", "E-mail address or password is wrong", details);
  }
  if (another)
    throw new Refusal("conflict", "Your address belongs to several organisations: name the one to sign in to");
  await refreshHash(user, password);
  return user;
}

/** Among these the named organisation is looked for. */
const LOOKED_AT = 100;

async function candidates(attempt: PasswordAttempt): Promise<(User & { organizationActive: boolean })[]> {
  const { organization, organizationId } = attempt;
  return whileAuthenticating(async (tx) => {
    const users = await tx.user.findMany({
      where: { emailKey: nameKey(attempt.email.trim()), ...(organizationId && { orgId: organizationId }) },
      // Those who come most often first; a name may still choose any of the others.
      orderBy: [{ lastSignInAt: { sort: "desc", nulls: "last" } }, { id: "asc" }],
      take: LOOKED_AT,
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
    const known = users.flatMap((user) => {
      const organizationActive = active.get(user.orgId);
      return organizationActive === undefined ? [] : [{ ...user, organizationActive }];
    });
    return known.slice(0, CANDIDATES);
  });
}

async function refreshHash(user: User, password: string): Promise<void> {
  if (!user.passwordHash || !isOutdated(user.passwordHash)) return;
  const passwordHash = await hashPassword(password, shareOfPerson(user));
  const where = { orgId_id: { orgId: user.orgId, id: user.id } };
  await inOrganization(user.orgId, (tx) => tx.user.update({ where, data: { passwordHash } }));
}

function recordFailure(user: User, attempt: PasswordAttempt): Promise<void> {
  const target = { type: "user", id: user.id, name: user.email } as const;
  return recordRefusal(actorOf(user, attempt), { action: "user.signed_in", target }, "wrong_password");
}
