import "server-only";
import pLimit, { type LimitFunction } from "p-limit";
import { Refusal } from "@/lib/platform/refusal";

/**
 * Changes of one credential that arrive together are made one after the other, in the order in which they came, each from
 * what the one before it left: none is refused because somebody else was at it. Between instances the version decides.
 */
const turns = new Map<string, LimitFunction>();
/** Changes of one credential that may wait in this process. */
const WAITING_MAX = 200;

/** @throws Refusal "unavailable" when too many wait for the same credential */
export async function inTurn<T>(orgId: string, id: string, work: () => Promise<T>): Promise<T> {
  const key = `${orgId}/${id.toLowerCase()}`;
  const turn = turns.get(key) ?? pLimit(1);
  if (turn.activeCount + turn.pendingCount >= WAITING_MAX) {
    throw new Refusal("unavailable", "Too many changes of this credential wait already. Try again in a moment.", {
      retryAfterSeconds: 1,
    });
  }
  turns.set(key, turn);
  try {
    return await turn(work);
  } finally {
    if (turn.activeCount + turn.pendingCount === 0) turns.delete(key);
  }
}

/** How long a change without an expected version is made anew because other instances are faster. */
const RIVALS_MS = 10_000;

/**
 * Tries to make a change until it took, or until other instances have been faster for ten seconds.
 * @param attempt answers undefined when somebody else was faster and it is to be made anew
 */
export async function untilMade<T>(attempt: () => Promise<T | undefined>): Promise<T | undefined> {
  const until = performance.now() + RIVALS_MS;
  for (let tries = 1; ; tries++) {
    const made = await attempt();
    if (made !== undefined || performance.now() > until) return made;
    // Rivals of several instances would lose in step otherwise. The first tries cost nobody anything.
    if (tries > 2) await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** tries, 200)));
  }
}
