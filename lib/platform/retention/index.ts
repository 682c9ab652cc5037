import "server-only";
import { whileHousekeeping } from "@/lib/platform/db";
import { log, traceOf } from "@/lib/platform/log";
import { type Kept, kept } from "./retention-rules";

/**
 * Deletes what is past its time, see `retention-rules.ts`. Without it whoever can make rows could fill the database: strangers, too.
 */
const BATCH = 1_000;
/** A batch is a short transaction; so many of each kind in one round. */
const BATCHES = 100;

/**
 * One round; what it does not get done, the next goes on with. One kind that cannot be deleted does not keep the others.
 * @returns the rows deleted, by what they were
 * @throws what the first kind that could not be deleted failed with
 */
export async function deleteExpired(): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  const failures: unknown[] = [];
  for (const one of kept()) {
    try {
      deleted[one.what] = await deleteOld(one);
    } catch (error) {
      log.warn(`${one.what} past their time could not be deleted`, traceOf(error));
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return deleted;
}

async function deleteOld({ sql }: Kept): Promise<number> {
  let sum = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const count = await whileHousekeeping((tx) => tx.$executeRawUnsafe(sql, BATCH));
    sum += count;
    if (count < BATCH) break;
  }
  return sum;
}
