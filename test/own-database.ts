import { randomUUID } from "node:crypto";
import pg from "pg";

/** As the migrations leave a database. Nobody signs in here, so that it can be copied at any time. */
const MIGRATED = "latchkey_migrated";

/** Before any test: keeps a copy of the migrated database, which is a fraction of the work of migrating another. */
export async function copyForOwnDatabases(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: Object.assign(new URL(ownerUrl), { pathname: "/postgres" }).href });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${MIGRATED} TEMPLATE latchkey`);
  await owner.end();
}

/**
 * A fresh, migrated database in the run's server, for a test whose keys or tampering would disturb the others. Point
 * this process's settings at it before anything of the product is imported.
 */
export async function ownDatabase(): Promise<{ url: string; ownerUrl: string }> {
  const name = `own_${randomUUID().replaceAll("-", "")}`;
  const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${name} TEMPLATE ${MIGRATED}`);
  await owner.end();
  const at = (url: string | undefined) => Object.assign(new URL(url ?? ""), { pathname: `/${name}` }).href;
  const ownerUrl = at(process.env.TEST_OWNER_DATABASE_URL);
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
