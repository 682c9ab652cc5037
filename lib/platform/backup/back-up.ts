import "server-only";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { Refusal } from "@/lib/platform/refusal";
import { FORMAT, type Header, writeContainer } from "./container";
import type { Frame } from "./frames";
import { asOwner, backupKey } from "./owner";
import { PLAIN_TEXT, quoted, type Table, tablesOf } from "./tables";

export interface BackupReport {
  file: string;
  bytes: number;
  sha256: string;
  takenAt: string;
  migration: string;
  keyIds: string[];
  tables: Record<string, number>;
  rows: number;
}

export interface BackupSource {
  ownerUrl: string;
  /** The file of anchors, which may not be there. */
  anchors: string;
  /** This program's version. */
  program: string;
}

/**
 * Writes all rows, as they are at one moment, to a file of mode 0600. Takes no lock that a reader or writer would wait for, and as much
 * memory for many rows as for few.
 * @throws Refusal where the file is there, where the keys of this process do not open the vault's root secret, and where the database's
 * user would not see all rows
 */
export function backUp(file: string, { ownerUrl, anchors, program }: BackupSource): Promise<BackupReport> {
  return asOwner(ownerUrl, async (db) => {
    // Before the rows: an anchor of a later event would say that the backup lacks it.
    const heads = await readFile(anchors).catch(() => Buffer.alloc(0));
    await db.query(PLAIN_TEXT);
    await db.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await db.query("SELECT set_config('app.scope', 'backup', true)");
    const tables = await readableTables(db);
    const header = await headerOf(db, tables, program);
    const counts: Record<string, number> = {};
    const key = backupKey(Buffer.from(header.rootSecret, "base64"));
    const { bytes, sha256 } = await writeContainer(file, header, framesOf(db, tables, heads, counts), key);
    await db.query("COMMIT");
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const migration = header.migrations.at(-1) ?? "";
    return { file, bytes, sha256, takenAt: header.takenAt, migration, keyIds: header.keyIds, tables: counts, rows };
  });
}

async function readableTables(db: pg.Client): Promise<Table[]> {
  const tables = await tablesOf(db);
  if (!tables.some(({ name }) => name === "root_secret"))
    throw new Refusal("not_found", "There is nothing to back up: the database has no tables of Latchkey's");
  if (tables.every(({ isReadable }) => isReadable)) return tables;
  throw new Refusal(
    "forbidden",
    "Row-level security hides rows from this database user, so the backup would lack them. Give the owner of the tables as " +
      "MIGRATION_DATABASE_URL, once a start of this version has brought the database up to date; or a user with BYPASSRLS.",
  );
}

async function headerOf(db: pg.Client, tables: Table[], program: string): Promise<Header> {
  const one = async <Row extends pg.QueryResultRow>(sql: string) => (await db.query<Row>(sql)).rows;
  const [root] = await one<{ sealed: Buffer }>("SELECT sealed FROM root_secret WHERE id = 1");
  if (!root) throw new Refusal("not_found", "There is nothing to back up: this Latchkey was never started");
  const migrations = await one<{ name: string }>(
    `SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1`,
  );
  const [now] = await one<{ at: Date; version: string }>(
    "SELECT transaction_timestamp() AS at, current_setting('server_version') AS version",
  );
  const [noted] = await one<{ there: boolean }>("SELECT to_regclass('function_file') IS NOT NULL AS there");
  const [functions] = noted?.there ? await one<{ all: string | null }>(FUNCTIONS) : [];
  return {
    latchkey: "backup",
    format: FORMAT,
    takenAt: now?.at.toISOString() ?? "",
    program,
    migrations: migrations.map(({ name }) => name),
    functions: createHash("sha256")
      .update(functions?.all ?? "")
      .digest("hex"),
    server: now?.version ?? "",
    keyIds: await keyIdsIn(db, tables),
    rootSecret: root.sealed.toString("base64"),
    brokenRules: await one<{ table: string; name: string }>(BROKEN),
  };
}

/** What the files of functions were when they were applied. */
const FUNCTIONS = "SELECT string_agg(name || ' ' || checksum, E'\\n' ORDER BY name) AS all FROM function_file";

/** Rules that a start could not prove for the rows that are there. */
const BROKEN = `SELECT conrelid::regclass::text AS "table", conname AS name FROM pg_constraint
  WHERE connamespace = current_schema()::regnamespace AND NOT convalidated AND contype = 'c' ORDER BY 1, 2`;

/** An envelope names the key that wraps it, behind its first byte (docs/envelope-format.md). */
async function keyIdsIn(db: pg.Client, tables: Table[]): Promise<string[]> {
  const sealed = tables.filter(({ columns }) => columns.includes("sealed"));
  const { rows } = await db.query<{ id: string }>(
    sealed
      .map(
        ({ name }) =>
          `SELECT encode(substring(sealed from 2 for 8), 'hex') AS id FROM ${quoted(name)} WHERE sealed IS NOT NULL`,
      )
      .join(" UNION "),
  );
  return rows.map(({ id }) => id).sort();
}

async function* framesOf(
  db: pg.Client,
  tables: Table[],
  anchors: Buffer,
  counts: Record<string, number>,
): AsyncGenerator<Frame> {
  for (const { name, columns } of tables) {
    yield { kind: "table", name, columns };
    const hash = createHash("sha256");
    const rows = db.query(copyTo(`COPY (SELECT ${columns.map(quoted).join(", ")} FROM ${quoted(name)}) TO STDOUT`));
    for await (const data of rows) {
      hash.update(data);
      yield { kind: "rows", data };
    }
    counts[name] = rows.rowCount;
    yield { kind: "tableEnd", rows: rows.rowCount, sha256: hash.digest("hex") };
  }
  const { rows: sequences } = await db.query<{ name: string; value: string }>(SEQUENCES);
  for (const { name, value } of sequences) yield { kind: "sequence", name, value };
  if (anchors.length > 0) yield { kind: "anchors", data: anchors };
  yield { kind: "end", tables: tables.length };
}

const SEQUENCES =
  "SELECT sequencename AS name, last_value::text AS value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL";
