import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { beforeEach, describe, expect, test } from "vitest";
import { createCredential, fetchSecret, getCredential, updateCredential } from "@/lib/credentials";
import { inSight, wholeOf } from "@/lib/platform/db";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { credentialHistory, listAuditEvents, startAuditExport } from "./history";
import { recordAlone } from "./record";
import { anchorHeads, verifyChains } from "./verify";

/** What somebody who owns the database could do behind the product's back. */
const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 2 });
const tamper = async (...statements: [string, unknown[]][]) => {
  const client = await owner.connect();
  try {
    // The owner can switch the trigger off; the chain is what shows it.
    await client.query("BEGIN; SET LOCAL session_replication_role = replica");
    for (const [text, values] of statements) await client.query(text, values);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
};

let own: Tenant;
let id: string;
beforeEach(async () => {
  own = await tenant();
  ({ id } = await createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues() }));
  for (let at = 0; at < 6; at++) await updateCredential(own.user, id, { tags: [`t${at}`] });
  await Promise.all(Array.from({ length: 5 }, () => fetchSecret(own.program, id)));
});

const none = join(tmpdir(), "no-anchors-here");
const verdict = async (anchors = none) => (await verifyChains(own.orgId, anchors))[0];
const seqs = async () =>
  (
    await inSight(wholeOf(own.orgId), (tx) =>
      tx.auditEvent.findMany({ orderBy: { seq: "asc" }, select: { seq: true } }),
    )
  ).map((row) => row.seq);

describe("the chain", () => {
  test("is whole, numbered without gaps, one event for each act", async () => {
    const numbers = await seqs();
    expect(numbers).toEqual(numbers.map((_, at) => BigInt(at + 1)));
    expect(await verdict()).toMatchObject({ problem: null, events: numbers.length });
    const { events } = await listAuditEvents(own.admin, { targetId: id });
    expect(events.filter((event) => event.action === "credential.updated")).toHaveLength(6);
    expect(events.filter((event) => event.action === "secret.fetched")).toHaveLength(5);
  });

  test("says after which event no anchor vouches, and when there is none at all", async () => {
    expect(await verdict()).toMatchObject({ problem: null, anchored: null });
    const anchors = join(mkdtempSync(join(tmpdir(), "anchors-")), "log");
    const fourth = await inSight(wholeOf(own.orgId), (tx) =>
      tx.auditEvent.findUniqueOrThrow({ where: { orgId_seq: { orgId: own.orgId, seq: 4n } } }),
    );
    writeFileSync(
      anchors,
      JSON.stringify({ at: "", orgId: own.orgId, seq: "4", hash: Buffer.from(fourth.hash).toString("hex") }),
    );
    expect(await verdict(anchors)).toMatchObject({ problem: null, anchored: "4" });
  });

  test.each([
    [
      "an edited field",
      "UPDATE audit_event SET actor_name = 'somebody else' WHERE org_id = $1 AND seq = 4",
      "4",
      "altered",
    ],
    ["a changed outcome", "UPDATE audit_event SET outcome = 'refused' WHERE org_id = $1 AND seq = 5", "5", "altered"],
    [
      "a changed time",
      "UPDATE audit_event SET at = at + interval '1 second' WHERE org_id = $1 AND seq = 3",
      "3",
      "altered",
    ],
    ["a deleted event", "DELETE FROM audit_event WHERE org_id = $1 AND seq = 6", "6", "missing"],
    ["a cut tail", "DELETE FROM audit_event WHERE org_id = $1 AND seq > 9", "10", "missing"],
  ])("shows %s at its place", async (_, text, firstBad, problem) => {
    await tamper([text, [own.orgId]]);
    expect(await verdict()).toMatchObject({ firstBad, problem });
  });

  test("shows two events that traded places", async () => {
    await tamper(
      ["UPDATE audit_event SET seq = -1 WHERE org_id = $1 AND seq = 4", [own.orgId]],
      ["UPDATE audit_event SET seq = 4 WHERE org_id = $1 AND seq = 5", [own.orgId]],
      ["UPDATE audit_event SET seq = 5 WHERE org_id = $1 AND seq = -1", [own.orgId]],
    );
    expect(await verdict()).toMatchObject({ firstBad: "4", problem: "altered" });
  });

  test("shows a forged event, even one that copies a true one's hash", async () => {
    const last = (await seqs()).length;
    await tamper(
      [
        `INSERT INTO audit_event SELECT org_id, seq + 1, at, actor_kind, actor_id, actor_name, action, outcome, reason, target_type,
           target_id, target_name, fields, version, key_id, sealed_hash, request_id, address, hash, hash
           FROM audit_event WHERE org_id = $1 AND seq = $2`,
        [own.orgId, last],
      ],
      ["UPDATE audit_head SET seq = seq + 1 WHERE org_id = $1", [own.orgId]],
    );
    expect(await verdict()).toMatchObject({ firstBad: String(last + 1), problem: "altered" });
  });

  test("with a tail cut together with its head is caught by an anchor kept elsewhere", async () => {
    await anchorHeads();
    const head = await inSight(wholeOf(own.orgId), (tx) =>
      tx.auditHead.findUniqueOrThrow({ where: { orgId: own.orgId } }),
    );
    const anchors = join(mkdtempSync(join(tmpdir(), "anchors-")), "log");
    // As a saved process log holds it, among other lines.
    const line = {
      level: 30,
      time: "2026-01-01T00:00:00Z",
      orgId: own.orgId,
      seq: String(head.seq),
      hash: Buffer.from(head.hash).toString("hex"),
      msg: "audit anchor",
    };
    writeFileSync(anchors, `starting\n${JSON.stringify(line)}\n{"msg":"else"}\n`);
    expect(await verdict(anchors)).toMatchObject({ problem: null });
    await tamper(
      ["DELETE FROM audit_event WHERE org_id = $1 AND seq > 9", [own.orgId]],
      [
        "UPDATE audit_head h SET seq = 9, hash = e.hash FROM audit_event e WHERE h.org_id = $1 AND e.org_id = $1 AND e.seq = 9",
        [own.orgId],
      ],
    );
    expect(await verdict()).toMatchObject({ problem: null });
    expect(await verdict(anchors)).toMatchObject({ firstBad: "10", problem: "behind_anchor" });
  });
});

