import "server-only";
import type pg from "pg";

/** What migrations note of themselves. */
export const NOTES = ["_prisma_migrations", "function_file", "schema_compatibility"];

/**
 * What no backup holds. Sessions, links, answers kept for a repeated request and sign-ins under way must not come back to life;
 * instances and counters of attempts are of the moment; the rest is what the migrations note of themselves.
 */
const LEFT_OUT = [
  ...["session", "person_link", "setup_token", "idempotency_key", "authorization_flow", "rate_limit", "instance"],
  ...NOTES,
];

export interface Table {
  name: string;
  columns: string[];
  /** Tables that its rows refer to. */
  refersTo: string[];
  /** Row-level security binds its owner, too. */
  isForced: boolean;
  /** Whoever is signed in sees all of it in a backup's scope. */
  isReadable: boolean;
}

const TABLES = `SELECT c.relname AS name, c.relforcerowsecurity AS "isForced",
    NOT c.relrowsecurity OR r.rolsuper OR r.rolbypassrls OR EXISTS
      (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'backup' AND r.oid = ANY (p.polroles)) AS "isReadable",
    ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
    ARRAY(SELECT DISTINCT t.relname::text FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid
      WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS "refersTo"
  FROM pg_class c, pg_roles r
  WHERE r.rolname = current_user AND c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition AND c.relname <> ALL ($1) ORDER BY c.relname`;

/** The tables that a backup holds, each after those that it refers to. Partitions are rows of the table they are of. */
export async function tablesOf(db: pg.Client): Promise<Table[]> {
  const { rows } = await db.query<Table>(TABLES, [LEFT_OUT]);
  return inOrder(rows);
}

function inOrder(tables: Table[]): Table[] {
  const done: Table[] = [];
  const isDone = (name: string) => done.some((one) => one.name === name) || !tables.some((one) => one.name === name);
  while (done.length < tables.length) {
    const next = tables.find((one) => !done.includes(one) && one.refersTo.every(isDone));
    if (!next) throw new Error("tables refer to each other in a circle");
    done.push(next);
  }
  return done;
}

/** As SQL names it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** How values are written as text, whatever the server, the database or the user has been set to. */
export const PLAIN_TEXT =
  "SET client_encoding = 'UTF8'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET timezone = 'UTC'; " +
  "SET extra_float_digits = 1; SET bytea_output = 'hex'; SET statement_timeout = 0; SET lock_timeout = 0; " +
  "SET idle_in_transaction_session_timeout = 0";
