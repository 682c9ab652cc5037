import { randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";

// A round goes over all organisations, and partitions are everybody's.
const database = await ownDatabase();
process.env.DATABASE_URL = database.url;
const { clock } = await import("@/lib/platform/clock");
const { createCredential, deleteCredential, fetchSecret, updateCredential } = await import("@/lib/credentials");
const { carryForward } = await import("@/lib/credentials/carry-forward");
const { countUses } = await import("@/lib/credentials/uses");
const { verifyRows } = await import("@/lib/credentials/verify-rows");
const { createUser } = await import("@/lib/identity");
const { platformActor } = await import("@/lib/organizations");
const { inOrganization } = await import("@/lib/platform/db");
const { sftpValues, tenant } = await import("@/test/tenant");
const { recordAlone } = await import("./record");
const { listAuditEvents, startAuditExport } = await import("./history");
const { expireEvents } = await import("./expire");
const { verifyChains } = await import("./verify");

const now = clock.now;
const DAY = 86_400_000;
/** What is done from here on is done so many days ago. */
const daysAgo = (days: number) => {
  clock.now = () => new Date(Date.now() - days * DAY);
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
const none = join(tmpdir(), "no-anchors-here");
const verdict = async ({ orgId }: Own, anchors = none) => (await verifyChains(orgId, anchors))[0];
const expire = (days = 30, before = { count: countUses, carry: carryForward }) => {
  clock.now = now;
  return expireEvents(days, before);
};
const seqs = async ({ orgId }: Own) =>
  (
    await owner.query<{ seq: string }>("SELECT seq FROM audit_event WHERE org_id = $1 ORDER BY audit_event.seq", [
      orgId,
    ])
  ).rows.map(({ seq }) => Number(seq));
const checkpoint = async ({ orgId }: Own) =>
  (await owner.query("SELECT * FROM audit_checkpoint WHERE org_id = $1", [orgId])).rows[0];
const tamper = async (...texts: string[]) => {
  await owner.query("BEGIN; SET LOCAL session_replication_role = replica");
  for (const text of texts) await owner.query(text);
  await owner.query("COMMIT");
};

/** Of a hundred days ago one credential with some history, of today a few events; how many events are old. */
async function withHistory(days = 100): Promise<{ own: Own; id: string; old: number }> {
  daysAgo(days);
  const own = await tenant();
  const { id } = await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues() });
  for (let at = 0; at < 3; at++) await updateCredential(own.user, id, { tags: [`t${at}`] });
  await fetchSecret(own.program, id);
  const old = (await seqs(own)).length;
  clock.now = now;
  for (let at = 0; at < 3; at++) await recordAlone(own.user, { action: "credential.read" });
  return { own, id, old };
}

