import "server-only";
import { existsSync, readdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { statement } from "@/lib/platform/db";
import { servesOlder } from "@/prisma/serves-older.mjs";

/** The migrations that this program knows, as they were when it started: an upgrade puts others there while it runs. */
export const knownMigrations = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Whether the database has these migrations, and no other but such as say that they still serve a program that knows no more. */
export async function hasSchema(known: readonly string[]): Promise<boolean> {
  const rows = await statement<{ name: string; migration: string | null; servesFrom: string | null }>(
    "applied_migrations",
    `SELECT m.migration_name AS name, c.migration, c.serves_from AS "servesFrom"
       FROM "_prisma_migrations" m LEFT JOIN schema_compatibility c ON true
      WHERE m.rolled_back_at IS NULL AND m.finished_at IS NOT NULL ORDER BY m.migration_name COLLATE "C"`,
    [],
  );
  const applied = rows.map(({ name }) => name);
  if (applied.join() === known.join()) return true;
  const { migration = null, servesFrom = null } = rows[0] ?? {};
  const said = migration !== null && servesFrom !== null ? { migration, servesFrom } : undefined;
  return known.every((name) => applied.includes(name)) && servesOlder(applied, known.at(-1) ?? "", said);
}

/** With less than this, PostgreSQL's next segment of its write-ahead log (16 MiB) may not fit. */
const ROOM_BYTES = 32 * 1024 * 1024;

/** Whether the file system of the data folder has room; a folder that is not there holds nothing of ours. */
export async function hasRoom(folder: string, bytes = ROOM_BYTES): Promise<boolean> {
  if (!existsSync(folder)) return true;
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= bytes;
}
