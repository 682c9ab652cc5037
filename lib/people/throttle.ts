import "server-only";
import { RateLimiterPostgres, type RateLimiterRes } from "rate-limiter-flexible";
import { sharedPool } from "@/lib/db";
import { hmac } from "@/lib/keys";
import { nameKey } from "@/lib/names";
import { Refusal } from "@/lib/refusal";

/** Per account: five free attempts, then doubling waits from 2 seconds to 15 minutes. Forgotten after an hour. */
const FREE_PER_ACCOUNT = 5;
/** Per address of the network: many people may sit behind one. */
const FREE_PER_ADDRESS = 50;
const HOUR = 3_600;
const LONGEST_WAIT = 900;

/** Counts an attempt before it is judged, in the database, so that many instances and parallel attempts count as one. */
export async function enter(attempt: { email: string; address: string }): Promise<{ forget: () => Promise<void> }> {
  const account = hmac("sign-in-throttle", nameKey(attempt.email.trim())).toString("base64url");
  await wait(limiter("sign-in-account"), account, FREE_PER_ACCOUNT);
  await wait(limiter("sign-in-address"), attempt.address, FREE_PER_ADDRESS);
  return {
    forget: async () => {
      await limiter("sign-in-account").delete(account);
      await limiter("sign-in-address").reward(attempt.address);
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

/** Questions about addresses that a stranger may ask in an hour. */
const LOOKUPS = 30;

/** Counts a look-up of an address by somebody unknown. @throws Refusal "too_many_requests" */
export async function countLookUp(address: string): Promise<void> {
  const { consumedPoints, msBeforeNext } = await limiter("address-look-up").penalty(address);
  if (consumedPoints > LOOKUPS) throw tooMany(msBeforeNext);
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
