import "server-only";
import { statement, whileHousekeeping } from "@/lib/platform/db";
import { log, traceOf } from "@/lib/platform/log";
import { type Kept, kept } from "./retention-rules";

/**
 * Deletes what is past its time, see `kept.ts`. Without it whoever can make rows could fill the database: strangers, too.
 * One instance does a round; what one does not get done, the next goes on with.
 */
const ROUND_MS = 3_600_000;
const BATCH = 1_000;
/** A batch is a short transaction; so many of each kind in one round. */
const BATCHES = 100;

/** One round, unless another instance did one within the hour. Never throws. @returns the rows deleted, by what they were */
export async function keepHouse(): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  try {
    if (!(await claimRound())) return deleted;
  } catch (error) {
    log.warn("the round that deletes what is past its time could not begin", traceOf(error));
    return deleted;
  }
  for (const one of kept) {
    try {
      deleted[one.what] = await deleteOld(one);
    } catch (error) {
      // One kind that cannot be deleted does not keep the others.
      log.warn(`${one.what} past their time could not be deleted`, traceOf(error));
    }
  }
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

const CLAIM = "housekeeping";

/** Who writes this row does the round; it is good for somewhat less than an hour, so that nobody's timer misses every other one. */
async function claimRound(): Promise<boolean> {
  const now = Date.now();
  const rows = await statement(
    "claim_housekeeping",
    `INSERT INTO rate_limit AS held (key, points, expire) VALUES ($1, 1, $2::bigint)
     ON CONFLICT (key) DO UPDATE SET expire = $2::bigint WHERE held.expire <= $3::bigint RETURNING key`,
    [CLAIM, now + ROUND_MS - 60_000, now],
  );
  return rows.length > 0;
}
