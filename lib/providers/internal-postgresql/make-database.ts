import "server-only";
import type pg from "pg";
import type { Network, Operation } from "../define-connection";
import { newPassword, scramVerifier, verifierLiteral } from "../postgresql/scram";
import { openSession, type Session } from "../postgresql/session";
import { type Target, targetOf } from "../postgresql/target";
import { type Problem, StepError, TestRun } from "../test-run";

/**
 * Makes a database and the one role that may use it, and answers that role's new password. Whatever of it is there already is taken up, so that it can be cut
 * off anywhere and run again.
 */
export const makeDatabase: Operation = {
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "change"],

  async run({ data, extra }, testRun, network) {
    const names = { database: nameOf(extra.database), role: nameOf(extra.role) };
    const password = newPassword();
    const literal = verifierLiteral(scramVerifier(password));
    const target = await testRun.step("values", () => targetOf(data));
    const session = await openSession(testRun, target, network);
    try {
      await testRun.step("change", async (notes) => {
        await fixed(session, () => makeRole(session.client, names.role, literal));
        await fixed(session, () => makeEmptyDatabase(session.client, names.database));
        await fixed(session, () => session.client.query(grants(names)));
        await grantInside({ ...target, database: names.database }, names.role, testRun, network);
        notes.detail = names.database;
      });
      session.client.end().catch(() => undefined);
    } finally {
      session.close();
    }
    return { password };
  },
};

interface Names {
  database: string;
  role: string;
}

/** Lower case and without a sign that means anything, so that it stands in SQL as it is. @throws Error otherwise */
function nameOf(name: string | undefined): string {
  if (name === undefined || !/^tenant_[0-9a-f]{32}(_rw)?$/.test(name)) throw new Error("not a name of ours");
  return name;
}

async function makeRole(client: pg.Client, role: string, literal: string): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [role]);
  await client.query(
    rowCount
      ? `ALTER ROLE ${role} LOGIN PASSWORD ${literal}`
      : `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD ${literal}`,
  );
}

async function makeEmptyDatabase(client: pg.Client, database: string): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [database]);
  // template0: nothing of what the operator keeps in template1, and any encoding.
  if (!rowCount) await client.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`);
}

/** Nobody but this role gets in: PUBLIC may connect to every new database unless told otherwise. */
const grants = ({ database, role }: Names) => `
  REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
  GRANT CONNECT, TEMPORARY, CREATE ON DATABASE ${database} TO ${role};`;

/** Rights on what is in a database are given from inside it. */
async function grantInside(target: Target, role: string, testRun: TestRun, network: Network): Promise<void> {
  const quiet = new TestRun([], { signal: testRun.signal });
  const inside = await openSession(quiet, target, network);
  try {
    await fixed(inside, () => inside.client.query(`GRANT ALL ON SCHEMA public TO ${role}`));
    inside.client.end().catch(() => undefined);
  } finally {
    inside.close();
  }
}

/** What the server says of a statement, in fixed words. */
async function fixed(session: Session, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const state = String((error as { code?: unknown }).code);
    throw new StepError(state === "42501" ? NOT_ALLOWED : session.problemOf(error));
  }
}

const NOT_ALLOWED: Problem = {
  code: "not_allowed",
  meaning: "The role of MANAGED_DATABASE_URL may not make roles or databases.",
  advice: "Whoever runs Latchkey must give it CREATEROLE and CREATEDB on that server.",
  outcome: "failed",
};
