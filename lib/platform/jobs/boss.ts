import "server-only";
import { setImmediate } from "node:timers/promises";
import PgBoss from "pg-boss";
import { sharedPool } from "@/lib/platform/db";
import { log, traceOf } from "@/lib/platform/log";
import { JOBS_SCHEMA } from "@/prisma/queues.mjs";

/** How often somebody looks for jobs whose process is gone, and clears away what ended. */
const SUPERVISE_S = 30;
/** An ended round stands for its span, so that no second one is begun in it. */
const ENDED_S = 3_700;
const FAILED_S = 7 * 86_400;

/** The library over the pool of this process. Tables and queues are made by the runner of the migrations. */
export function openBoss(): PgBoss {
  const boss = new PgBoss({
    db: patient,
    schema: JOBS_SCHEMA,
    migrate: false,
    schedule: false,
    maintenanceIntervalSeconds: SUPERVISE_S,
    archiveCompletedAfterSeconds: ENDED_S,
    archiveFailedAfterSeconds: FAILED_S,
    deleteAfterSeconds: 60,
    retentionDays: 7,
  });
  boss.on("error", (error) => log.warn("the job queues could not be looked after", traceOf(error)));
  return boss;
}

/** For whoever waits for the outcome. */
export const direct: PgBoss.Db = { executeSql: (text, values) => sharedPool().query(text, values) };

/** What the library has asked the database and has not been answered. */
const asked = new Set<Promise<unknown>>();

/**
 * For the library's own work. It does not wait for what it notes at the end of a job: an error would be nobody's, and would end the
 * process. A note that was lost is made up for: past its bound the job counts as failed, and is tried again.
 */
const patient: PgBoss.Db = {
  executeSql: (text, values) => {
    const answered = direct
      .executeSql(text, values)
      .catch((error: unknown) => {
        log.warn("the job queues could not be reached", traceOf(error));
        return NOTHING;
      })
      .finally(() => asked.delete(answered));
    asked.add(answered);
    return answered;
  },
};

/** Waits for what the library has asked, and for what it asks on hearing the answer. */
export async function untilAnswered(): Promise<void> {
  do {
    await Promise.all(asked);
    await setImmediate();
  } while (asked.size > 0);
}

/** The library takes an answer without rows for none. */
const NOTHING = { rows: undefined } as unknown as { rows: never[] };
