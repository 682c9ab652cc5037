// The product's database inside the embedded PostgreSQL: made, migrated, and given the role the application signs in as.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { migrate } from "../prisma/migrate.mjs";
import { runningPostgres, startPostgres, stopPostgres } from "./embedded-postgres.mjs";
import { Trouble } from "./say.mjs";

const NAME = "latchkey";
const MIGRATIONS = fileURLToPath(new URL("../prisma/migrations", import.meta.url));
/** Advisory locks, which the server lets go of when their holder dies, however it dies. */
const SERVING = 71_501;
const IN_USE = 71_502;

/**
 * @typedef {object} EmbeddedDatabase
 * @property {string} url what the application signs in with
 * @property {string} ownerUrl what migrations sign in with
 * @property {string} home where the database's files lie
 * @property {number} port
 * @property {Promise<void>} lost settles when the server went away
 * @property {() => Promise<void>} leave stops the server, unless somebody else still uses it
 */

/**
 * Starts or joins the database of a data folder. Its schema is brought up to date unless a server is at work on it.
 * @param {string} folder the data folder
 * @param {{ alone?: boolean, bare?: boolean, settings?: string[], log?: (line: string) => void }} [options] alone: to
 * serve from it, which one process at a time may do; bare: with its schema as it is, and nobody signing in but the owner
 * @returns {Promise<EmbeddedDatabase>}
 */
export async function openDatabase(folder, { alone = false, bare = false, log = () => {}, ...options } = {}) {
  const server = await startPostgres(folder, options);
  let opened;
  try {
    opened = await openSession(server.url);
    const { session, lost } = opened;
    // Before anything else: whoever leaves meanwhile must not stop the server under us.
    await session.query("SELECT pg_advisory_lock_shared($1)", [IN_USE]);
    const ownerUrl = withDatabase(server.url, NAME);
    const password = passwordIn(folder);
    const idle = await tryLock(session, SERVING);
    if (alone && !idle) throw alreadyServed(folder, await holderOf(session));
    if (idle) {
      await createDatabase(session);
      if (!bare) {
        const { role } = await migrate(ownerUrl, MIGRATIONS, log);
        await createSignIn(ownerUrl, password, role);
      }
    }
    if (idle && !alone) await session.query("SELECT pg_advisory_unlock($1)", [SERVING]);
    const url = Object.assign(new URL(ownerUrl), { username: NAME, password }).href;
    return { url, ownerUrl, home: server.home, port: server.port, lost, leave: () => leave(session, server) };
  } catch (error) {
    if (opened) await leave(opened.session, server);
    else if (!server.joined) await server.stop();
    throw error;
  }
}

/** Stops the server of a data folder that a start left behind which was killed, unless somebody uses it. */
export async function stopIfUnused(folder) {
  const url = runningPostgres(folder);
  if (!url) return;
  const { session } = await openSession(url);
  await leave(session, { stop: () => stopPostgres(folder) });
}

/**
 * Refuses early, before anything is built under the feet of a server that runs from the same data folder.
 * @param {string} folder the data folder
 */
export async function refuseIfServed(folder) {
  const url = runningPostgres(folder);
  if (!url) return;
  const { session } = await openSession(url).catch(() => ({}));
  const holder = session && (await holderOf(session));
  await session?.end();
  if (holder) throw alreadyServed(folder, holder);
}

/**
 * What leads to the database of a data folder, if its server is running. Makes nothing.
 * @param {string} folder the data folder
 * @returns {{ url: string, ownerUrl: string } | undefined}
 */
export function addressesOfRunning(folder) {
  const running = runningPostgres(folder);
  const file = join(folder, "database-password");
  if (!running || !existsSync(file)) return undefined;
  const ownerUrl = withDatabase(running, NAME);
  return {
    url: Object.assign(new URL(ownerUrl), { username: NAME, password: readFileSync(file, "utf8") }).href,
    ownerUrl,
  };
}

const alreadyServed = (folder, holder) =>
  new Trouble(
    `Latchkey is already running from ${folder}${holder ? ` (process ${holder})` : ""}.\n` +
      "Stop that one first, or give this one a LATCHKEY_DATA and a PORT of its own.",
  );

/** The process that a person would stop: whoever starts this one again when it ends, if somebody does. */
const holder = process.env.LATCHKEY_SUPERVISOR ?? process.pid;

/** The locks are this session's, and its name tells others which process holds them. */
async function openSession(url) {
  const session = new pg.Client({ connectionString: url, application_name: `latchkey:${holder}` });
  const lost = new Promise((resolve) => session.on("error", () => {}).on("end", resolve));
  await session.connect();
  return { session, lost };
}

async function holderOf(session) {
  const { rows } = await session.query(
    `SELECT split_part(a.application_name, ':', 2) AS pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.objid = $1 AND l.granted AND a.pid <> pg_backend_pid()`,
    [SERVING],
  );
  return rows[0]?.pid;
}

async function createDatabase(session) {
  const { rowCount } = await session.query("SELECT FROM pg_database WHERE datname = $1", [NAME]);
  if (rowCount > 0) return;
  try {
    await session.query(`CREATE DATABASE ${NAME}`);
  } catch (error) {
    // Two first starts at once: either code, depending on how far the other was.
    if (!["42P04", "23505"].includes(error.code)) throw error;
  }
}

/** The login role: it owns nothing, and all it may do is take on the role of the application. */
async function createSignIn(ownerUrl, password, role) {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query("BEGIN");
    // Two starts at once would both create it.
    await owner.query("SELECT pg_advisory_xact_lock($1)", [SERVING + 10]);
    // The password reaches the statement as a bound value, so that no log of a failed statement shows it.
    await owner.query("SELECT set_config('latchkey.password', $1, true)", [password]);
    await owner.query(`DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${NAME}') THEN
        CREATE ROLE ${NAME} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
      END IF;
      EXECUTE format('ALTER ROLE ${NAME} PASSWORD %L', current_setting('latchkey.password'));
    END $$`);
    await owner.query(`GRANT ${role} TO ${NAME}`);
    await owner.query(`REVOKE ALL ON DATABASE ${NAME} FROM PUBLIC`);
    await owner.query(`GRANT CONNECT ON DATABASE ${NAME} TO ${NAME}`);
    await owner.query("COMMIT");
  } finally {
    await owner.end();
  }
}

function passwordIn(folder) {
  const file = join(folder, "database-password");
  try {
    writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return readFileSync(file, "utf8");
}

async function tryLock(session, key) {
  const { rows } = await session.query("SELECT pg_try_advisory_lock($1) AS got", [key]);
  return rows[0].got;
}

/** The last one out stops the server: a command that runs beside the product must not, nor must the product under it. */
async function leave(session, server) {
  try {
    await session.query("SELECT pg_advisory_unlock_shared($1)", [IN_USE]);
    if (await tryLock(session, IN_USE)) await server.stop();
  } catch {
    // The session is gone, and what is left of the server with it.
    await server.stop();
  }
  await session.end().catch(() => {});
}

const withDatabase = (url, name) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
