import "server-only";
import pg from "pg";
import type { Env } from "@/lib/platform/env";
import { rootAddress } from "@/lib/platform/keys";
import { openWith } from "@/lib/platform/vault/envelope";
import type { Keyring } from "@/lib/platform/vault/keyring";
import { migrationState } from "@/prisma/migration-state.mjs";
import { type Finding, failure, ok, warning } from "./finding";

const CONNECT_MS = 5_000;
const ANSWER_MS = 10_000;
/** Times are compared with the database's; so far apart they may be without anybody being hurt, and so far at all. */
const CLOCK_WARNING_MS = 2_000;
const CLOCK_FAILURE_MS = 30_000;
const OLDEST = 140_000;

/** What the owner of the tables sees, and what the application gets to be. */
export async function databaseFindings(
  settings: Env,
  ring: Keyring | undefined,
  migrations: string,
): Promise<Finding[]> {
  const url = settings.DATABASE_URL;
  if (url === undefined)
    return [
      warning("database", "The embedded PostgreSQL is not running. Start Latchkey, and run doctor again beside it."),
    ];
  const owner = await connected(settings.MIGRATION_DATABASE_URL ?? url);
  if (!owner.db) return [failure("database", owner.words)];
  try {
    const role = settings.DATABASE_ROLE ?? (await grantedRole(owner.db)) ?? "latchkey_app";
    return [
      await versionFinding(owner.db),
      ...(await applicationFindings(url, role, settings.DATABASE_POOLER !== undefined)),
      await rightsFinding(owner.db),
      await extensionFinding(owner.db),
      await migrationsFinding(owner.db, migrations),
      await rootSecretFinding(owner.db, ring),
      await clockFinding(owner.db),
    ];
  } catch {
    return [failure("database", "The database broke off while it was asked. See its log, and run doctor again.")];
  } finally {
    await owner.db.end().catch(() => undefined);
  }
}

type Connected = { db: pg.Client; words?: undefined } | { db?: undefined; words: string };

