// What every command needs before it can work: settings, database, key. Leaves them in process.env for what follows.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { migrate } from "../prisma/migrate.mjs";
import { buildServer } from "./build.mjs";
import { addressesOfRunning, openDatabase } from "./database.mjs";
import { ensureKey } from "./key.mjs";
import { say, Trouble } from "./say.mjs";

const MIGRATIONS = fileURLToPath(new URL("../prisma/migrations", import.meta.url));

/**
 * @param {{ alone?: boolean, stopped?: Promise<never> }} [options] alone: to serve, which one process at a time may do from a
 * data folder; stopped: rejects when we are to end
 * @returns {Promise<{ env: object, key: string, database?: import("./database.mjs").EmbeddedDatabase }>} `database` only
 * when it is the embedded one; whoever asked must leave it
 */
export async function prepare({ alone = false, stopped = new Promise(() => {}) } = {}) {
  await Promise.race([buildServer(), stopped]);
  const env = await readSettings();
  process.env.LATCHKEY_DATA = env.LATCHKEY_DATA;
  // The console works in the program's own folder.
  for (const name of ["LATCHKEY_KEY_FILE", "LATCHKEY_PREVIOUS_KEY_FILE"])
    if (env[name]) process.env[name] = resolve(env[name]);
  process.env.NEXTAUTH_URL = env.PUBLIC_URL; // next-auth reads it from there
  const database = env.DATABASE_URL ? undefined : await openDatabase(env.LATCHKEY_DATA, { alone, log: say });
  try {
    const ownerUrl = database?.ownerUrl ?? env.MIGRATION_DATABASE_URL ?? env.DATABASE_URL;
    if (!database) process.env.DATABASE_ROLE = await migrateOwn(ownerUrl, env);
    const key = await ensureKey(env, ownerUrl, database?.home ?? "the one of DATABASE_URL");
    if (database) process.env.DATABASE_URL = database.url;
    // Whoever serves has no use for the owner's password.
    delete process.env.MIGRATION_DATABASE_URL;
    return { env, key, database };
  } catch (error) {
    await database?.leave();
    throw error;
  }
}

/**
 * What a command needs that works as the database's owner, on the database as it is: nothing is migrated and no key is made. Leaves the
 * owner's address in process.env, which no server ever sees.
 * @param {{ alone: boolean, stopped: Promise<never> }} options alone: nobody may serve from the data folder meanwhile
 * @returns {Promise<{ database?: import("./database.mjs").EmbeddedDatabase }>}
 */
export async function prepareOwner({ alone, stopped }) {
  await Promise.race([buildServer(), stopped]);
  const env = await readSettings();
  process.env.LATCHKEY_DATA = env.LATCHKEY_DATA;
  if (env.DATABASE_URL) return {};
  const database = await openDatabase(env.LATCHKEY_DATA, { alone, bare: true, log: say });
  process.env.MIGRATION_DATABASE_URL = database.ownerUrl;
  return { database };
}

/** For whoever only looks: settings that lead to the embedded database, if that is what there is and it runs. */
export function nameEmbedded() {
  if (process.env.DATABASE_URL) return;
  const addresses = addressesOfRunning(resolve(process.env.LATCHKEY_DATA || ".latchkey"));
  if (!addresses) return;
  process.env.DATABASE_URL = addresses.url;
  process.env.MIGRATION_DATABASE_URL = addresses.ownerUrl;
}

/** Judged by the product's own rules; a bad one is named before anything is made. */
async function readSettings() {
  const { readEnv } = await import("../dist/env.js");
  try {
    const env = readEnv(process.env);
    return { ...env, LATCHKEY_DATA: resolve(env.LATCHKEY_DATA) };
  } catch (error) {
    throw new Trouble(error.message);
  }
}

/**
 * Migrates the operator's own database, and lets DATABASE_URL's user take on the role of the application.
 * @returns {Promise<string>} the role
 */
async function migrateOwn(ownerUrl, { DATABASE_URL, DATABASE_ROLE, DATABASE_POOLER, MIGRATION_DATABASE_URL }) {
  if (DATABASE_POOLER && !MIGRATION_DATABASE_URL) {
    throw new Trouble(
      "DATABASE_POOLER is set: migrations hold a lock of their session, which a pooler would give away. Set MIGRATION_DATABASE_URL to\n" +
        "the owner's address of the database itself, past the pooler.",
    );
  }
  const { role } = await migrate(ownerUrl, MIGRATIONS, say, { role: DATABASE_ROLE }).catch((error) => {
    throw new Trouble(`The database of DATABASE_URL could not be prepared: ${error.message || error.code}`);
  });
  const user = decodeURIComponent(new URL(DATABASE_URL).username);
  if (!user) return role;
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const grant = `GRANT ${role} TO ${pg.escapeIdentifier(user)}`;
  try {
    const { rows } = await owner.query("SELECT pg_has_role($1, $2, 'MEMBER') AS member", [user, role]);
    if (!rows[0].member) await owner.query(grant);
    return role;
  } catch (error) {
    throw new Trouble(
      `DATABASE_URL's user lacks the role of the application (${error.message}). As the owner, run: ${grant}`,
    );
  } finally {
    await owner.end();
  }
}
