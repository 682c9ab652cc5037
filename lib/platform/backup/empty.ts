import "server-only";
import type pg from "pg";
import { Refusal } from "@/lib/platform/refusal";
import { NOTES, quoted } from "./tables";

/** @throws Refusal where there is anything but what a restore that was cut off leaves: tables without rows */
export async function requireEmpty(db: pg.Client, migration: string): Promise<void> {
  const { rows: tables } = await db.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename <> ALL ($1)",
    [NOTES],
  );
  for (const { name } of tables) {
    const { rows } = await db.query<{ held: boolean }>(`SELECT EXISTS (SELECT FROM ${quoted(name)}) AS held`);
    if (rows[0]?.held) throw notEmpty();
  }
  const { rows: noted } = await db.query<{ there: boolean }>(
    "SELECT to_regclass('\"_prisma_migrations\"') IS NOT NULL AS there",
  );
  if (tables.length > 0 && !noted[0]?.there) throw notEmpty();
  if (!noted[0]?.there) return;
  const { rows: newer } = await db.query(
    `SELECT FROM "_prisma_migrations" WHERE migration_name > $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL LIMIT 1`,
    [migration],
  );
  if (newer.length > 0)
    throw new Refusal(
      "conflict",
      "The database is of a newer schema than the backup. Nothing was done: restore into a database without tables.",
    );
}

const notEmpty = () =>
  new Refusal(
    "conflict",
    "The database is not empty. Nothing was done: restore into a new database, or an empty folder (DATABASE_URL, LATCHKEY_DATA).",
  );
