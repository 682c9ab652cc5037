import "server-only";
import type { Network } from "@/lib/providers/define-connection";
import { openSession, type Session } from "@/lib/providers/postgresql/session";
import { targetOf } from "@/lib/providers/postgresql/target";
import { StepError, TestRun } from "@/lib/providers/test-run";
import { MAY_NOT_READ, unreadable } from "./database-problems";
import { readTables, type StoredCredential } from "./tables";

const TOTAL_MS = 60_000;

/**
 * Reads Flowise's tables from its PostgreSQL, by the road of the connection tests: one look-up, judged addresses, TLS
 * as the address demands. Changes nothing there.
 */
export async function readPostgres(address: string, network: Network): Promise<StoredCredential> {
  const testRun = new TestRun(["resolve", "address", "connect", "tls", "sign_in"], {
    signal: AbortSignal.timeout(TOTAL_MS),
  });
  try {
    const session = await openSession(testRun, targetOf({ connection_string: address }), network);
    try {
      return await readWith(session);
    } finally {
      session.close();
    }
  } catch (error) {
    throw error instanceof StepError ? unreadable(error.problem) : error;
  }
}

async function readWith({ client, denied, problemOf }: Session): Promise<StoredCredential> {
  if (denied) throw new StepError(MAY_NOT_READ);
  const ask = async (sql: string, values: string[] = []): Promise<Record<string, unknown>[]> => {
    try {
      return (await client.query(sql, values)).rows;
    } catch (error) {
      const problem = problemOf(error);
      throw new StepError(problem.code === MAY_NOT_READ.code ? MAY_NOT_READ : problem);
    }
  };
  await ask("SET default_transaction_read_only = on");
  await ask("SET statement_timeout = '30s'");
  await ask("SET TimeZone = 'UTC'");
  const columns = "SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0";
  return readTables({
    text: "TEXT",
    columns: async (table) => (await ask(columns, [table])).map(({ name }) => String(name)),
    rows: (sql) => ask(sql),
  });
}
