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
