import "server-only";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { networkOf } from "@/lib/platform/fair-share/network";
import { Refusal } from "@/lib/platform/refusal";

/** Look-ups of secrets that nobody has, in a minute, of one network. A mistyped token in a busy program stays below. */
const UNKNOWN_PER_MINUTE = 300;
const misses = new RateLimiterMemory({ points: UNKNOWN_PER_MINUTE, duration: 60 });

/**
 * Looks up what somebody shows (a token, a link's secret), unless too many that came from this network were nobody's: a
 * look-up costs the database as much as a request that is answered. What is known to be good is looked up all the same, so
 * that a stranger behind the same address keeps nobody out.
 * @throws Refusal "too_many_requests"
 */
export async function unlessGuessing<T>(
  address: string,
  isKnown: boolean,
  lookUp: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const network = networkOf(address);
  if (!isKnown) {
    const missed = await misses.get(network);
    if (missed && missed.consumedPoints >= UNKNOWN_PER_MINUTE) throw tooMany(missed.msBeforeNext);
  }
  const found = await lookUp();
  if (found === undefined) await misses.penalty(network);
  return found;
}

const tooMany = (ms: number) =>
  new Refusal(
    "too_many_requests",
    "Too many tokens or links that nobody has came from your address. Wait before the next one.",
    {
      retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)),
    },
  );
