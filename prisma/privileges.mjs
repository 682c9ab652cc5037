// What the schema's owner must be allowed to do, found out before anything is done; and the role that the application works
// under, which belongs to the whole cluster.
import pg from "pg";
import { JOBS_SCHEMA } from "./queues.mjs";

export const DEFAULT_ROLE = "latchkey_app";
const ROLE_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Finds or makes the role of the application, such that the owner may take it on. A database that has its tables keeps the role
 * that they were granted to. Roles are shared by the cluster: where the usual one is another installation's, this one gets its own.
 * @param {import("pg").Client} db the owner's connection
 * @param {{ wanted?: string, isPending: boolean }} options isPending: migrations will run, which takes more rights
 * @returns {Promise<string>}
 * @throws Error with the statements to run, when the owner lacks rights
 */
export async function applicationRole(db, { wanted, isPending }) {
  if (wanted !== undefined && !ROLE_NAME.test(wanted)) {
    throw new Error("DATABASE_ROLE must be lower-case letters, digits and underscores, at most 63");
  }
  const owner = await ownerOf(db);
  const granted = await grantedRole(db);
  if (granted && wanted && granted !== wanted) {
    throw new Error(`DATABASE_ROLE is ${wanted}, and this database works with ${granted}: leave the setting out`);
  }
  const settled = granted ?? wanted;
  const role = await firstTaken(db, owner, settled ? [settled] : [DEFAULT_ROLE, ownRoleOf(owner.database)]);
  const missing = [
    ...(isPending ? await missingRights(db, owner) : []),
    ...(await missingSchemaRight(db, owner)),
    ...(role ? [] : roleRights(owner, settled ?? DEFAULT_ROLE)),
  ];
  if (missing.length > 0) throw new Error(adviceFor(owner, missing));
  return role;
}

async function firstTaken(db, owner, names) {
  for (const name of names) if (await takeOn(db, owner, name)) return name;
  return undefined;
}

async function ownerOf(db) {
  const { rows } = await db.query(
    `SELECT current_user AS name, current_database() AS database, current_schema() AS schema, r.rolsuper AS super,
       r.rolcreaterole AS "createsRoles", current_setting('server_version_num')::int AS version
       FROM pg_roles r WHERE r.rolname = current_user`,
  );
  return rows[0];
}

/** The role that this database's tables were granted to, once they are there. */
async function grantedRole(db) {
  const { rows } = await db.query(
    `SELECT g.rolname AS name FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles g ON g.oid = a.grantee
      WHERE c.oid = to_regclass('audit_event') AND a.privilege_type = 'INSERT' AND a.grantee <> c.relowner LIMIT 1`,
  );
  return rows[0]?.name;
}

const ownRoleOf = (database) => `${DEFAULT_ROLE}_${database.toLowerCase().replaceAll(/[^a-z0-9_]/g, "_")}`.slice(0, 63);

/** Makes the role where it is missing, and the owner a member that may take it on. False where the owner may not. */
async function takeOn(db, owner, role) {
  await attempt(db, `CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS`);
  if (await mayTake(db, owner, role)) return true;
  await attempt(db, `GRANT ${role} TO ${pg.escapeIdentifier(owner.name)}`);
  return mayTake(db, owner, role);
}

/** Since PostgreSQL 16 a role's maker is a member that may not take it on. */
async function mayTake(db, { version }, role) {
  const right = version >= 160_000 ? "SET" : "MEMBER";
  const { rows } = await db.query(
    "SELECT coalesce((SELECT pg_has_role(current_user, oid, $2) FROM pg_roles WHERE rolname = $1), false) AS may",
    [role, right],
  );
  return rows[0].may;
}

/** Refused for want of a right, or because another installation was just faster: the look that follows tells. */
async function attempt(db, sql) {
  try {
    await db.query(sql);
  } catch (error) {
    if (!["42501", "42704", "42710", "23505", "XX000", "40001", "0LP01"].includes(error.code)) throw error;
  }
}

async function missingRights(db, { name, database, schema, super: isSuper }) {
  if (isSuper) return [];
  const who = pg.escapeIdentifier(name);
  const missing = [];
  if (schema === null) {
    missing.push(`CREATE SCHEMA AUTHORIZATION ${who};`);
  } else {
    // Named together they would be asked for with "or".
    const both = "has_schema_privilege(current_user, $1, 'USAGE') AND has_schema_privilege(current_user, $1, 'CREATE')";
    const { rows } = await db.query(`SELECT ${both} AS may`, [schema]);
    if (!rows[0].may) missing.push(`GRANT USAGE, CREATE ON SCHEMA ${pg.escapeIdentifier(schema)} TO ${who};`);
  }
  const { rows } = await db.query(
    `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS installed,
       (SELECT bool_or(trusted) FROM pg_available_extension_versions WHERE name = 'pg_trgm') AS trusted,
       has_database_privilege(current_user, current_database(), 'CREATE') AS may`,
  );
  const [{ installed, trusted, may }] = rows;
  if (!installed && trusted === null) {
    missing.push("-- install PostgreSQL's contrib modules on the server: the extension pg_trgm is not there");
  } else if (!installed && !(trusted && may)) {
    missing.push(
      trusted ? `GRANT CREATE ON DATABASE ${pg.escapeIdentifier(database)} TO ${who};` : "CREATE EXTENSION pg_trgm;",
    );
  }
  return missing;
}

/** The job queues' tables have a schema of their own, made at the first start that knows of them. */
async function missingSchemaRight(db, { name, database }) {
  const { rows } = await db.query(
    "SELECT to_regnamespace($1) IS NOT NULL OR has_database_privilege(current_user, current_database(), 'CREATE') AS may",
    [JOBS_SCHEMA],
  );
  if (rows[0].may) return [];
  const who = pg.escapeIdentifier(name);
  return [
    `CREATE SCHEMA ${JOBS_SCHEMA} AUTHORIZATION ${who};  -- or GRANT CREATE ON DATABASE ${pg.escapeIdentifier(database)} TO ${who};`,
  ];
}

const roleRights = ({ name }, role) => [
  `CREATE ROLE ${role} NOLOGIN;  -- unless it is there`,
  `GRANT ${role} TO ${pg.escapeIdentifier(name)};`,
];

const adviceFor = ({ name, database }, missing) =>
  `The database user ${name} lacks rights that Latchkey needs. Nothing was done. In the database ${database}, as a superuser, run:\n` +
  missing.map((line) => `  ${line}`).join("\n");
