import "server-only";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { sharedPool } from "@/lib/platform/db";
import { networkOf } from "@/lib/platform/fair-share/network";
import { Refusal } from "@/lib/platform/refusal";
import { addDelay, type BackoffKey, FREE, isMarked, lift, mark, secondsBlocked } from "./backoff";

/** What stands before every check of a password. */
export interface Throttle {
  /** Writes nothing. @throws Refusal "too_many_requests" with the seconds to wait */
  assertNotBlocked: () => Promise<void>;
  /** Counts an attempt before it is judged. @throws Refusal when attempts under way have used up what is free */
  consumeAttempt: () => Promise<Attempt>;
}

export interface Attempt {
  /** Takes the count back, and every wait that it led to. */
  right: () => Promise<void>;
  /** The count stays. */
  wrong: () => Promise<void>;
}

const HOUR = 3_600;
const LONGEST_WAIT_SECONDS = 900;

interface Who {
  /** What an account is counted under, see `accountKey`. */
  account: string;
  address: string;
  /** The browser, when it has signed in to this account before. */
  device: string | undefined;
}

/**
 * Before a sign-in. A stranger's failures slow that stranger, and spread-out guessing slows strangers only: a browser that
 * the account knows is counted by itself, and a network that it signed in from of late does not share in the strangers'
 * ceiling. See docs/decisions/2026-11-28-sign-in-stays-open.md.
 */
export function signInThrottle({ account, address, device }: Who): Throttle {
  const network = networkOf(address);
  const here = `${account}/${network}`;
  if (device) return throttleOver([["sign-in-device", `${account}/${device}`]], () => mark(here));
  const always: BackoffKey[] = [
    ["sign-in-network", network],
    ["sign-in", here],
  ];
  const ofStrangers: BackoffKey = ["sign-in-account", account];
  const choose = async () => throttleOver((await isMarked(here)) ? always : [...always, ofStrangers], () => mark(here));
  let chosen: Promise<Throttle> | undefined;
  const throttle = () => {
    chosen ??= choose();
    return chosen;
  };
  return {
    assertNotBlocked: async () => (await throttle()).assertNotBlocked(),
    consumeAttempt: async () => (await throttle()).consumeAttempt(),
  };
}

function throttleOver(keys: readonly BackoffKey[], onRight: () => Promise<void>): Throttle {
  return {
    async assertNotBlocked() {
      const ms = await secondsBlocked(keys);
      if (ms > 0) throw tooMany(ms);
    },
    async consumeAttempt() {
      const counted: Counted[] = [];
      try {
        for (const key of keys) counted.push(await countOne(key));
      } catch (error) {
        for (const one of counted) await uncount(one);
        throw error;
      }
      return {
        async right() {
          for (const one of counted) await forgive(one);
          await onRight();
        },
        wrong: async () => undefined,
      };
    },
  };
}

interface Counted {
  key: BackoffKey;
  /** Failures of this hour, this attempt included. */
  points: number;
}

/** With the last free one a wait begins, before anything is judged: of parallel attempts no more are judged than of a row. */
async function countOne(key: BackoffKey): Promise<Counted> {
  const [name, of] = key;
  const { consumedPoints: points } = await limiter(name).penalty(of);
  const over = points - FREE[name];
  if (over < 0) return { key, points };
  const seconds = Math.min(2 ** Math.min(over + 1, 10), LONGEST_WAIT_SECONDS);
  if (await addDelay(key, seconds)) return { key, points };
  await limiter(name).reward(of);
  throw tooMany((await secondsBlocked([key])) || 1_000);
}

async function uncount({ key, points }: Counted): Promise<void> {
  await limiter(key[0]).reward(key[1]);
  if (points >= FREE[key[0]]) await lift([key]);
}

/** Whoever knows the password did not guess it here. What is counted over several people is taken back for this one only. */
async function forgive(one: Counted): Promise<void> {
  const [name, of] = one.key;
  if (name === "sign-in-network" || name === "sign-in-account") return uncount(one);
  await limiter(name).delete(of);
  await lift([one.key]);
}

/** Wrong passwords in one session, after which it ends: whoever has the cookie and not the password is not its owner. */
const STEP_UPS = 5;
/** As long as a session may live. */
const STEP_UP_SECONDS = 8 * HOUR;

/**
 * Before a signed-in person's password is asked for again.
 * @param end ends the session; called with the last wrong password that it allows
 */
export function stepUpThrottle(sessionId: string, end: () => Promise<void>): Throttle {
  return {
    // A session that has had its tries is over; there is nothing to wait for.
    assertNotBlocked: async () => undefined,
    async consumeAttempt() {
      const { consumedPoints } = await limiter("step-up", STEP_UP_SECONDS).penalty(sessionId);
      if (consumedPoints > STEP_UPS) throw sessionOver();
      return {
        right: async () => void (await limiter("step-up", STEP_UP_SECONDS).delete(sessionId)),
        async wrong() {
          if (consumedPoints < STEP_UPS) return;
          await end();
          throw sessionOver();
        },
      };
    },
  };
}

const sessionOver = () =>
  new Refusal("unauthenticated", "Your session has ended: the password was wrong too often. Sign in again.");

/** Questions about addresses that a stranger may ask in an hour. */
const LOOKUPS = 30;

/** Counts a look-up of an address by somebody unknown. @throws Refusal "too_many_requests" */
export async function countLookUp(address: string): Promise<void> {
  const network = networkOf(address);
  const before = await limiter("address-look-up").get(network);
  if (before && before.consumedPoints >= LOOKUPS) throw tooMany(before.msBeforeNext);
  const { consumedPoints, msBeforeNext } = await limiter("address-look-up").penalty(network);
  if (consumedPoints > LOOKUPS) throw tooMany(msBeforeNext);
}

const tooMany = (ms: number) =>
  new Refusal("too_many_requests", "Too many attempts. Wait before you try again.", {
    retryAfterSeconds: Math.ceil(ms / 1000),
  });

const limiters = new Map<string, RateLimiterPostgres>();

/** In the database, so that many instances count as one. */
export function limiter(keyPrefix: string, duration = HOUR): RateLimiterPostgres {
  const found = limiters.get(keyPrefix);
  if (found) return found;
  const made = new RateLimiterPostgres({
    storeClient: sharedPool(),
    storeType: "pool",
    tableName: "rate_limit",
    tableCreated: true,
    keyPrefix,
    points: Number.MAX_SAFE_INTEGER,
    duration,
    clearExpiredByTimeout: false,
  });
  limiters.set(keyPrefix, made);
  return made;
}
