import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { disconnect, statement } from "@/lib/platform/db";

const rival = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
beforeAll(() => rival.connect());
afterAll(async () => {
  await rival.end();
  await disconnect();
});

const backend = async () => (await statement<{ pid: number }>("pid", "SELECT pg_backend_pid() AS pid", []))[0]?.pid;

test("a statement that the database calls off in a deadlock is tried again, and its caller never hears of it", async () => {
  const [one, other] = [4_711, 4_712];
  await rival.query("BEGIN");
  // The other side is called off, since it looks for a deadlock sooner.
  await rival.query("SET LOCAL deadlock_timeout = '60s'");
  await rival.query("SELECT pg_advisory_xact_lock($1)", [other]);
  const both = "SELECT pg_advisory_xact_lock($1::bigint), pg_advisory_xact_lock($2::bigint)";
  const ours = statement("both_locks", both, [one, other]);
  const waiting = "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted";
  await expect.poll(async () => (await rival.query(waiting, [other])).rows[0].n).toBe(1);
  await rival.query("SELECT pg_advisory_xact_lock($1)", [one]);
  await rival.query("COMMIT");
  await expect(ours).resolves.toHaveLength(1);
});

test("a connection on which a rule was broken is kept, and one that may be out of step is not", async () => {
  const before = await backend();
  const broken = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'LK001'; END $$";
  await expect(statement("broken_rule", broken, [])).rejects.toMatchObject({ code: "LK001" });
  expect(await backend()).toBe(before);
  await expect(statement("no_such_table", "SELECT * FROM no_such_table", [])).rejects.toMatchObject({ code: "42P01" });
  expect(await backend()).not.toBe(before);
});
