import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { create, replacement, type Subject, send, subject } from "./client";

let one: Subject;
beforeAll(async () => {
  one = await subject();
  const id = await create(one);
  for (let round = 0; round < 12; round++)
    await send(one.product.url, one.user, "PATCH", `/${id}`, replacement(`p${round}`));
  // A stop writes where the chain ends to the anchors.
  await one.product.terminate();
  await one.product.start();
});
afterAll(() => one.product.stop());

/** As whoever owns the database: the trigger that refuses changes is theirs to switch off. */
async function asOwner(...statements: string[]): Promise<void> {
  const database = await one.product.openDatabase();
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await client.query(["BEGIN", "SET LOCAL session_replication_role = replica", ...statements, "COMMIT"].join("; "));
  } finally {
    await client.end();
    await database.leave();
  }
}

async function verdicts(): Promise<{ firstBad: string | null; problem: string | null }[]> {
  const { stdout } = await one.product
    .command(["audit", "verify", "--json"])
    .catch((error: { stdout: string }) => error);
  return JSON.parse(stdout).filter((org: { problem: string | null }) => org.problem);
}

const EVENTS =
  "audit_event WHERE action <> 'never' AND org_id = (SELECT org_id FROM audit_head ORDER BY seq DESC LIMIT 1)";
const HEAD = "audit_head WHERE org_id = (SELECT org_id FROM audit_head ORDER BY seq DESC LIMIT 1)";

test.each([
  [
    "an edited event",
    "5",
    [
      "UPDATE audit_event SET actor_name = 'x' WHERE seq = 5 AND org_id = (SELECT org_id FROM audit_head ORDER BY seq DESC LIMIT 1)",
    ],
  ],
  ["a deleted event", "6", [`DELETE FROM ${EVENTS} AND seq = 6`]],
  [
    "a cut tail, head put back",
    "10",
    [
      `DELETE FROM ${EVENTS} AND seq >= 10`,
      "UPDATE audit_head h SET seq = 9, hash = e.hash FROM audit_event e WHERE e.org_id = h.org_id AND e.seq = 9 AND h.seq > 9",
    ],
  ],
  [
    "two swapped events",
    "7",
    [
      "UPDATE audit_event SET seq = -1 WHERE seq = 7",
      "UPDATE audit_event SET seq = 7 WHERE seq = 8",
      "UPDATE audit_event SET seq = 8 WHERE seq = -1",
    ],
  ],
  [
    "a forged event",
    undefined,
    [
      `INSERT INTO audit_event SELECT org_id, seq + 1, at, actor_kind, actor_id, 'forger', action, outcome, reason, target_type, target_id,
       target_name, fields, version, key_id, sealed_hash, request_id, address, hash, hash FROM audit_event e
       WHERE e.seq = (SELECT seq FROM ${HEAD}) AND e.org_id = (SELECT org_id FROM ${HEAD})`,
      `UPDATE ${HEAD.replace("audit_head WHERE", "audit_head SET seq = seq + 1 WHERE")}`,
    ],
  ],
] as const)("F9: %s is found, with its place", async (_, firstBad, statements) => {
  const database = await one.product.openDatabase();
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(
    "DROP TABLE IF EXISTS kept_events, kept_head; CREATE TABLE kept_events AS TABLE audit_event; CREATE TABLE kept_head AS TABLE audit_head",
  );
  await client.end();
  await database.leave();
  await asOwner(...statements);
  const found = await verdicts();
  console.log(`F9: ${_}: ${JSON.stringify(found)}`);
  expect(found).toHaveLength(1);
  if (firstBad) expect(found[0]?.firstBad).toBe(firstBad);
  await asOwner(
    "DELETE FROM audit_event",
    "INSERT INTO audit_event SELECT * FROM kept_events",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head SELECT * FROM kept_head",
  );
  expect(await verdicts()).toEqual([]);
});

test("F9: yesterday's table, put back whole, is found through the anchors", async () => {
  await asOwner(
    "DROP TABLE IF EXISTS yesterday, yesterday_head",
    "CREATE TABLE yesterday AS TABLE audit_event",
    "CREATE TABLE yesterday_head AS TABLE audit_head",
  );
  const id = await create(one);
  await send(one.product.url, one.user, "PATCH", `/${id}`, replacement("today"));
  await one.product.terminate();
  await one.product.start();
  const anchors = join(one.product.folder, "audit-anchors.jsonl");
  expect(existsSync(anchors)).toBe(true);
  copyFileSync(anchors, join(one.product.folder, "shipped-anchors.jsonl"));
  await asOwner(
    "DELETE FROM audit_event",
    "INSERT INTO audit_event SELECT * FROM yesterday",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head SELECT * FROM yesterday_head",
  );
  const found = await verdicts();
  expect(found.some(({ problem }) => problem === "behind_anchor")).toBe(true);
});
