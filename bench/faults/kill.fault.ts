import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { create, postmaster, query, replacement, type Subject, send, subject, violations } from "./client";

let one: Subject;
const ids: string[] = [];
/** The highest version that a caller was told is stored. */
const acknowledged = new Map<string, number>();
beforeAll(async () => {
  one = await subject();
  for (let at = 0; at < 8; at++) ids.push(await create(one));
});
afterAll(() => one.product.stop());

/** Eight writers change and fetch until told to stop; returns how many changes were acknowledged. */
function writers() {
  let going = true;
  let stored = 0;
  const loops = ids.map(async (id, at) => {
    for (let round = 0; going; round++) {
      const { status, body } = await send(one.product.url, one.user, "PATCH", `/${id}`, replacement(`${at}-${round}`));
      if (status === 200) {
        stored++;
        acknowledged.set(id, Math.max(acknowledged.get(id) ?? 1, body.version));
      } else await pause(20);
      await send(one.product.url, one.program, "GET", `/${id}/credentials`);
    }
  });
  return async () => {
    going = false;
    await Promise.all(loops);
    return stored;
  };
}

test("F1: twenty times killed in mid-update, no acknowledged change is lost and no event lies", async () => {
  let stored = 0;
  for (let round = 0; round < 20; round++) {
    const stop = writers();
    await pause(200 + Math.random() * 1_800);
    await one.product.kill();
    stored += await stop();
    await one.product.start();
  }
  const found = await violations(one, acknowledged);
  console.log(`F1: 20 kills, ${stored} acknowledged changes, ${found.length} violations`);
  expect(found).toEqual([]);
  const stuck = await query(
    one.product,
    "SELECT 1 FROM idempotency_key WHERE status IS NULL AND locked_until > now() + interval '31 seconds'",
  );
  expect(stuck).toEqual([]);
});

test("F2: five times the database is killed; the product goes on by itself and nothing is lost or damaged", async () => {
  let stored = 0;
  const pid = one.product.pid;
  for (let round = 0; round < 5; round++) {
    const stop = writers();
    await pause(500 + Math.random() * 1_500);
    process.kill(postmaster(one.product), "SIGKILL");
    await pause(100);
    // Time to come back: the writers go on asking.
    await expect
      .poll(async () => (await send(one.product.url, one.user, "GET", "?limit=1")).status, { timeout: 30_000 })
      .toBe(200);
    await pause(1_000);
    stored += await stop();
  }
  expect([one.product.pid, one.product.exitCode]).toEqual([pid, null]);
  const found = await violations(one, acknowledged);
  await query(one.product, "CREATE EXTENSION IF NOT EXISTS amcheck");
  const heap = await query(
    one.product,
    "SELECT c.relname, v.msg FROM pg_class c, LATERAL verify_heapam(c.oid) v WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace",
  );
  await query(
    one.product,
    "SELECT bt_index_check(i.indexrelid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relnamespace = 'public'::regnamespace",
  );
  const [sums] = await query<{ checksum_failures: string | null }>(
    one.product,
    "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()",
  );
  console.log(
    `F2: 5 kills, ${stored} acknowledged changes, ${found.length} violations, ${heap.length} heap faults, ${sums?.checksum_failures ?? 0} checksum failures`,
  );
  expect([found, heap, Number(sums?.checksum_failures ?? 0)]).toEqual([[], [], 0]);
});

test("F3: while the database restarts, callers get 503 with Retry-After, then success; no connection leaks", async () => {
  const id = ids[0] ?? "";
  const answers: { at: number; status: number; retry: boolean; ms: number }[] = [];
  let going = true;
  const began = performance.now();
  const load = (async () => {
    const calls: Promise<void>[] = [];
    while (going) {
      calls.push(
        send(one.product.url, one.program, "GET", `/${id}/credentials`).then(({ status, headers, ms }) => {
          answers.push({ at: performance.now() - began, status, retry: headers.has("retry-after"), ms });
        }),
      );
      await pause(20);
    }
    await Promise.all(calls);
  })();
  await pause(1_000);
  process.kill(postmaster(one.product), "SIGINT");
  await pause(4_000);
  const killed = await query<{ count: number }>(
    one.product,
    "SELECT count(pg_terminate_backend(pid))::int AS count FROM pg_stat_activity WHERE application_name = 'latchkey'",
  );
  await pause(3_000);
  going = false;
  await load;
  const bad = answers.filter(({ status }) => status !== 200);
  const [connections] = await query<{ count: number }>(
    one.product,
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'latchkey'",
  );
  const slowest = Math.round(Math.max(...answers.map(({ ms }) => ms)));
  console.log(
    `F3: ${answers.length} fetches, ${bad.length} refused while it was away, slowest ${slowest} ms, ${killed[0]?.count} connections ended, ${connections?.count} now`,
  );
  expect(bad.every(({ status, retry }) => status === 503 && retry)).toBe(true);
  expect(slowest).toBeLessThan(5_000);
  expect(answers.at(-1)?.status).toBe(200);
  expect(connections?.count).toBeLessThanOrEqual(16 + 8);
  expect(one.product.exitCode).toBeNull();
});
