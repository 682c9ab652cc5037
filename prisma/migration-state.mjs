// What there is of migrations: here on disk, and in a database.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { servesOlder } from "./serves-older.mjs";

/**
 * @param {string} folder
 * @returns {{ name: string, sql: string, checksum: string }[]} in the order of their names
 */
export function readMigrations(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "migration.sql")))
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

/**
 * What is there, by name. Whoever holds the lock knows that nobody is at work: a row without an end was left by a process
 * that was killed, or by a migration that failed and was undone. Neither stands in the way of trying again.
 */
export async function readApplied(db) {
  const { rows: found } = await db.query("SELECT to_regclass('\"_prisma_migrations\"') AS name");
  if (!found[0].name) return new Map();
  const { rows } = await db.query(
    `SELECT migration_name, checksum FROM "_prisma_migrations"
      WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY started_at`,
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

/**
 * Whether a newer program brought the database up to date, in a way that this one can work with (see
 * docs/decisions/2026-12-01-upgrades-beside-the-older-program.md).
 */
export async function stillServes(db, onDisk, applied) {
  const there = [...applied.keys()].sort();
  const [newest, known] = [there.at(-1), onDisk.at(-1)?.name];
  if (newest === undefined || known === undefined || newest <= known) return false;
  const isKnown = onDisk.every(({ name, checksum }) => applied.get(name) === checksum);
  const { rows: found } = await db.query("SELECT to_regclass('schema_compatibility') AS name");
  if (!isKnown || !found[0].name) return false;
  const { rows } = await db.query('SELECT migration, serves_from AS "servesFrom" FROM schema_compatibility');
  return servesOlder(there, known, rows[0]);
}

/**
 * How a database stands to this program. Only reads.
 * @param {import("pg").Client} db
 * @param {string} folder
 * @returns {Promise<{ pending: string[], newer: string[], changed: string[], serves: boolean }>} by name; serves: a newer program brought it up to
 * date, and it serves this one all the same
 */
export async function migrationState(db, folder) {
  const onDisk = readMigrations(folder);
  const applied = await readApplied(db);
  const here = new Set(onDisk.map(({ name }) => name));
  const isChanged = ({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum;
  return {
    pending: onDisk.filter(({ name }) => !applied.has(name)).map(({ name }) => name),
    newer: [...applied.keys()].filter((name) => !here.has(name)),
    changed: onDisk.filter(isChanged).map(({ name }) => name),
    serves: await stillServes(db, onDisk, applied),
  };
}
