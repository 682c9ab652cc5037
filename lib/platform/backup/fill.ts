import "server-only";
import { createHash } from "node:crypto";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Container, Header } from "./container";
import { requireEmpty } from "./empty";
import { type Frame, unreadable } from "./frames";
import { quoted, type Table, tablesOf } from "./tables";

export interface Filled {
  counts: Record<string, number>;
  anchors: Buffer[];
}

/** Leaves the transaction open, with every row in it. */
export async function fill(db: pg.Client, { header, frames }: Container, migration: string): Promise<Filled> {
  await db.query("BEGIN");
  const tables = await tablesOf(db);
  // Nobody writes from here on; that nobody has until here is looked at once more under the lock.
  await db.query(`LOCK TABLE ${tables.map(({ name }) => quoted(name)).join(", ")} IN ACCESS EXCLUSIVE MODE`);
  await alter(db, tables, (table) => [
    "DISABLE TRIGGER USER",
    ...(table.isForced ? ["NO FORCE ROW LEVEL SECURITY"] : []),
  ]);
  await requireEmpty(db, migration);
  const rules = await dropRules(db, header.brokenRules);
  const filled = await copyAll(db, tables, frames());
  for (const rule of rules) await db.query(rule);
  await alter(db, tables, (table) => ["ENABLE TRIGGER USER", ...(table.isForced ? ["FORCE ROW LEVEL SECURITY"] : [])]);
  return filled;
}

async function alter(db: pg.Client, tables: Table[], how: (table: Table) => string[]): Promise<void> {
  for (const table of tables) await db.query(`ALTER TABLE ${quoted(table.name)} ${how(table).join(", ")}`);
}

/** Rows that broke a rule where they come from would be refused by it here. @returns what makes the rules again, for rows to come */
async function dropRules(db: pg.Client, broken: Header["brokenRules"]): Promise<string[]> {
  const again: string[] = [];
  for (const { table, name } of broken) {
    const { rows } = await db.query<{ definition: string }>(
      "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = to_regclass($1) AND conname = $2",
      [table, name],
    );
    const [rule] = rows;
    if (!rule) continue;
    await db.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
    const definition = rule.definition.replace(/ NOT VALID$/, "");
    again.push(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition} NOT VALID`);
  }
  return again;
}

async function copyAll(db: pg.Client, tables: Table[], frames: AsyncGenerator<Frame>): Promise<Filled> {
  const counts: Record<string, number> = {};
  const anchors: Buffer[] = [];
  for await (const frame of frames) {
    if (frame.kind === "table") counts[frame.name] = await copyTable(db, tables, frame, frames);
    else if (frame.kind === "anchors") anchors.push(Buffer.from(frame.data));
    else if (frame.kind === "sequence")
      await db.query("SELECT setval($1::regclass, $2)", [quoted(frame.name), frame.value]);
    else if (frame.kind !== "end" || frame.tables !== Object.keys(counts).length) throw unreadable();
  }
  return { counts, anchors };
}

/** @returns the number of rows, which are those that were written to the file */
async function copyTable(
  db: pg.Client,
  tables: Table[],
  { name, columns }: { name: string; columns: string[] },
  frames: AsyncGenerator<Frame>,
): Promise<number> {
  if (!tables.some((table) => table.name === name && columns.every((one) => table.columns.includes(one))))
    throw unreadable();
  const hash = createHash("sha256");
  const into = db.query(copyFrom(`COPY ${quoted(name)} (${columns.map(quoted).join(", ")}) FROM STDIN`));
  const done = new Promise<void>((resolve, reject) => into.once("finish", resolve).once("error", reject));
  done.catch(() => {}); // awaited below
  for (;;) {
    const { value: frame } = (await frames.next()) as IteratorResult<Frame, undefined>;
    if (frame?.kind === "rows") {
      hash.update(frame.data);
      if (!into.write(frame.data)) await Promise.race([new Promise((drained) => into.once("drain", drained)), done]);
      continue;
    }
    into.end();
    await done;
    if (frame?.kind !== "tableEnd" || frame.rows !== into.rowCount || frame.sha256 !== hash.digest("hex"))
      throw unreadable();
    return frame.rows;
  }
}
