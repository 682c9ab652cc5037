import { randomUUID } from "node:crypto";
import pg from "pg";
import { migrate } from "@/prisma/migrate.mjs";

/**
 * A fresh, migrated database in the run's server, for a test whose keys or tampering would disturb the others. Point
 * this process's settings at it before anything of the product is imported.
 */
export async function ownDatabase(): Promise<{ url: string; ownerUrl: string }> {
  const name = `own_${randomUUID().replaceAll("-", "")}`;
  const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${name}`);
  await owner.end();
  const at = (url: string | undefined) => Object.assign(new URL(url ?? ""), { pathname: `/${name}` }).href;
  const ownerUrl = at(process.env.TEST_OWNER_DATABASE_URL);
  await migrate(ownerUrl, "prisma/migrations", () => {});
  return { url: at(process.env.DATABASE_URL), ownerUrl };
}

/** Every row of every table, and what its server is at, as text: by table, for tests that search all of it. */
export async function wholeDatabase(owner: pg.Client): Promise<Record<string, string>> {
  const { rows: tables } = await owner.query(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^(pg_|information_)'",
  );
  const stored: Record<string, string> = {};
  for (const { name } of [...tables, { name: "pg_stat_activity" }]) {
    stored[name] = (await owner.query(`SELECT t::text AS row FROM ${name} t`)).rows.map(({ row }) => row).join("\n");
  }
  return stored;
}
