import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";

// Partitions are everybody's.
const database = await ownDatabase();
process.env.DATABASE_URL = database.url;
const { clock } = await import("@/lib/platform/clock");
const { inOrganization } = await import("@/lib/platform/db");
const { tenant } = await import("@/test/tenant");
const { makePartitions } = await import("./expire");
const { listAuditEvents } = await import("./history");
const { recordAlone } = await import("./record");
const { verifyChains } = await import("./verify");

const now = clock.now;
const DAY = 86_400_000;
const inDays = (days: number) => {
  clock.now = () => new Date(Date.now() + days * DAY);
};
afterEach(() => {
  clock.now = now;
});

let owner: pg.Client;
beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(() => owner.end());

type Own = Awaited<ReturnType<typeof tenant>>;
const read = ({ user }: Own) => recordAlone(user, { action: "credential.read" });
const shown = async ({ admin }: Own) =>
  (await listAuditEvents(admin, {}, undefined, 200)).events.map(({ seq }) => Number(seq));
/** Each number from the last one down to the first. */
const downFrom = (last: number) => Array.from({ length: last }, (_, at) => last - at);
const partitionsOf = async ({ orgId }: Own) =>
  (
    await owner.query<{ name: string }>(
      "SELECT DISTINCT tableoid::regclass::text AS name FROM audit_event WHERE org_id = $1 ORDER BY 1",
      [orgId],
    )
  ).rows.map(({ name }) => name);
const isWhole = async ({ orgId }: Own) => (await verifyChains(orgId, "/nowhere/anchors"))[0]?.problem === null;

test("an event of whatever time is stored, and shown in its place", async () => {
  const own = await tenant();
  for (const days of [-20_000, 1, 400, 200_000, -1, 0]) {
    inDays(days);
    await read(own);
  }
  clock.now = now;
  const [last = 0] = await shown(own);
  expect(await shown(own)).toEqual(downFrom(last));
  expect(await partitionsOf(own)).toEqual(expect.arrayContaining(["audit_event_before", "audit_event_default"]));
  const first = await listAuditEvents(own.admin, {}, undefined, 4);
  const second = await listAuditEvents(own.admin, {}, first.next ?? "", 4);
  expect([...first.events, ...second.events].map(({ seq }) => Number(seq))).toEqual(downFrom(last).slice(0, 8));
  const { events } = await listAuditEvents(own.admin, { from: new Date(Date.now() + 300 * DAY) });
  expect(events.map(({ at }) => Date.parse(at) > Date.now())).toEqual([true, true]);
  expect(await isWhole(own)).toBe(true);
});

test("two clocks that are months apart and take turns hide nothing", async () => {
  const own = await tenant();
  for (let at = 0; at < 400; at++) {
    inDays(at % 2 ? 0 : 70);
    await read(own);
  }
  clock.now = now;
  const { rows } = await owner.query("SELECT count(*)::int AS count FROM audit_span WHERE org_id = $1", [own.orgId]);
  expect(rows[0].count).toBeGreaterThan(380);
  const last = (await shown(own))[0] ?? 0;
  const seen: number[] = [];
  for (let next: string | undefined; seen.length < last; ) {
    const page = await listAuditEvents(own.admin, {}, next, 200);
    seen.push(...page.events.map(({ seq }) => Number(seq)));
    next = page.next ?? undefined;
    if (!next) break;
  }
  expect(seen).toEqual(downFrom(last));
  // Few that match, over all of it: the first are as long ago as the organisation is.
  const { events } = await listAuditEvents(own.admin, { action: "user.created" });
  expect(events.length).toBeGreaterThan(1);
});

test("what a clock that was ahead has put into the default partition is in its month's, once that is there", async () => {
  const own = await tenant();
  const month = new Date(Date.UTC(now().getUTCFullYear(), now().getUTCMonth() + 2, 15));
  const name = `audit_event_${month.toISOString().slice(0, 7).replace("-", "_")}`;
  await owner.query(`DROP TABLE ${name}`);
  clock.now = () => month;
  await read(own);
  clock.now = now;
  await read(own);
  expect(await partitionsOf(own)).toContain("audit_event_default");
  await Promise.all([makePartitions(), makePartitions(), read(own)]);
  expect(await partitionsOf(own)).toContain(name);
  expect(await partitionsOf(own)).not.toContain("audit_event_default");
  const [last = 0] = await shown(own);
  expect(await shown(own)).toEqual(downFrom(last));
  expect(await isWhole(own)).toBe(true);
});

test("the application reaches a partition through its table alone, and can make or remove none by itself", async () => {
  const own = await tenant();
  const { rows } = await owner.query(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_event'::regclass",
  );
  expect(rows.length).toBeGreaterThan(4);
  for (const { name } of rows) {
    for (const text of [
      `SELECT FROM ${name}`,
      `INSERT INTO ${name} SELECT * FROM audit_event LIMIT 1`,
      `DELETE FROM ${name}`,
      `TRUNCATE ${name}`,
      `DROP TABLE ${name}`,
      `ALTER TABLE audit_event DETACH PARTITION ${name}`,
    ]) {
      await expect(
        inOrganization(own.orgId, (tx) => tx.$executeRawUnsafe(text)),
        text,
      ).rejects.toThrow();
    }
    await expect(owner.query(`TRUNCATE ${name}`)).rejects.toThrow("never changed");
  }
  const { rows: bound } = await owner.query(
    `SELECT DISTINCT c.relrowsecurity AND c.relforcerowsecurity AS bound FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
      WHERE i.inhparent = 'audit_event'::regclass`,
  );
  expect(bound).toEqual([{ bound: true }]);
});
