#!/usr/bin/env node
// Applies prisma/migrations/*/migration.sql the way `prisma migrate deploy` does: same table, checksum and lock, so that the
// two can be mixed; then the functions beside them and the tables of the job queues, which Prisma knows nothing of. Needs only
// `pg` and `pg-boss`, so it runs where Prisma is not installed.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { applyFunctions } from "./functions.mjs";
import { applyJobs } from "./jobs.mjs";
import { readApplied, readMigrations, stillServes } from "./migration-state.mjs";
import { applicationRole, DEFAULT_ROLE } from "./privileges.mjs";
import { validateRules } from "./rules.mjs";

const LOCK = 72_707_369; // the schema engine's advisory lock
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/**
 * Applies what is pending. Any number of processes may call this at once: each migration is applied once. A migration and
 * the row that says it was applied are one transaction: killed anywhere, the next call begins with it again.
 * @param {string} connectionString of the schema's owner
 * @param {string} folder that holds the migrations; the functions are in `functions` beside it
 * @param {(line: string) => void} [log]
 * @param {{ role?: string }} [options] role: the application's, where it is to have another name than the one that is found
 * @returns {Promise<{ applied: string[], role: string }>} what this call applied, and the role of the application
 * @throws when a migration fails, with nothing of it done; when the owner lacks a right, with what to run; when the database
 * was brought up to date by a newer program, or by other scripts than these
 */
export async function migrate(connectionString, folder, log = console.log, options = {}) {
  const db = new pg.Client({ connectionString });
  db.on("error", () => {}); // the statement under way says so
  await db.connect();
  try {
    return await migrateOver(db, folder, log, options);
  } finally {
    await db.end().catch(() => {}); // also gives the lock back
  }
}

/**
 * The same over a connection of the caller's, which keeps the lock until it ends: nobody else migrates meanwhile.
 * @param {import("pg").Client} db the owner's connection
 * @param {string} folder
 * @param {(line: string) => void} log
 * @param {{ role?: string, until?: string }} options until: the last migration to apply, for rows that were stored under it; the
 * functions, the queues and the look at the rules wait for the call without it
 */
export async function migrateOver(db, folder, log, { role: wanted, until } = {}) {
  await db.query("SET timezone = 'UTC'");
  await db.query("SELECT pg_advisory_lock($1)", [LOCK]);
  const onDisk = readMigrations(folder);
  const applied = await readApplied(db);
  // Those that are served wait no longer than this for a table that we change: whoever waits for one has everybody behind it wait.
  await db.query(`SET lock_timeout = ${LOCK_WAIT_MS}`);
  if (await stillServes(db, onDisk, applied)) {
    log("The database is of a newer version, which still serves this one. Nothing was changed in it.");
    return { applied: [], role: await applicationRole(db, { wanted, isPending: false }) };
  }
  refuseOtherHistory(onDisk, applied);
  const pending = onDisk.filter(({ name }) => !applied.has(name) && (until === undefined || name <= until));
  const role = await applicationRole(db, { wanted, isPending: pending.length > 0 });
  if (pending.length > 0) await db.query(TABLE);
  for (const migration of pending) {
    await whereLocked(() => apply(db, migration, role));
    log(`applied ${migration.name}`);
  }
  const done = { applied: pending.map(({ name }) => name), role };
  if (until !== undefined) return done;
  const functions = join(folder, "../functions");
  await whereLocked(() => applyFunctions(db, functions, { role, migration: onDisk.at(-1)?.name, log }));
  await makePartitions(db, log);
  await applyJobs(db, { role, log });
  await validateRules(db, log);
  return done;
}

/**
 * Those of the audit log's next months; the server makes them as time goes on. There is time: where something that takes long is in the way,
 * such as a backup, it is left to the server.
 */
async function makePartitions(db, log) {
  const { rows: found } = await db.query(
    "SELECT to_regproc('make_audit_partitions') IS NOT NULL AND to_regclass('audit_event_default') IS NOT NULL AS there",
  );
  if (!found[0].there) return;
  try {
    const { rows } = await db.query("SELECT make_audit_partitions() AS made");
    if (rows[0].made > 0) log(`made ${rows[0].made} partitions of the audit log`);
  } catch (error) {
    if (!LOCKED.has(error.code)) throw error;
  }
}

