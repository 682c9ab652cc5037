import "server-only";
import { existsSync, readdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { statement } from "@/lib/platform/db";

/** The migrations that this program knows, as they were when it started: an upgrade puts others there while it runs. */
export const knownMigrations = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Whether the database has these migrations and no other. */
export async function hasSchema(known: readonly string[]): Promise<boolean> {
  const rows = await statement<{ name: string }>(
    "applied_migrations",
    `SELECT migration_name AS name FROM "_prisma_migrations"
      WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY migration_name COLLATE "C"`,
    [],
  );
  return rows.map(({ name }) => name).join() === known.join();
}

/** With less than this, PostgreSQL's next segment of its write-ahead log (16 MiB) may not fit. */
const ROOM_BYTES = 32 * 1024 * 1024;

/** Whether the file system of the data folder has room; a folder that is not there holds nothing of ours. */
export async function hasRoom(folder: string, bytes = ROOM_BYTES): Promise<boolean> {
  if (!existsSync(folder)) return true;
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= bytes;
}
