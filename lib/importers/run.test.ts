import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { createCredential, deleteCredential, fetchSecret, getCredential, updateCredential } from "@/lib/credentials";
import { updateOrganization } from "@/lib/organizations";
import { verifyChains } from "@/lib/platform/audit/verify";
import { inSight, wholeOf } from "@/lib/platform/db";
import type { ImportReport, ReportRow } from "@/lib/vocabulary/import-report";
import { type FlowiseRow, flowiseDatabase, flowiseKey, flowiseRow } from "@/test/importers/flowise";
import { buildReader } from "@/test/importers/reader";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { type ImportRequest, startImport } from "./index";

let forget: () => void;
beforeAll(async () => {
  forget = await buildReader();
});
afterAll(() => forget?.());

const key = flowiseKey();
const openAi = (more: Partial<FlowiseRow> = {}, secret = `sk-${randomUUID()}`) =>
  flowiseRow({ openAIApiKey: secret }, key, more);
const refused = (fields: object) => expect.objectContaining({ name: "Refusal", ...fields });

async function importRows(actor: Actor, rows: FlowiseRow[], more: Partial<ImportRequest> = {}): Promise<ImportReport> {
  const started = await startImport(actor);
  return started.run({
    source: "flowise",
    content: { bytes: await flowiseDatabase(rows) },
    key,
    dryRun: false,
    ...more,
  });
}

const json = (value: unknown) => ({ content: { bytes: Buffer.from(JSON.stringify(value)) } });

/** Everything of an organisation that an import could have changed. */
const stored = ({ orgId }: Tenant) =>
  inSight(wholeOf(orgId), async (tx) => ({
    credentials: await tx.credential.count({ where: { orgId } }),
    events: await tx.auditEvent.count({ where: { orgId } }),
    head: (await tx.auditHead.findUnique({ where: { orgId } }))?.seq,
  }));

const outcomes = ({ rows }: ImportReport) => rows.map(({ outcome }) => outcome);
const notesOf = (row: ReportRow | undefined) => row?.notes.join(" ") ?? "";

