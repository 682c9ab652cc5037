import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "@/lib/platform/refusal";

/** How long tokens that a provider gives once are kept while the database is away, and how often they are tried. */
const KEEP_MS = 10 * 60_000;
const FIRST_WAIT_MS = 200;
const nextWaitMs = (waitMs: number) => Math.min(2_000, waitMs * 2);

/** Whether an attempt may go through later, or has and was not heard of. */
const isUnknown = (error: unknown) => error instanceof Refusal && error.code === "unavailable";

/**
 * Tries until it is known what became of it, or it has taken too long. An attempt must do no harm after one that went
 * through unheard.
 * @throws what the last attempt threw
 */
export async function outlast<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isUnknown(error)) throw error;
  }
  return tryAgain(attempt);
}

/** The same for what has been tried once and may yet go through: it begins with a wait. */
export async function tryAgain<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + KEEP_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = nextWaitMs(waitMs)) {
    await sleep(waitMs, undefined, { ref: false });
    try {
      return await attempt();
    } catch (error) {
      if (!isUnknown(error) || performance.now() >= giveUpAt) throw error;
    }
  }
}
