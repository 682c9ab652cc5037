import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "@/lib/refusal";

/** How long tokens that a provider gives once are kept while the database is away, and how often they are tried. */
export const KEEP_MS = 10 * 60_000;
export const FIRST_WAIT_MS = 200;
export const nextWaitMs = (waitMs: number) => Math.min(2_000, waitMs * 2);

/** Whether an attempt may go through later, or has and was not heard of. */
export const isUnknown = (error: unknown) => error instanceof Refusal && error.code === "unavailable";

/**
 * Tries until it is known what became of it, or it has taken too long. An attempt must do no harm after one that went
 * through unheard.
 * @throws what the last attempt threw
 */
export async function outlast<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + KEEP_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = nextWaitMs(waitMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnknown(error) || performance.now() >= giveUpAt) throw error;
      await sleep(waitMs, undefined, { ref: false });
    }
  }
}
