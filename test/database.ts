import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { buildServer } from "../deploy/build.mjs";
import { openDatabase } from "../deploy/database.mjs";
import { stopPostgres } from "../deploy/embedded-postgres.mjs";
import { copyForOwnDatabases } from "./own-database";
import { startPgBouncer } from "./servers/pgbouncer";

/**
 * One real PostgreSQL for the whole run of Vitest, in a temporary folder, migrated, with the application's own role.
 * Tests keep apart by making an organisation each. What is set here in process.env reaches the workers. What production runs as
 * processes of their own is built once, unless it is as the sources are.
 */
export default async function setup(): Promise<() => Promise<void>> {
  await removeLeftovers();
  await buildServer();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o711); // started by root, PostgreSQL's own user must get through
  // Nothing here has to survive a power cut.
  const database = await openDatabase(folder, {
    settings: ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
  });
  await copyForOwnDatabases(database.ownerUrl);
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    TEST_OWNER_DATABASE_URL: database.ownerUrl,
    DATABASE_POOL: "8",
    LATCHKEY_DATA: folder,
    LATCHKEY_KEY: randomBytes(32).toString("base64"),
    LOG_LEVEL: "silent",
    // As it is served: else all tests' requests would come from one unknown address, and be counted together.
    LATCHKEY_FRONT: "1",
  });
  const pooler = process.env.TEST_POOLER === "transaction" ? await putPoolerBefore(database) : undefined;
  return async () => {
    await pooler?.stop();
    await database.leave();
    await stopPostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** `TEST_POOLER=transaction npx vitest …`: whatever test, through a real PgBouncer that hands out two sessions to a database. */
async function putPoolerBefore({ url, ownerUrl }: { url: string; ownerUrl: string }) {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`ALTER ROLE latchkey SET role = latchkey_app; ALTER ROLE latchkey SET timezone = 'UTC';
    ALTER ROLE latchkey SET statement_timeout = 15000; ALTER ROLE latchkey SET idle_in_transaction_session_timeout = 30000`);
  await owner.end();
  const pooler = await startPgBouncer(url, {
    pool_mode: "transaction",
    default_pool_size: "2",
    max_client_conn: "500",
  });
  Object.assign(process.env, { DATABASE_URL: pooler.url, DATABASE_POOLER: "transaction" });
  return pooler;
}

const PREFIX = "latchkey-vitest-";

/** A run that was killed leaves its server behind. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split("-")[0]);
    if (isAlive(pid)) continue;
    await stopPostgres(join(tmpdir(), name));
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
