import "server-only";
import initSqlJs, { type Database } from "sql.js";
import { Refusal } from "@/lib/platform/refusal";
import { readTables, type StoredCredential } from "./tables";

const HEADER = "SQLite format 3\0";
/** Memory that SQLite may take, the database included. */
const HEAP_BYTES = 256 * 1024 * 1024;

/** Reads an SQLite database from memory: no file is written, and the bytes are gone with the process that reads them. */
export async function readSqlite(bytes: Uint8Array): Promise<StoredCredential> {
  if (Buffer.from(bytes.subarray(0, 16)).toString("latin1") !== HEADER) {
    throw new Refusal("invalid", "This is not an SQLite database. Choose the file database.sqlite of Flowise.");
  }
  const { Database } = await initSqlJs();
  const database = new Database(withoutJournal(bytes));
  try {
    // A damaged or hostile file may ask for endless memory, or call functions from its schema.
    database.run(`PRAGMA hard_heap_limit=${HEAP_BYTES}; PRAGMA trusted_schema=OFF; PRAGMA query_only=ON`);
    return await readTables({
      text: "TEXT",
      columns: async (table) => all(database, `PRAGMA table_info(${table})`).map(({ name }) => String(name)),
      rows: async (sql) => all(database, sql),
    });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("invalid", "The SQLite database is damaged. Copy it again while Flowise is stopped.");
  } finally {
    database.close();
  }
}

/** A database in write-ahead mode asks for a second file, which is not there. What it says in its main file is whole. */
function withoutJournal(bytes: Uint8Array): Uint8Array {
  if (bytes[18] !== 2 && bytes[19] !== 2) return bytes;
  const copy = new Uint8Array(bytes);
  copy.set([1, 1], 18);
  return copy;
}

function all(database: Database, sql: string): Record<string, unknown>[] {
  const statement = database.prepare(sql);
  const rows: Record<string, unknown>[] = [];
  try {
    while (statement.step()) rows.push(statement.getAsObject());
  } finally {
    statement.free();
  }
  return rows;
}
