import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";

// A round deletes of all organisations, so it has a database of its own.
const database = await ownDatabase();
process.env.DATABASE_URL = database.url;
const { whileHousekeeping } = await import("@/lib/platform/db");
const { createCredential, credentialTests, deleteCredential } = await import("@/lib/credentials");
const { sftpValues, tenant } = await import("@/test/tenant");
const { deleteExpired } = await import("./index");
const { kept } = await import("./retention-rules");

let owner: pg.Client;
let own: Awaited<ReturnType<typeof tenant>>;
beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  own = await tenant();
});
afterAll(() => owner.end());

/** As the database's superuser, who is not under the policies. */
const insert = (table: string, rows: Record<string, unknown>[]) =>
  owner.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`, [
    JSON.stringify(rows),
  ]);
const idsIn = async (table: string, key = "id") =>
  (await owner.query(`SELECT ${key}::text AS key FROM ${table} ORDER BY 1`)).rows.map((row) => row.key as string);
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const DAY = 86_400_000;

/** A row of each kind, by the time that has passed since its end; negative for one that goes on. */
const makers: Record<string, (endedAgo: number) => Promise<string>> = {
  rate_limit: async (endedAgo) => {
    const key = randomUUID();
    await insert("rate_limit", [{ key, points: 1, expire: Date.now() - endedAgo }]);
    return key;
  },
  session: (endedAgo) =>
    withId("session", {
      ...common,
      user_id: own.user.id,
      stamp: 1,
      address: "",
      user_agent: "",
      last_seen_at: ago(0),
      password_checked_at: ago(0),
      expires_at: ago(endedAgo),
    }),
  idempotency_key: async (endedAgo) => {
    const id = `\\x${randomUUID().replaceAll("-", "")}`;
    await insert("idempotency_key", [
      {
        org_id: own.orgId,
        id,
        fingerprint: "\\x00",
        resource_id: randomUUID(),
        locked_until: ago(0),
        expires_at: ago(endedAgo),
      },
    ]);
    return id;
  },
  authorization_flow: (endedAgo) =>
    withId("authorization_flow", {
      ...common,
      state_digest: `\\x${randomUUID().replaceAll("-", "")}`,
      browser_digest: "\\x00",
      user_id: own.user.id,
      provider: "google",
      type: "oauth2",
      tags: [],
      scope: "",
      redirect_uri: "",
      expires_at: ago(endedAgo),
    }),
  credential_rotation: async (endedAgo) =>
    withId("credential_rotation", {
      org_id: own.orgId,
      credential_id: await newCredential(),
      provider: "sftp",
      type: "key_file",
      kind: "key",
      phase: "done",
      from_version: 1,
      steps: [],
      failures: 0,
      started_by: "x",
      started_at: ago(200 * DAY),
      ended_at: ago(endedAgo + 90 * DAY),
    }),
};
const common = { org_id: "", created_at: ago(0) };

async function withId(table: string, row: object): Promise<string> {
  const id = randomUUID();
  await insert(table, [{ ...row, org_id: own.orgId, id }]);
  return id;
}

describe("a round deletes what is past its time, and nothing else", () => {
  test.each(Object.keys(makers))("of %s", async (table) => {
    const make = makers[table] ?? (() => Promise.reject(new Error("no maker")));
    const [over, alive] = [await make(60_000), await make(-60_000)];
    const key = table === "rate_limit" ? "key" : "id";
    await deleteExpired();
    const left = await idsIn(table, key);
    expect(left).toContain(alive);
    expect(left).not.toContain(over);
  });

  test("of connection tests: the newest twenty of a credential stay, and none of a deleted one", async () => {
    const [live, gone] = [await newCredential(), await newCredential()];
    for (const credential_id of [live, gone]) {
      const rows = Array.from({ length: 30 }, (_, at) => ({
        org_id: own.orgId,
        id: randomUUID(),
        credential_id,
        outcome: "ok",
        steps: [],
        duration_ms: at,
        actor_name: "x",
        at: ago(at * 1_000),
      }));
      await insert("connection_test", rows);
    }
    await deleteCredential(own.user, gone);
    await deleteExpired();
    const { rows } = await owner.query("SELECT credential_id, duration_ms FROM connection_test ORDER BY duration_ms");
    expect(rows.map((row) => row.credential_id)).toEqual(Array(20).fill(live));
    expect(rows.map((row) => row.duration_ms)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(await credentialTests(own.user, live)).toHaveLength(20);
  });

  test("in batches, as many as it takes", async () => {
    await insert(
      "rate_limit",
      Array.from({ length: 2_500 }, () => ({ key: randomUUID(), points: 1, expire: 1 })),
    );
    expect((await deleteExpired())[kept()[0]?.what ?? ""]).toBeGreaterThanOrEqual(2_500);
  });
});

test("a kind that cannot be deleted fails the round, and does not keep the others", async () => {
  const key = await makers.rate_limit?.(DAY);
  await owner.query("ALTER TABLE session RENAME TO session_away");
  await expect(deleteExpired()).rejects.toThrow();
  await owner.query("ALTER TABLE session_away RENAME TO session");
  expect(await idsIn("rate_limit", "key")).not.toContain(key);
});

test("the round's scope can neither see nor delete what is not past its time, whatever it asks for", async () => {
  const { rate_limit: _, ...ofOrganizations } = makers;
  for (const [table, make] of Object.entries(ofOrganizations)) {
    const alive = await make(-60_000);
    const deleted = await whileHousekeeping((tx) => tx.$executeRawUnsafe(`DELETE FROM ${table}`));
    expect(deleted, table).toBe(0);
    expect(await idsIn(table), table).toContain(alive);
  }
  await newCredential();
  for (const table of ["credential", "user_account", "audit_event", "organization", "api_token"]) {
    const asked = whileHousekeeping((tx) => tx.$executeRawUnsafe(`DELETE FROM ${table}`));
    expect(await asked.catch(() => 0), table).toBe(0);
  }
});

const newCredential = async () =>
  (await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues() })).id;
