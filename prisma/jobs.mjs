// Installs the tables of the job library, as the schema's owner: the application's role owns nothing and makes no queues.
import { createRequire } from "node:module";
import PgBoss from "pg-boss";
import { JOBS_SCHEMA, queueOptions } from "./queues.mjs";

/** Of the tables, as this version of the library wants them. */
const { schema: VERSION } = createRequire(import.meta.url)("pg-boss/version.json");

/**
 * Brings the tables, the queues and the rights to them up to date. Whoever calls holds the lock of the migrations.
 * @param {import("pg").Client} db the owner's connection
 * @param {{ role: string, log: (line: string) => void }} options role: the application's
 * @throws when the tables are those of a newer program
 */
export async function applyJobs(db, { role, log }) {
  const found = await versionOf(db);
  if (found !== undefined && found > VERSION) {
    throw new Error("The database's job queues are newer than this program. Start the newer version again.");
  }
  if (found !== VERSION) {
    await inOnePiece(db, found === undefined ? await construction(db) : PgBoss.getMigrationPlans(JOBS_SCHEMA, found));
    log(found === undefined ? "made the job queues' tables" : "brought the job queues' tables up to date");
  }
  await inOnePiece(db, async () => {
    await bringQueuesUpToDate(db);
    if (!(await mayWork(db, role))) await db.query(grantsTo(role));
  });
}

/** Whether a schema is there that only needs tables. */
const hasSchema = async (db) =>
  (await db.query("SELECT to_regnamespace($1) IS NOT NULL AS there", [JOBS_SCHEMA])).rows[0].there;

async function versionOf(db) {
  const { rows: there } = await db.query("SELECT to_regclass($1) AS name", [`${JOBS_SCHEMA}.version`]);
  if (!there[0].name) return undefined;
  const { rows } = await db.query(`SELECT version FROM ${JOBS_SCHEMA}.version`);
  return rows[0]?.version;
}

/** Without the making of a schema that is there: it would ask for a right on the database that is not needed. */
async function construction(db) {
  const plan = PgBoss.getConstructionPlans(JOBS_SCHEMA);
  return (await hasSchema(db)) ? plan.replace(/CREATE SCHEMA IF NOT EXISTS \w+\s*;/, "") : plan;
}

async function inOnePiece(db, work) {
  try {
    if (typeof work === "string") return await db.query(work); // holds its own BEGIN and COMMIT
    await db.query("BEGIN");
    await work();
    await db.query("COMMIT");
  } catch (error) {
    await db.query("ROLLBACK").catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

async function bringQueuesUpToDate(db) {
  const { rows } = await db.query(
    `SELECT name, json_strip_nulls(json_build_object('policy', policy, 'retryLimit', retry_limit, 'retryDelay', retry_delay,
       'retryBackoff', retry_backoff, 'expireInSeconds', expire_seconds, 'deadLetter', dead_letter))::jsonb AS options
       FROM ${JOBS_SCHEMA}.queue`,
  );
  const stored = new Map(rows.map(({ name, options }) => [name, options]));
  for (const [name, options] of Object.entries(queueOptions())) {
    const there = stored.get(name);
    if (!there) await db.query(`SELECT ${JOBS_SCHEMA}.create_queue($1, $2)`, [name, options]);
    else if (Object.entries(options).some(([option, value]) => there[option] !== value))
      await change(db, name, options);
  }
}

const change = (db, name, { policy, retryLimit, retryDelay, retryBackoff, expireInSeconds, deadLetter }) =>
  db.query(
    `UPDATE ${JOBS_SCHEMA}.queue SET policy = $2, retry_limit = $3, retry_delay = $4, retry_backoff = $5, expire_seconds = $6,
       dead_letter = $7, updated_on = now() WHERE name = $1`,
    [name, policy, retryLimit, retryDelay, retryBackoff, expireInSeconds, deadLetter],
  );

async function mayWork(db, role) {
  const { rows } = await db.query(
    `SELECT has_schema_privilege($1, $2, 'USAGE') AND has_table_privilege($1, $2 || '.archive', 'DELETE') AS may`,
    [role, JOBS_SCHEMA],
  );
  return rows[0].may;
}

/** To read and write jobs; not to make or remove queues. */
const grantsTo = (role) => `
  GRANT USAGE ON SCHEMA ${JOBS_SCHEMA} TO ${role};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${JOBS_SCHEMA}.job, ${JOBS_SCHEMA}.archive TO ${role};
  GRANT SELECT ON ${JOBS_SCHEMA}.queue, ${JOBS_SCHEMA}.schedule, ${JOBS_SCHEMA}.subscription, ${JOBS_SCHEMA}.version TO ${role};
  GRANT UPDATE (maintained_on, cron_on, monitored_on) ON ${JOBS_SCHEMA}.version TO ${role};
  REVOKE EXECUTE ON FUNCTION ${JOBS_SCHEMA}.create_queue(text, json), ${JOBS_SCHEMA}.delete_queue(text) FROM PUBLIC;`;