describe("an import", () => {
  test("keeps ids, names, dates and values, and each row has its event", async () => {
    const own = await tenant();
    const [uuid, other] = [
      openAi({ name: "Production" }),
      openAi({ id: "cred-789", createdDate: "2023-01-01 00:00:00" }),
    ];
    const report = await importRows(own.admin, [uuid, other]);
    expect(report.counts).toEqual({ imported: 2, present: 0, undecryptable: 0, unacceptable: 0, over_limit: 0 });
    expect(await getCredential(own.admin, uuid.id)).toMatchObject({
      id: uuid.id,
      externalId: null,
      provider: "openAIApi",
      name: "Production",
      ownerId: own.admin.id,
      createdAt: "2024-03-01T10:20:30.000Z",
      updatedAt: "2024-05-06T07:08:09.000Z",
      version: 1,
    });
    const brought = report.rows.find(({ sourceId }) => sourceId === "cred-789");
    expect(await getCredential(own.admin, brought?.credentialId ?? "")).toMatchObject({ externalId: "cred-789" });
    const events = await inSight(wholeOf(own.orgId), (tx) =>
      tx.auditEvent.findMany({ where: { orgId: own.orgId, action: "credential.imported" }, orderBy: { seq: "asc" } }),
    );
    expect(events.map(({ targetId, fields, actorName }) => [targetId, fields, actorName])).toEqual(
      report.rows.map(({ credentialId }) => [credentialId, ["openAIApiKey"], own.admin.name]),
    );
    expect(await verifyChains(own.orgId)).toMatchObject([{ problem: null }]);
  });

  test("hands the very value that Flowise held to a service account, and to nobody else", async () => {
    const own = await tenant();
    const row = openAi({}, "sk-the-very-value");
    await importRows(own.admin, [row]);
    expect((await fetchSecret(own.program, row.id)).data).toEqual({ openAIApiKey: "sk-the-very-value" });
    await expect(fetchSecret(own.admin, row.id)).rejects.toEqual(refused({ code: "forbidden" }));
  });

  test("with a wrong key changes nothing and says so", async () => {
    const own = await tenant();
    const before = await stored(own);
    await expect(importRows(own.admin, [openAi(), openAi()], { key: flowiseKey() })).rejects.toEqual(
      refused({ fields: [expect.objectContaining({ path: ["key"], code: "wrong_key" })] }),
    );
    expect(await stored(own)).toEqual(before);
  });

  test("names the rows that do not open and takes the others", async () => {
    const own = await tenant();
    const rows = [
      openAi(),
      flowiseRow({ openAIApiKey: "x" }, flowiseKey()),
      openAi({ encryptedData: "FlowiseCredential_1" }),
    ];
    const report = await importRows(own.admin, rows);
    expect(report.counts).toMatchObject({ imported: 1, undecryptable: 2 });
    expect(report.rows.map(notesOf).join()).toMatch(/another one, or is damaged.*AWS Secrets Manager|AWS.*another one/);
  });

  test("can be run again: what is here is left alone, changed or deleted as it may be", async () => {
    const own = await tenant();
    const rows = [
      openAi({ name: "kept" }),
      openAi({ name: "changed" }),
      openAi({ name: "gone" }),
      openAi({ id: "x-1" }),
    ];
    const first = await importRows(own.admin, rows);
    const byName = (report: ImportReport, name: string) => report.rows.find((row) => row.name === name);
    await updateCredential(own.admin, rows[1]?.id ?? "", { tags: ["mine"] });
    await deleteCredential(own.admin, rows[2]?.id ?? "");
    await deleteCredential(own.admin, first.rows.find(({ sourceId }) => sourceId === "x-1")?.credentialId ?? "");
    const before = await stored(own);
    const again = await importRows(own.admin, rows);
    expect(again.counts).toMatchObject({ imported: 0, present: 4 });
    expect(notesOf(byName(again, "kept"))).toContain("was not changed here");
    expect(notesOf(byName(again, "changed"))).toContain("was changed here since");
    expect(notesOf(byName(again, "gone"))).toContain("deleted here");
    expect(notesOf(again.rows.find(({ sourceId }) => sourceId === "x-1"))).toContain("deleted here");
    expect(await stored(own)).toEqual(before);
  });

  test("that was cut off goes on where it was", async () => {
    const own = await tenant();
    await updateOrganization({ ...own.admin, role: "backoffice" }, own.orgId, { maxPerProvider: 100 });
    const rows = Array.from({ length: 60 }, () => openAi());
    const started = await startImport(own.admin);
    const content = { bytes: await flowiseDatabase(rows) };
    const cut = started.run(
      { source: "flowise", content, key, dryRun: false },
      {
        onProgress: () => {
          throw new Error("cut off");
        },
      },
    );
    await expect(cut).rejects.toThrow("cut off");
    expect(await importRows(own.admin, rows)).toMatchObject({ counts: { imported: 10, present: 50 } });
    expect(await verifyChains(own.orgId)).toMatchObject([{ problem: null }]);
  });

  test("numbers names that are taken, here or in the source, and mends those that cannot be shown", async () => {
    const own = await tenant();
    await createCredential(own.admin, { provider: "sftp", type: "user_password", data: sftpValues(), name: "OpenAI" });
    const names = ["OpenAI", "openai", "OpenAI (2)", "", "a\u0000b\u202ec", "n".repeat(300)];
    const rows = names.map((name, at) => openAi({ name, createdDate: `2024-01-0${at + 1} 00:00:00` }));
    const report = await importRows(own.admin, rows);
    const made = await Promise.all(report.rows.map(({ credentialId }) => getCredential(own.admin, credentialId ?? "")));
    expect(made.map(({ name }) => name)).toEqual([
      "OpenAI (2)",
      "openai (3)",
      "OpenAI (2) (2)",
      "OpenAI API",
      "a b c",
      "n".repeat(200),
    ]);
  });

  test("stops at the organisation's limits, row by row", async () => {
    const own = await tenant();
    await updateOrganization({ ...own.admin, role: "backoffice" }, own.orgId, { maxPerProvider: 2, maxPerUser: 3 });
    const rows = [openAi(), openAi(), openAi(), ...["a", "b"].map((name) => openAi({ credentialName: name }))];
    const dated = rows.map((row, at) => ({ ...row, createdDate: `2024-01-0${at + 1} 00:00:00` }));
    const preview = await importRows(own.admin, dated, { dryRun: true });
    const report = await importRows(own.admin, dated);
    expect(outcomes(report)).toEqual(["imported", "imported", "over_limit", "imported", "over_limit"]);
    expect(outcomes(preview)).toEqual(outcomes(report));
    expect(report.rows.map(notesOf)[2]).toContain("2 credentials of this provider");
  });

  test("of one id twice takes the first and names the second", async () => {
    const own = await tenant();
    const twice = [
      { id: "7", name: "one", type: "stripeApi", data: { secretKey: "k" } },
      { id: "7", name: "two", type: "stripeApi", data: { secretKey: "k" } },
    ];
    for (const expected of [
      ["imported", "unacceptable"],
      ["present", "unacceptable"],
    ]) {
      expect(outcomes(await importRows(own.admin, [], { source: "n8n", ...json(twice) }))).toEqual(expected);
    }
  });

  test("names the field of a value that is not acceptable, and no value", async () => {
    const own = await tenant();
    const data = { host: "not a host planted", database: "d", user: "u", password: "p\nplanted", port: 5432 };
    const source = [{ id: "7", name: "one", type: "postgres", data }];
    const { rows } = await importRows(own.admin, [], { source: "n8n", ...json(source) });
    expect(rows[0]?.outcome).toBe("unacceptable");
    expect(notesOf(rows[0])).toMatch(/host: .*password: /);
    expect(JSON.stringify(rows)).not.toContain("planted");
  });

  test("keeps testable rows out where only tested values are saved, and says what to do", async () => {
    const own = await tenant();
    await updateOrganization(own.admin, own.orgId, { requireTestBeforeSave: true });
    const source = { pg: "postgres://u:p@db.example.com/app", other: "snowflake://u:p@h" };
    const { rows } = await importRows(own.admin, [], { source: "airflow", ...json(source) });
    expect(rows.map(({ outcome }) => outcome)).toEqual(["unacceptable", "imported"]);
    expect(notesOf(rows[0])).toContain("settings");
  });
});

