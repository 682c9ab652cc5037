#!/usr/bin/env node
// Applies prisma/migrations/*/migration.sql the way `prisma migrate deploy` does: same table, checksum, lock and
// failure rules, so that the two can be mixed. Needs only `pg`, so it runs where Prisma is not installed.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";

const LOCK = 72_707_369; // the schema engine's advisory lock
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/**
 * Applies what is pending. Any number of processes may call this at once: each migration is applied once.
 * @param {string} connectionString of the schema's owner
 * @param {string} folder that holds the migrations
 * @param {(line: string) => void} [log]
 * @returns {Promise<string[]>} the names of the migrations applied by this call
 * @throws when a migration fails or an earlier one had failed; its row then says why, as Prisma's would
 */
export async function migrate(connectionString, folder, log = console.log) {
  const db = new pg.Client({ connectionString, options: "-c timezone=UTC" });
  await db.connect();
  try {
    await db.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await db.query(TABLE);
    const applied = await readApplied(db);
    const onDisk = readMigrations(folder);
    for (const { name, checksum } of onDisk) {
      if (applied.has(name) && applied.get(name) !== checksum) log(`warning: ${name} was changed after it was applied`);
    }
    const pending = onDisk.filter(({ name }) => !applied.has(name));
    for (const migration of pending) {
      await apply(db, migration);
      log(`applied ${migration.name}`);
    }
    return pending.map(({ name }) => name);
  } finally {
    await db.end(); // also gives the lock back
  }
}

function readMigrations(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "migration.sql")))
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

async function readApplied(db) {
  const { rows } = await db.query(
    `SELECT migration_name, checksum, finished_at, started_at FROM "_prisma_migrations"
      WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  const failed = rows.find((row) => !row.finished_at);
  if (failed) {
    const when = failed.started_at.toISOString();
    throw new Error(`Migration ${failed.migration_name} failed at ${when}. Mend it, then: npx prisma migrate resolve`);
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

async function apply(db, { name, sql, checksum }) {
  const id = randomUUID();
  await db.query('INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  try {
    await db.query(sql); // no parameters: the simple protocol takes the whole script, as one transaction
  } catch (error) {
    await db.query("ROLLBACK");
    await db.query('UPDATE "_prisma_migrations" SET logs = $2 WHERE id = $1', [id, `${error.code}: ${error.message}`]);
    throw new Error(`Migration ${name} failed: ${error.message}`, { cause: error });
  }
  await db.query(
    'UPDATE "_prisma_migrations" SET finished_at = now(), applied_steps_count = applied_steps_count + 1 WHERE id = $1',
    [id],
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const url = process.env.MIGRATION_DATABASE_URL || process.env.DATABASE_URL;
    const applied = await migrate(url, process.argv[2] ?? fileURLToPath(new URL("./migrations", import.meta.url)));
    console.log(applied.length > 0 ? `${applied.length} applied` : "no pending migrations");
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