async function connected(connectionString: string, options?: string): Promise<Connected> {
  const client = new pg.Client({
    connectionString,
    application_name: "latchkey doctor",
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    ...(options !== undefined && { options }),
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return { db: client };
  } catch (error) {
    await client.end().catch(() => undefined);
    return { words: wordsOf((error as { code?: string }).code) };
  }
}

/** The driver's own words may hold the address. */
function wordsOf(code: string | undefined): string {
  if (code === "28P01" || code === "28000") return "The database refuses the user or password. Mend DATABASE_URL.";
  if (code === "3D000") return "There is no such database on the server. Make it, or mend DATABASE_URL.";
  if (code === "53300")
    return "The database has no connection left. Raise its max_connections, or lower DATABASE_POOL.";
  if (code === "08P01") return REFUSES_OPTIONS;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "The host of DATABASE_URL is not known. Mend its name.";
  return "The database cannot be reached. See that it runs, that the network lets us through, and that DATABASE_URL is right.";
}

const REFUSES_OPTIONS =
  "A pooler refuses our start-up options. Connect directly, or let it ignore them and give them to the user (ALTER ROLE … SET).";

async function versionFinding(db: pg.Client): Promise<Finding> {
  const [{ number, version }] = await rows<[{ number: number; version: string }]>(
    db,
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version",
  );
  return number < OLDEST
    ? failure("database", `PostgreSQL ${version} is too old. Upgrade it to 14 or newer.`)
    : ok("database", `PostgreSQL ${version} answers.`);
}

/** The very connection that the application makes: a pooler in front of it may not let through what it asks for. */
async function applicationFindings(url: string, role: string, isPooled: boolean): Promise<Finding[]> {
  const options = `-c timezone=UTC -c role=${role} -c statement_timeout=15000`;
  const app = await connected(url, isPooled ? undefined : options);
  if (!app.db) {
    if (app.words === REFUSES_OPTIONS) return [failure("pooler", app.words)];
    return [
      failure("role", `DATABASE_URL's user does not become ${role}. As the owner, run: GRANT ${role} TO that user.`),
    ];
  }
  try {
    const [me] = await rows<[Me]>(app.db, WHO_WE_ARE);
    const isDirect = me.zone === "UTC" && me.limit === "15s" && me.role === role;
    if (!isDirect && me.role !== role)
      return [
        failure(
          "pooler",
          `The database, or a pooler in front of it, makes us ${me.role} and not ${role}. Connect directly, or give the user: ALTER ROLE … SET role = ${role}.`,
        ),
      ];
    return [poolerFinding(app.db, me, isPooled), roleFinding(me)];
  } finally {
    await app.db.end().catch(() => undefined);
  }
}

interface Me {
  role: string;
  bypasses: boolean;
  owns: boolean;
  zone: string;
  limit: string;
  pid: number;
}

const WHO_WE_ARE = `SELECT current_user AS role, r.rolsuper OR r.rolbypassrls AS bypasses, current_setting('TimeZone') AS zone,
    current_setting('statement_timeout') AS limit, pg_backend_pid() AS pid,
    EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND pg_has_role(current_user, c.relowner, 'USAGE')) AS owns
  FROM pg_roles r WHERE r.rolname = current_user`;

/** A server tells its process at the sign-in; a pooler tells a number of its own, and may hand each transaction to another. */
function poolerFinding(db: pg.Client, { pid, zone, limit }: Me, isPooled: boolean): Finding {
  const told = (db as pg.Client & { processID?: number | null }).processID;
  if (zone !== "UTC" || limit === "0")
    return failure(
      "pooler",
      "A pooler gives sessions without what they need. Give it to the user of DATABASE_URL: ALTER ROLE … SET timezone = 'UTC', statement_timeout = 15000.",
    );
  if (told === pid) return ok("pooler", "No pooler is in front of the database.");
  if (isPooled) return ok("pooler", "A pooler is in front of the database, and DATABASE_POOLER says so.");
  return warning(
    "pooler",
    "A pooler is in front of the database. Where it hands out sessions by transaction, set DATABASE_POOLER=transaction.",
  );
}

function roleFinding({ role, bypasses, owns }: Me): Finding {
  if (bypasses)
    return failure("role", `${role} passes row-level security by. Run: ALTER ROLE ${role} NOSUPERUSER NOBYPASSRLS.`);
  if (owns)
    return failure("role", `${role} owns tables, which row-level security does not bind. Give them to another role.`);
  return ok("role", `${role} owns nothing, and row-level security binds it.`);
}

/** The role that the tables were granted to, as the migrations' runner finds it. */
async function grantedRole(db: pg.Client): Promise<string | undefined> {
  const found = await rows<{ name: string }[]>(
    db,
    `SELECT g.rolname AS name FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles g ON g.oid = a.grantee
      WHERE c.oid = to_regclass('audit_event') AND a.privilege_type = 'INSERT' AND a.grantee <> c.relowner LIMIT 1`,
  );
  return found[0]?.name;
}

async function rightsFinding(db: pg.Client): Promise<Finding> {
  const [{ may, schema }] = await rows<[{ may: boolean | null; schema: string | null }]>(
    db,
    `SELECT current_schema() AS schema, has_schema_privilege(current_user, current_schema(), 'CREATE')
       AND (to_regclass('audit_event') IS NULL OR pg_has_role(current_user,
         (SELECT relowner FROM pg_class WHERE oid = to_regclass('audit_event')), 'USAGE')) AS may`,
  );
  return may
    ? ok("rights", `The migrations' user may work in the schema ${schema}.`)
    : failure(
        "rights",
        "The migrations' user may not change the schema. Give MIGRATION_DATABASE_URL the owner's address.",
      );
}

async function extensionFinding(db: pg.Client): Promise<Finding> {
  const [{ installed, available }] = await rows<[{ installed: boolean; available: boolean }]>(
    db,
    `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS installed,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS available`,
  );
  if (installed) return ok("extension", "pg_trgm is there.");
  return available
    ? warning(
        "extension",
        "pg_trgm is not made in this database yet. The next start does, or run: CREATE EXTENSION pg_trgm.",
      )
    : failure("extension", "The server does not have pg_trgm. Install PostgreSQL's contrib modules there.");
}

async function migrationsFinding(db: pg.Client, folder: string): Promise<Finding> {
  const { pending, newer, changed, serves } = await migrationState(db, folder);
  if (serves)
    return warning(
      "migrations",
      `The database is newer than this program (${newer.at(-1)}), and still serves it. Upgrade the program.`,
    );
  if (newer.length > 0)
    return failure(
      "migrations",
      `The database is newer than this program: it has ${newer.at(-1)}. Start the newer version.`,
    );
  if (changed.length > 0)
    return failure(
      "migrations",
      `${changed[0]} was changed after it was applied. Put the program's files back as they were.`,
    );
  return pending.length > 0
    ? warning(
        "migrations",
        `${pending.length} are not applied yet. The next start does so; back the database up first.`,
      )
    : ok("migrations", "The database is up to date.");
}

async function rootSecretFinding(db: pg.Client, ring: Keyring | undefined): Promise<Finding> {
  const [{ name }] = await rows<[{ name: string | null }]>(db, "SELECT to_regclass('root_secret') AS name");
  const [stored] = name ? await rows<{ sealed: Buffer }[]>(db, "SELECT sealed FROM root_secret WHERE id = 1") : [];
  if (!stored) return warning("root-secret", "Nothing is sealed yet. The first start makes the root secret.");
  if (!ring) return failure("root-secret", "Without a key it was not tried. Restore the key.");
  try {
    openWith(ring, stored.sealed, rootAddress).fill(0);
    return ok("root-secret", "The key opens the database.");
  } catch {
    return failure(
      "root-secret",
      "The key does not open the database. Restore the one that it was sealed with; no new one helps.",
    );
  }
}

/** Half of the time that the answer took is taken for the way back. */
async function clockFinding(db: pg.Client): Promise<Finding> {
  const before = Date.now();
  const [{ now }] = await rows<[{ now: number }]>(
    db,
    "SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now",
  );
  const after = Date.now();
  const apart = Math.abs((before + after) / 2 - now) - (after - before) / 2;
  if (apart > CLOCK_FAILURE_MS)
    return failure(
      "clock",
      `This machine's clock and the database's are ${Math.round(apart / 1_000)} s apart. Set both by NTP.`,
    );
  if (apart > CLOCK_WARNING_MS)
    return warning(
      "clock",
      `This machine's clock and the database's are ${(apart / 1_000).toFixed(1)} s apart. Set both by NTP.`,
    );
  return ok("clock", "This machine's clock and the database's agree.");
}

const rows = async <Rows>(db: pg.Client, text: string): Promise<Rows> => (await db.query(text)).rows as Rows;
