import "server-only";
import type { Network } from "@/lib/providers/define-connection";
import { type MysqlSession, openMysql } from "@/lib/providers/drivers/mysql-session";
import { StepError, TestRun } from "@/lib/providers/test-run";
import { MAY_NOT_READ, unreadable } from "./database-problems";
import { readMysqlAddress } from "./mysql-address";
import { readTables, type StoredCredential } from "./tables";

const TOTAL_MS = 60_000;
const QUERY_MS = 30_000;

/**
 * Reads Flowise's tables from its MySQL or MariaDB, by the road of the connection tests: one look-up, judged addresses, TLS
 * as the address demands, and no password to a server that was not verified. Changes nothing there.
 */
export async function readMysql(address: string, network: Network): Promise<StoredCredential> {
  const read = readMysqlAddress(address);
  if (!read.ok)
    throw unreadable({ code: "connection_string_unreadable", meaning: `The address: ${read.problem}.`, advice: "" });
  const testRun = new TestRun(["resolve", "address", "connect", "tls", "sign_in"], {
    signal: AbortSignal.timeout(TOTAL_MS),
  });
  try {
    const session = await openMysql(testRun, read.value.target, network);
    try {
      return await readWith(session, read.value.database);
    } finally {
      session.close();
    }
  } catch (error) {
    throw error instanceof StepError ? unreadable(error.problem) : error;
  }
}

/** MySQL's numbers for: no right to the database, no such database, no right to the table or a column of it. */
const DENIED = new Set([1044, 1142, 1143]);
const NO_DATABASE = 1049;

async function readWith({ connection, problemOf }: MysqlSession, database: string): Promise<StoredCredential> {
  const ask = async (sql: string, values: string[] = []): Promise<Record<string, unknown>[]> => {
    try {
      const [rows] = await connection.promise().query({ sql, values, timeout: QUERY_MS });
      return rows as Record<string, unknown>[];
    } catch (error) {
      const { errno } = error as { errno?: number };
      if (DENIED.has(errno ?? 0)) throw new StepError(MAY_NOT_READ);
      throw new StepError(errno === NO_DATABASE ? NOT_THERE : problemOf(error));
    }
  };
  await ask("USE ??", [database]);
  await ask("SET SESSION TRANSACTION READ ONLY");
  // Names in double quotes, as in the other kinds of databases.
  await ask("SET SESSION sql_mode = 'ANSI_QUOTES'");
  const columns =
    "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?";
  return readTables({
    text: "CHAR",
    columns: async (table) => (await ask(columns, [database, table])).map(({ name }) => String(name)),
    rows: (sql) => ask(sql),
  });
}

const NOT_THERE = {
  ...MAY_NOT_READ,
  code: "no_such_database",
  meaning: "The server has no database of this name.",
  advice: "Check the name behind the last slash (Flowise's DATABASE_NAME).",
};