describe("events past their time", () => {
  test("go from the chain's beginning, and the verification says how many and until when", async () => {
    const { own, id, old } = await withHistory();
    expect(await expire()).toBeGreaterThanOrEqual(old);
    const left = await seqs(own);
    expect(left[0]).toBe(old + 1);
    const { problem, letGo, events } = (await verdict(own)) ?? {};
    expect({ problem, letGo: letGo?.events, events }).toEqual({ problem: null, letGo: old, events: left.length });
    expect(Date.parse(letGo?.until ?? "")).toBeLessThan(Date.now() - 99 * DAY);
    // What the last of them said of the ciphertext is still known, by an event of its own.
    expect(await verifyRows(own.orgId)).toEqual([]);
    const { events: shown, removedUntil } = await listAuditEvents(own.admin, {});
    expect(shown.filter(({ action }) => action === "audit.expired")).toMatchObject([{ targetName: `1-${old}` }]);
    expect(shown.filter(({ action }) => action === "audit.carried_forward")).toMatchObject([{ targetId: id }]);
    expect(removedUntil).toBe(letGo?.until);
    const exported = [];
    for await (const page of await startAuditExport(own.admin, {})) exported.push(...page);
    expect(exported.at(-1)).toMatchObject({
      at: letGo?.until,
      reason: expect.stringContaining("removed by retention"),
    });
    // The next round has nothing to do, and says nothing.
    const before = await seqs(own);
    await expire();
    expect(await seqs(own)).toEqual(before);
  });

  test("go on from where the last round ended, and one checkpoint stands for all of them", async () => {
    const { own, old } = await withHistory();
    daysAgo(60);
    for (let at = 0; at < 4; at++) await recordAlone(own.user, { action: "credential.read" });
    clock.now = now;
    // Behind three events of today nothing is past its time yet, whatever its own clock said.
    await expire();
    expect((await checkpoint(own))?.to_seq).toBe(String(old));
    expect(await verdict(own)).toMatchObject({ problem: null });
    const { own: other, old: earlier } = await withHistory(100);
    await expire(90);
    expect((await checkpoint(other))?.to_seq).toBe(String(earlier));
  });

  test("leave behind what others need: uses, ids that are never given again, and no plain value of theirs", async () => {
    daysAgo(100);
    const own = await tenant();
    const values = { provider: "sftp", type: "user_password", data: sftpValues() } as const;
    const { id } = await createCredential(own.user, values);
    await updateCredential(own.user, id, { name: "renamed once" });
    await fetchSecret(own.program, id);
    const gone = await createCredential(own.user, { ...values, name: "to be deleted" });
    await deleteCredential(own.user, gone.id);
    const broughtId = randomUUID();
    const system = platformActor("test", own.orgId);
    await createUser(system, { id: broughtId, email: `${broughtId}@example.test`, role: "app_user" });
    clock.now = now;
    await recordAlone(own.user, { action: "credential.read" });
    await owner.query("DELETE FROM person_link WHERE user_id = $1", [broughtId]);
    await owner.query("DELETE FROM user_account WHERE id = $1", [broughtId]);
    await expire();
    expect((await seqs(own))[0]).toBeGreaterThan(1);
    const { rows: uses } = await owner.query("SELECT fetches FROM credential_use WHERE credential_id = $1", [id]);
    expect(uses).toEqual([{ fetches: 1 }]);
    await expect(
      createUser(system, { id: broughtId, email: `again-${broughtId}@example.test`, role: "app_user" }),
    ).rejects.toMatchObject({ code: "conflict" });
    const { rows: changes } = await owner.query("SELECT 1 FROM credential_change WHERE org_id = $1", [own.orgId]);
    expect(changes).toEqual([]);
    expect(await verifyRows(own.orgId)).toEqual([]);
  });

  test("stay where they were altered, and all after them", async () => {
    const { own } = await withHistory();
    await tamper(`UPDATE audit_event SET actor_name = 'x' WHERE org_id = '${own.orgId}' AND seq = 3`);
    await expire();
    expect((await seqs(own))[0]).toBe(3);
    expect(await verdict(own)).toMatchObject({ firstBad: "3", problem: "altered", letGo: { events: 2 } });
  });

  test("stay until every receiver outside has confirmed them, a paused one included", async () => {
    const { own } = await withHistory();
    await owner.query(
      `INSERT INTO audit_stream (org_id, id, name, kind, settings, sealed, key_id, cursor_seq, cursor_hash, enabled, created_by, modified_by)
        SELECT $1, gen_random_uuid(), name, 'webhook', '{}', '', 'none', cursor, '', enabled, 'x', 'x'
          FROM (VALUES ('a', 4, false), ('b', 6, true)) AS given (name, cursor, enabled)`,
      [own.orgId],
    );
    await expire();
    expect((await seqs(own))[0]).toBe(5);
    await owner.query("DELETE FROM audit_stream WHERE org_id = $1", [own.orgId]);
    await expire();
    expect((await seqs(own))[0]).toBeGreaterThan(5);
    const { events } = await listAuditEvents(own.admin, { action: "audit.expired" });
    expect(events.map(({ targetName }) => targetName)).toEqual([expect.stringMatching(/^5-/), "1-4"]);
  });

  test("go whole with their checkpoint or not at all, wherever it is cut off", async () => {
    const { own } = await withHistory();
    const before = await seqs(own);
    // The connection ends in the middle of the deletion, as that of a killed process does.
    await owner.query(`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN OLD; END $$`);
    await owner.query(
      "CREATE TRIGGER cut AFTER DELETE ON audit_event FOR EACH ROW WHEN (OLD.seq = 3) EXECUTE FUNCTION cut()",
    );
    await expire();
    await owner.query("DROP TRIGGER cut ON audit_event; DROP FUNCTION cut()");
    expect((await seqs(own)).slice(0, before.length)).toEqual(before);
    expect(await checkpoint(own)).toBeUndefined();
    expect(await verdict(own)).toMatchObject({ problem: null, letGo: null });
    await expire();
    expect(await verdict(own)).toMatchObject({ problem: null, letGo: { events: expect.any(Number) } });
  });
});