describe("the log", () => {
  test("cannot be changed by the product, nor by its owner's slip", async () => {
    for (const text of ["UPDATE audit_event SET reason = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"]) {
      await expect(
        inSight(wholeOf(own.orgId), (tx) => tx.$executeRawUnsafe(text)),
        text,
      ).rejects.toThrow();
      await expect(owner.query(text), text).rejects.toThrow();
    }
  });

  test("holds who reached for what was not theirs", async () => {
    await updateCredential(own.other, id, { tags: ["x"] }).catch(() => {});
    await fetchSecret(own.admin, id).catch(() => {});
    const { events } = await listAuditEvents(own.admin, { outcome: "refused" });
    expect(events.map(({ action, actorId, reason, targetId }) => ({ action, actorId, reason, targetId }))).toEqual([
      { action: "secret.fetched", actorId: own.admin.id, reason: "forbidden", targetId: id },
      { action: "credential.updated", actorId: own.other.id, reason: "not_found", targetId: id },
    ]);
  });

  test("names the fields that changed and holds no value", async () => {
    await updateCredential(own.user, id, {
      data: { mode: "merge", values: { password: "planted-marker" } },
      name: `renamed ${id}`,
    });
    const { events } = await credentialHistory(own.user, id);
    expect(events[0]?.fields).toEqual(["name", "credentials.password"]);
    const rows = await inSight(wholeOf(own.orgId), (tx) => tx.auditEvent.findMany());
    expect(JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      "planted-marker",
    );
  });

  test("shows a credential's history to whoever may see the credential, and nobody's else", async () => {
    await expect(credentialHistory(own.auditor, id)).resolves.toMatchObject({ events: expect.any(Array) });
    await expect(credentialHistory(own.other, id)).rejects.toMatchObject({ code: "not_found" });
    const stranger = await tenant();
    await expect(credentialHistory(stranger.admin, id)).rejects.toMatchObject({ code: "not_found" });
    for (const other of [own.orgId, own.program.id, own.admin.id, "nonsense"]) {
      await expect(credentialHistory(own.other, other)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  test("is for those who may read it, of their own organisation, in pages", async () => {
    await expect(listAuditEvents(own.user, {})).rejects.toMatchObject({ code: "forbidden" });
    const stranger = await tenant();
    const foreign = await listAuditEvents(stranger.auditor, { targetId: id });
    expect(foreign.events).toEqual([]);
    const first = await listAuditEvents(own.auditor, {}, undefined, 5);
    const second = await listAuditEvents(own.auditor, {}, first.next ?? "", 5);
    expect([...first.events, ...second.events].map((event) => Number(event.seq))).toEqual(
      Array.from({ length: 10 }, (_, at) => Number(first.events[0]?.seq) - at),
    );
  });

  test("is exported only after a recent password, and the export is on record", async () => {
    const stale = { ...own.admin, passwordCheckedAt: new Date(Date.now() - 6 * 60_000) };
    await expect(startAuditExport(stale, {})).rejects.toMatchObject({ code: "forbidden", details: { step_up: true } });
    const pages = [];
    for await (const page of await startAuditExport(own.admin, {})) pages.push(...page);
    expect(pages[0]?.action).toBe("audit.exported");
  });
});

test("a change whose event cannot be written does not happen, and neither does a fetch", async () => {
  const before = await getCredential(own.user, id);
  await owner.query(
    "ALTER TABLE audit_event ADD CONSTRAINT blocked CHECK (actor_id <> $$" +
      own.user.id +
      "$$ AND actor_id <> $$" +
      own.program.id +
      "$$) NOT VALID",
  );
  try {
    await expect(updateCredential(own.user, id, { tags: ["lost"] })).rejects.toThrow();
    await expect(fetchSecret(own.program, id)).rejects.toThrow();
    await expect(recordAlone(own.user, { action: "credential.read" })).rejects.toThrow();
  } finally {
    await owner.query("ALTER TABLE audit_event DROP CONSTRAINT blocked");
  }
  expect(await getCredential(own.user, id)).toMatchObject({ version: before.version, tags: before.tags });
  expect(await verdict()).toMatchObject({ problem: null });
});
