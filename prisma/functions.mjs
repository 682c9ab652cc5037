// Applies prisma/functions/*.sql: the functions of the database, each of which stands there once. See
// docs/decisions/2026-11-29-functions-once.md.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_ROLE } from "./privileges.mjs";

/**
 * Brings the functions up to date: all files that are not there as they are here, and the note of each, in one transaction.
 * Whoever calls holds the lock of the migrations.
 * @param {import("pg").Client} db the owner's connection
 * @param {string} folder that holds the files; none where it is missing
 * @param {{ role: string, migration: string | undefined, log: (line: string) => void }} options migration: the newest that is
 * applied. Each one has the files applied anew, because some make their functions from the tables as they are.
 * @throws when a file fails, with nothing of any done
 */
export async function applyFunctions(db, folder, { role, migration, log }) {
  const files = readFunctions(folder);
  const stored = await readStored(db);
  if (!stored) return;
  const standOf = ({ sql }) => sha256(`${migration}\n${sql}`);
  const stale = files.filter((file) => stored.get(file.name) !== standOf(file));
  if (stale.length === 0) return;
  let at = "";
  try {
    await db.query("BEGIN");
    for (const file of stale) {
      at = file.name;
      await db.query(file.sql.replaceAll(new RegExp(`\\b${DEFAULT_ROLE}\\b`, "g"), role));
      await db.query(NOTE, [file.name, standOf(file)]);
    }
    await db.query("DELETE FROM function_file WHERE name <> ALL ($1)", [files.map(({ name }) => name)]);
    await db.query("COMMIT");
  } catch (error) {
    await db.query("ROLLBACK").catch(() => {}); // the first error is the one to tell
    throw new Error(`The functions of ${at} failed, and nothing was done of any: ${error.message}`, { cause: error });
  }
  log(`applied the functions of ${stale.map(({ name }) => name).join(", ")}`);
}

const NOTE = `INSERT INTO function_file (name, checksum) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = now()`;

/**
 * The files, by name.
 * @returns {{ name: string, sql: string }[]}
 */
export function readFunctions(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  return names.sort().map((name) => ({ name, sql: readFileSync(join(folder, name), "utf8") }));
}

/** What all files together are known by; the newest migration that came with a change of them names it. */
export const fingerprintOf = (folder) =>
  sha256(
    readFunctions(folder)
      .flatMap(({ name, sql }) => [name, sql])
      .join("\n"),
  );

/** Checksums by name; nothing where the migration that makes room for them was not applied. */
async function readStored(db) {
  const { rows: found } = await db.query("SELECT to_regclass('function_file') AS name");
  if (!found[0].name) return undefined;
  const { rows } = await db.query("SELECT name, checksum FROM function_file");
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