describe("the database lets go of nothing", () => {
  const ask = (own: Own, days: number, made: object, org = own.orgId) =>
    inOrganization(
      own.orgId,
      (tx) => tx.$queryRaw`SELECT expire_audit_events(${org}::uuid, ${days}::int, ${JSON.stringify(made)}::jsonb)`,
    );
  const madeFor = async ({ orgId }: Own, toSeq: number) => {
    const { rows } = await owner.query(
      "SELECT encode(hash, 'hex') AS hash FROM audit_event WHERE org_id = $1 AND seq = $2",
      [orgId, toSeq],
    );
    const times = { firstAt: new Date(0), lastAt: new Date(), madeAt: new Date() };
    return {
      fromSeq: "1",
      toSeq: String(toSeq),
      count: String(toSeq),
      hash: rows[0]?.hash,
      prevHash: "00",
      mac: "00",
      ...times,
    };
  };

  test.each<[string, (own: Own) => Promise<unknown>]>([
    ["that is younger than the days", async (own) => ask(own, 200, await madeFor(own, 4))],
    ["for fewer than 30 days", async (own) => ask(own, 29, await madeFor(own, 4))],
    ["beyond its last event", async (own) => ask(own, 30, await madeFor(own, 1_000))],
    ["under another event's hash", async (own) => ask(own, 30, { ...(await madeFor(own, 4)), hash: "ab" })],
    ["without a checkpoint for it", async (own) => ask(own, 30, { ...(await madeFor(own, 4)), toSeq: null })],
    ["of another organisation", async (own) => ask(own, 30, await madeFor(own, 4), (await tenant()).orgId)],
    [
      "that is the last word on a ciphertext",
      async (own) => ask(own, 30, await madeFor(own, (await seqs(own)).length - 3)),
    ],
  ])("%s", async (_, attempt) => {
    const { own } = await withHistory();
    await countUses(own.orgId);
    const before = await seqs(own);
    await expect(attempt(own)).rejects.toThrow();
    expect(await seqs(own)).toEqual(before);
  });

  test("for whoever says the word of the function that may, nor for its owner's slip", async () => {
    const { own } = await withHistory();
    for (const text of ["DELETE FROM audit_event", "DELETE FROM audit_checkpoint", "DELETE FROM audit_event_default"]) {
      const asked = inOrganization(own.orgId, async (tx) => {
        await tx.$executeRaw`SELECT set_config('app.audit_change', 'expires', true)`;
        await tx.$executeRawUnsafe(text);
      });
      await expect(asked, text).rejects.toThrow();
    }
    await expect(owner.query("DELETE FROM audit_event")).rejects.toThrow("never changed");
    await expect(owner.query("DELETE FROM audit_event_before; DELETE FROM audit_event_default")).rejects.toThrow();
  });
});