describe("a preview", () => {
  test("judges each row exactly as the import does, and changes nothing", async () => {
    const own = await tenant();
    const there = openAi();
    await importRows(own.admin, [there]);
    const rows = [
      there,
      openAi({ name: "Same" }),
      openAi({ name: "Same" }),
      openAi({ credentialName: "unknownApi" }),
      openAi({ credentialName: "a b" }),
      flowiseRow({ openAIApiKey: "x".repeat(20_000) }, key),
      flowiseRow({ openAIApiKey: "x" }, flowiseKey()),
    ];
    const before = await stored(own);
    const preview = await importRows(own.admin, rows, { dryRun: true });
    expect(await stored(own)).toEqual(before);
    const report = await importRows(own.admin, rows);
    const comparable = (all: ReportRow[]) => all.map((row) => ({ ...row, credentialId: null }));
    expect(comparable(preview.rows)).toEqual(comparable(report.rows));
    expect(report.counts).toMatchObject({ imported: 3, present: 1, unacceptable: 2, undecryptable: 1 });
    expect(preview.rows.filter(({ credentialId }) => credentialId !== null)).toHaveLength(1);
  });
});

describe("who may", () => {
  test("import is an administrator who has just confirmed the password; nobody's file is read before", async () => {
    const own = await tenant();
    for (const actor of [own.user, own.auditor, own.program]) {
      await expect(startImport(actor)).rejects.toEqual(refused({ code: "forbidden" }));
    }
    const long = { ...own.admin, passwordCheckedAt: new Date(Date.now() - 6 * 60_000) };
    await expect(startImport(long)).rejects.toEqual(refused({ code: "forbidden", details: { step_up: true } }));
  });

  test("import at a time is one of an organisation, and a place is given back", async () => {
    const own = await tenant();
    const started = await startImport(own.admin);
    await expect(startImport(own.admin)).rejects.toEqual(refused({ code: "too_many_requests" }));
    started.leave();
    await expect(importRows(own.admin, [openAi()])).resolves.toMatchObject({ counts: { imported: 1 } });
  });

  test("has the same id in another organisation learns nothing and loses nothing", async () => {
    const [own, stranger] = [await tenant(), await tenant()];
    const [mine, external] = [openAi({}, "mine"), openAi({ id: "cred-1" }, "mine")];
    const first = await importRows(own.admin, [mine, external]);
    const theirs = [openAi({ id: mine.id }, "theirs"), openAi({ id: "cred-1" }, "theirs")];
    expect(await importRows(stranger.admin, theirs)).toMatchObject({ counts: { imported: 2, present: 0 } });
    for (const { credentialId } of first.rows) {
      expect((await fetchSecret(own.program, credentialId ?? "")).data).toEqual({ openAIApiKey: "mine" });
      expect((await fetchSecret(stranger.program, credentialId ?? "")).data).toEqual({ openAIApiKey: "theirs" });
    }
  });
});

test("what brings the reader down is refused, and the next import works", async () => {
  const own = await tenant();
  const hostile = { source: "airflow", content: { bytes: Buffer.from(`{"a":${"[".repeat(200_000)}`) } };
  await expect(importRows(own.admin, [], hostile)).rejects.toEqual(refused({ code: "invalid" }));
  await expect(importRows(own.admin, [], { source: "nothing of ours" })).rejects.toEqual(refused({ code: "invalid" }));
  await expect(importRows(own.admin, [openAi()])).resolves.toMatchObject({ counts: { imported: 1 } });
});