/** The names of the migrations in a folder, in the order they are applied in. */
export const migrationsIn = (folder) => readMigrations(folder).map(({ name }) => name);

/** How long a migration waits for a table that transactions under way use, before it lets them and everybody behind them go first. */
const LOCK_WAIT_MS = 2_000;
const TRIES = 30;
/** Waited too long, or called off in a deadlock with one of those that are served. */
const LOCKED = new Set(["55P03", "40P01"]);

/** A piece of work that is one transaction, again where it was in somebody's way. */
async function whereLocked(work) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= TRIES || !LOCKED.has(error.cause?.code ?? error.code)) throw error;
      await pause(500);
    }
  }
}

/** A schema that these scripts did not make is not served: what they would do to it nobody has tried. */
function refuseOtherHistory(onDisk, applied) {
  const here = new Map(onDisk.map(({ name, checksum }) => [name, checksum]));
  const newer = [...applied.keys()].filter((name) => !here.has(name));
  if (newer.length > 0) {
    throw new Error(
      `The database is newer than this program: it has ${newer.at(-1)}, which this program does not know. ` +
        "Start the newer version again, or restore a backup from before it.",
    );
  }
  const changed = onDisk.find(({ name }) => applied.has(name) && applied.get(name) !== here.get(name));
  if (changed) {
    throw new Error(
      `The migration ${changed.name} was changed after it was applied to this database. Put its file back as it was: ` +
        "a change of the schema is a migration of its own.",
    );
  }
}

/** What the database says when something that a script makes is there, or something that it removes is not. */
const DONE_BEFORE = new Set(["42P07", "42P06", "42710", "42723", "42701", "42704", "42809", "42883"]);

async function apply(db, { name, sql, checksum }, role) {
  const script = sql
    // The runner made it, or found it made: nobody needs the right to make one to get this far.
    .replace(/CREATE ROLE latchkey_app [^;]*;/, "NULL;")
    .replaceAll(new RegExp(`\\b${DEFAULT_ROLE}\\b`, "g"), role);
  const { rowCount: cutOff } = await db.query(
    `SELECT 1 FROM "_prisma_migrations" WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL AND logs IS NULL`,
    [name],
  );
  try {
    await db.query("BEGIN");
    await endEarlier(db, name);
    // The row comes first, so that it and the script's effect can only be there together.
    await db.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await db.query("SAVEPOINT script");
    await db.query(script).catch(async (error) => {
      // An earlier runner noted the end apart from the script: killed between the two, it left all of it done and no word.
      if (cutOff === 0 || !DONE_BEFORE.has(error.code)) throw error;
      await db.query("ROLLBACK TO SAVEPOINT script");
    });
    await db.query("COMMIT");
  } catch (error) {
    await noteFailure(db, { name, checksum, error });
    throw new Error(`Migration ${name} failed, and nothing of it was done: ${error.message}`, { cause: error });
  }
}

const endEarlier = (db, name) =>
  db.query(
    `UPDATE "_prisma_migrations" SET rolled_back_at = now()
      WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`,
    [name],
  );

/** For whoever looks with Prisma. A connection that was cut is no verdict, and there is nobody to tell. */
async function noteFailure(db, { name, checksum, error }) {
  try {
    await db.query("ROLLBACK");
    await endEarlier(db, name);
    await db.query('INSERT INTO "_prisma_migrations" (id, checksum, migration_name, logs) VALUES ($1, $2, $3, $4)', [
      randomUUID(),
      checksum,
      name,
      `${error.code}: ${error.message}`,
    ]);
  } catch {
    // The first error is the one to tell.
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const url = process.env.MIGRATION_DATABASE_URL || process.env.DATABASE_URL;
    const folder = process.argv[2] ?? fileURLToPath(new URL("./migrations", import.meta.url));
    const { applied } = await migrate(url, folder, console.log, { role: process.env.DATABASE_ROLE || undefined });
    console.log(applied.length > 0 ? `${applied.length} applied` : "no pending migrations");
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
