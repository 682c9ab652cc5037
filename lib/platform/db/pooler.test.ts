import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { startPgBouncer } from "@/test/servers/pgbouncer";

const database = process.env.DATABASE_URL ?? "";
const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 1 });
let end: () => Promise<void> = async () => undefined;
afterEach(() => end());
afterAll(() => owner.end());

/** A start through a real PgBouncer. */
async function startThrough(settings: Record<string, string>, url = database): Promise<string> {
  vi.resetModules();
  const pooler = await startPgBouncer(url, settings);
  process.env.DATABASE_URL = pooler.url;
  const { ready } = await import("@/lib/platform/readiness");
  const { disconnect } = await import(".");
  end = async () => {
    await disconnect();
    await pooler.stop();
    process.env.DATABASE_URL = database;
  };
  return ready().then(
    () => "ready",
    (error: Error) => error.message,
  );
}

test("a pooler that drops start-up options stops the start: every organisation's rows could be in sight", async () => {
  expect(await startThrough({ ignore_startup_parameters: "options" })).toContain("in spite of our start-up options");
});

test("a pooler that refuses start-up options stops the start with the cause, and what to do", async () => {
  const said = await startThrough({});
  expect(said).toContain("does not let us in with our start-up options");
  expect(said).toContain("ALTER ROLE");
});

test("what the refusal says works: the user of DATABASE_URL has by itself what the options would ask for", async () => {
  const name = `pooled_${randomUUID().replaceAll("-", "")}`;
  await owner.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'; GRANT latchkey_app TO ${name};
    GRANT CONNECT ON DATABASE latchkey TO ${name};
    ALTER ROLE ${name} SET role = latchkey_app; ALTER ROLE ${name} SET timezone = 'UTC';
    ALTER ROLE ${name} SET statement_timeout = 15000; ALTER ROLE ${name} SET idle_in_transaction_session_timeout = 30000`);
  const url = Object.assign(new URL(database), { username: name, password: name }).href;
  expect(await startThrough({ ignore_startup_parameters: "options" }, url)).toBe("ready");
});