describe("a checkpoint", () => {
  test("that is missing, altered, of another organisation or put back is found out", async () => {
    const { own } = await withHistory();
    const { own: other } = await withHistory();
    await expire();
    const mine = `WHERE org_id = '${own.orgId}'`;
    const good = await checkpoint(own);
    for (const [change, problem] of [
      [`DELETE FROM audit_checkpoint ${mine}`, "missing"],
      [`UPDATE audit_checkpoint SET last_at = last_at + interval '1 day' ${mine}`, "checkpoint_altered"],
      [`UPDATE audit_checkpoint SET mac = '\\x00' ${mine}`, "checkpoint_altered"],
      [`UPDATE audit_checkpoint SET to_seq = to_seq + 1, count = count + 1 ${mine}`, "checkpoint_altered"],
      [
        `UPDATE audit_checkpoint c SET (to_seq, hash, count, mac) = (o.to_seq, o.hash, o.count, o.mac)
           FROM audit_checkpoint o WHERE c.org_id = '${own.orgId}' AND o.org_id = '${other.orgId}'`,
        "checkpoint_altered",
      ],
    ] as const) {
      await tamper(change);
      expect(await verdict(own), change).toMatchObject({ firstBad: "1", problem });
      await tamper(`DELETE FROM audit_checkpoint ${mine}`);
      await owner.query("INSERT INTO audit_checkpoint SELECT * FROM json_populate_record(NULL::audit_checkpoint, $1)", [
        JSON.stringify(
          Object.fromEntries(
            Object.entries(good).map(([k, v]) => [k, v instanceof Buffer ? `\\x${v.toString("hex")}` : v]),
          ),
        ),
      ]);
    }
    expect(await verdict(own)).toMatchObject({ problem: null });
  });

  test("vouches for the anchors of events that it stands for, and hides no cut tail", async () => {
    const { own, old } = await withHistory();
    await expire();
    const anchors = join(mkdtempSync(join(tmpdir(), "anchors-")), "log");
    const line = (seq: number, hash = "ab") =>
      `${JSON.stringify({ at: "", orgId: own.orgId, seq: String(seq), hash })}\n`;
    writeFileSync(anchors, line(2));
    expect(await verdict(own, anchors)).toMatchObject({ problem: null, anchored: "2" });
    const { hash } = await checkpoint(own);
    writeFileSync(anchors, line(old, hash.toString("hex")));
    expect(await verdict(own, anchors)).toMatchObject({ problem: null, anchored: String(old) });
    writeFileSync(anchors, line(old));
    expect(await verdict(own, anchors)).toMatchObject({ problem: "differs_from_anchor" });
    writeFileSync(anchors, line(10_000));
    expect(await verdict(own, anchors)).toMatchObject({ problem: "behind_anchor" });
  });

  test("of another organisation does not exist for whoever asks", async () => {
    const { own } = await withHistory();
    await expire();
    const stranger = await tenant();
    for (const table of ["audit_checkpoint", "audit_span", "audit_used_id"]) {
      const text = `SELECT org_id FROM ${table}`;
      const rows = await inOrganization(stranger.orgId, (tx) => tx.$queryRawUnsafe<{ org_id: string }[]>(text));
      expect(
        rows.filter(({ org_id }) => org_id !== stranger.orgId),
        table,
      ).toEqual([]);
    }
    expect((await listAuditEvents(stranger.admin, {})).removedUntil).toBeNull();
    expect((await listAuditEvents(own.admin, {})).removedUntil).not.toBeNull();
  });
});

describe("whatever chain, whatever cut, whatever tampering", () => {
  test("the verification finds it, and finds nothing where nothing was done", async () => {
    const mine = (orgId: string, seq: number) => `org_id = '${orgId}' AND seq = ${seq}`;
    const ways: ((orgId: string, seq: number) => string)[] = [
      (org, seq) => `UPDATE audit_event SET actor_name = actor_name || 'x' WHERE ${mine(org, seq)}`,
      (org, seq) => `DELETE FROM audit_event WHERE ${mine(org, seq)}`,
      (org, seq) => `UPDATE audit_event SET prev_hash = hash WHERE ${mine(org, seq)}`,
      (org) => `UPDATE audit_checkpoint SET hash = sha256(hash) WHERE org_id = '${org}'`,
      (org) => `DELETE FROM audit_checkpoint WHERE org_id = '${org}'`,
      (org, seq) => `DELETE FROM audit_event WHERE org_id = '${org}' AND seq <= ${seq}`,
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 3, maxLength: 8 }),
        fc.integer({ min: 30, max: 90 }),
        fc.nat(),
        fc.nat({ max: ways.length - 1 }),
        async (ages, days, place, way) => {
          daysAgo(95);
          const own = await tenant();
          for (const age of ages.sort((a, b) => b - a)) {
            daysAgo(age);
            await recordAlone(own.user, { action: "credential.read" });
          }
          await expire(days);
          expect(await verdict(own)).toMatchObject({ problem: null });
          const left = await seqs(own);
          const seq = left[place % left.length] ?? 0;
          await tamper(ways[way]?.(own.orgId, seq) ?? "");
          expect((await verdict(own))?.problem).not.toBeNull();
        },
      ),
      { numRuns: 12 },
    );
  });
});
