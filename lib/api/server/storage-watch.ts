import "server-only";
import { statement } from "@/lib/platform/db";
import { ready } from "@/lib/platform/readiness";

/** Whether the database can be worked with. */
export interface StorageWatch {
  /** As of the last second. */
  answers: () => Promise<boolean>;
  /** As of now. */
  check: () => Promise<boolean>;
}

const FRESH_MS = 1_000;
/** A database that thinks longer than this is away. */
const CHECK_MS = 3_000;

/** Asks the database, once for all who want to know at the same time. */
export function storageWatch(ask: () => Promise<unknown> = askDatabase, checkMs = CHECK_MS): StorageWatch {
  let latest = { at: Number.NEGATIVE_INFINITY, answered: false };
  let asking: Promise<unknown> | undefined;
  const check = async () => {
    // One question at a time, however long it takes: a database that is silent must not fill up with them.
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    const answered = await inTime(asking, checkMs);
    latest = { at: performance.now(), answered };
    return answered;
  };
  const answers = () => (latest.answered && performance.now() - latest.at < FRESH_MS ? Promise.resolve(true) : check());
  return { answers, check };
}

async function askDatabase(): Promise<void> {
  await ready();
  await statement("health", "SELECT 1", []);
}

/** Whether it was done in time. Never rejects. */
export function inTime(asked: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    // What has arrived while this process was held up counts: it is read before the second wait is over.
    const timer = setTimeout(() => setImmediate(() => resolve(false)), ms);
    const end = (answered: boolean) => {
      clearTimeout(timer);
      resolve(answered);
    };
    asked.then(
      () => end(true),
      () => end(false),
    );
  });
}
