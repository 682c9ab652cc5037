import "server-only";
import { RateLimiterPostgres, type RateLimiterRes } from "rate-limiter-flexible";
import type { Role } from "@/lib/access/permissions";
import { recordRefusal } from "@/lib/audit";
import { inOrganization, sharedPool, whileAuthenticating } from "@/lib/db";
import type { User } from "@/lib/generated/prisma/client";
import { hmac } from "@/lib/keys";
import { nameKey } from "@/lib/names";
import { Refusal } from "@/lib/refusal";
import { checkPassword, hashPassword, isOutdated } from "./password";
import { beginSession, type SignedIn } from "./sessions";

export interface SignInAttempt {
  email: string;
  password: string;
  /** Needed only by somebody whose address is known to several organisations. */
  organization?: string | undefined;
  address: string;
  userAgent: string;
  requestId: string;
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
  const throttle = await enter(attempt);
  const known = await candidates(attempt);
  const fitting: User[] = [];
  for (const user of known) {
    if ((await checkPassword(user.passwordHash, attempt.password)) && user.status === "active") fitting.push(user);
  }
  if (known.length === 0) await checkPassword(undefined, attempt.password);
  const [user, another] = fitting;
  if (!user) {
    // Nobody waits for the record: it would tell a known address from an unknown one by its time.
    for (const one of known) void recordFailure(one, attempt);
    throw new Refusal("unauthenticated", "E-mail address or password is wrong");
  }
  if (another)
    throw new Refusal("conflict", "Your address belongs to several organisations: name the one to sign in to");
  await throttle.forget();
  await refreshHash(user, attempt.password);
  return beginSession(user, attempt);
}

async function candidates(attempt: SignInAttempt): Promise<User[]> {
  return whileAuthenticating(async (tx) => {
    const users = await tx.user.findMany({
      where: { emailKey: nameKey(attempt.email.trim()) },
      orderBy: { id: "asc" },
      take: CANDIDATES,
    });
    const active = await tx.organization.findMany({
      where: {
        id: { in: users.map((user) => user.orgId) },
        active: true,
        ...(attempt.organization && { name: attempt.organization.trim() }),
      },
      select: { id: true },
    });
    return users.filter((user) => active.some((organization) => organization.id === user.orgId));
  });
}

async function refreshHash(user: User, password: string): Promise<void> {
  if (!user.passwordHash || !isOutdated(user.passwordHash)) return;
  const passwordHash = await hashPassword(password);
  const where = { orgId_id: { orgId: user.orgId, id: user.id } };
  await inOrganization(user.orgId, (tx) => tx.user.update({ where, data: { passwordHash } }));
}

function recordFailure(user: User, attempt: SignInAttempt): Promise<void> {
  const { requestId, address } = attempt;
  const actor = {
    kind: "user",
    orgId: user.orgId,
    id: user.id,
    name: user.email,
    role: user.role as Role,
    requestId,
    address,
  } as const;
  const target = { type: "user", id: user.id, name: user.email } as const;
  return recordRefusal(actor, { action: "user.signed_in", target }, "wrong_password");
}

/** Per account: five free attempts, then doubling waits from 2 seconds to 15 minutes. Forgotten after an hour. */
const FREE_PER_ACCOUNT = 5;
/** Per address of the network: many people may sit behind one. */
const FREE_PER_ADDRESS = 50;
const HOUR = 3_600;
const LONGEST_WAIT = 900;

/** Counts an attempt before it is judged, in the database, so that many instances and parallel attempts count as one. */
async function enter(attempt: SignInAttempt): Promise<{ forget: () => Promise<void> }> {
  const account = hmac("sign-in-throttle", nameKey(attempt.email.trim())).toString("base64url");
  await wait(limiter("sign-in-account"), account, FREE_PER_ACCOUNT);
  await wait(limiter("sign-in-address"), attempt.address, FREE_PER_ADDRESS);
  return {
    forget: async () => {
      await limiter("sign-in-account").delete(account);
    },
  };
}

async function wait(counter: RateLimiterPostgres, key: string, free: number): Promise<void> {
  const blocked = await limiter("sign-in-wait").get(`${counter.keyPrefix}/${key}`);
  if (blocked && blocked.msBeforeNext > 0 && blocked.consumedPoints > 0) throw tooMany(blocked.msBeforeNext);
  const { consumedPoints }: RateLimiterRes = await counter.penalty(key);
  if (consumedPoints < free) return;
  const seconds = Math.min(2 ** (consumedPoints - free + 1), LONGEST_WAIT);
  await limiter("sign-in-wait").set(`${counter.keyPrefix}/${key}`, 1, seconds);
  if (consumedPoints > free) throw tooMany(seconds * 1000);
}

const tooMany = (ms: number) =>
  new Refusal("too_many_requests", "Too many attempts. Wait before you try again.", {
    retryAfterSeconds: Math.ceil(ms / 1000),
  });

const limiters = new Map<string, RateLimiterPostgres>();

function limiter(keyPrefix: string): RateLimiterPostgres {
  const found = limiters.get(keyPrefix);
  if (found) return found;
  const made = new RateLimiterPostgres({
    storeClient: sharedPool(),
    storeType: "pool",
    tableName: "rate_limit",
    tableCreated: true,
    keyPrefix,
    points: Number.MAX_SAFE_INTEGER,
    duration: HOUR,
    clearExpiredByTimeout: false,
  });
  limiters.set(keyPrefix, made);
  return made;
}
