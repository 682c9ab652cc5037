import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildServer } from "../deploy/build.mjs";
import { openDatabase } from "../deploy/database.mjs";
import { stopPostgres } from "../deploy/embedded-postgres.mjs";
import { copyForOwnDatabases } from "./own-database";

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
  return async () => {
    await database.leave();
    await stopPostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  };
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
