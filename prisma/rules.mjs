// Looks whether the rows that were there before a rule keep it. A migration adds its rules for new rows alone (NOT VALID), which
// takes no time and never fails for what an earlier version left behind.
import pg from "pg";

/**
 * Makes rules hold for all rows, where they do; says where one does not. Such a rule binds what is written from now on, and is
 * looked at again with each start.
 * @param {import("pg").Client} db the owner's connection
 * @param {(line: string) => void} log
 */
export async function validateRules(db, log) {
  const { rows: rules } = await db.query(OPEN);
  for (const rule of rules) if (!(await validate(db, rule))) log(broken(rule, await countOf(db, rule)));
}

const OPEN = `SELECT r.conname AS name, r.conrelid::regclass::text AS of, pg_get_expr(r.conbin, r.conrelid) AS condition,
    ARRAY(SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid IN (r.conrelid, r.confrelid) AND c.relforcerowsecurity) AS forced
  FROM pg_constraint r WHERE r.connamespace = current_schema()::regnamespace AND NOT r.convalidated ORDER BY 2, 1`;

/** What the database says where a row breaks a rule. */
const BROKEN = ["23503", "23514"];

async function validate(db, { name, of, condition, forced }) {
  // A check looks at the rows themselves; a reference asks for them, and the owner is bound by row-level security as well.
  const bound = condition === null ? forced : [];
  try {
    await db.query("BEGIN");
    await force(db, bound, "NO FORCE");
    await db.query(`ALTER TABLE ${of} VALIDATE CONSTRAINT ${pg.escapeIdentifier(name)}`);
    await force(db, bound, "FORCE");
    await db.query("COMMIT");
    return true;
  } catch (error) {
    await db.query("ROLLBACK").catch(() => {}); // the first error is the one to tell
    if (BROKEN.includes(error.code)) return false;
    throw error;
  }
}

/** How many rows break a check. */
async function countOf(db, { of, condition, forced }) {
  if (condition === null) return undefined;
  await db.query("BEGIN");
  await force(db, forced, "NO FORCE");
  const { rows } = await db.query(`SELECT count(*) AS count FROM ${of} WHERE NOT (${condition})`);
  await db.query("ROLLBACK");
  return Number(rows[0].count);
}

async function force(db, tables, how) {
  for (const table of tables) await db.query(`ALTER TABLE ${table} ${how} ROW LEVEL SECURITY`);
}

const broken = ({ name, of }, count) =>
  `${count ?? "Some"} rows of ${of} break the rule ${name}. They were stored by an earlier version and are left as they are; what is ` +
  "written from now on keeps it. Mend them as the owner of the database; the next start looks again.";
