import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";

// A database and a key file of its own, named before the product is loaded.
const folder = mkdtempSync(join(tmpdir(), "latchkey-rewrap-"));
writeFileSync(join(folder, "key"), randomBytes(32).toString("base64"), { mode: 0o600 });
const { url, ownerUrl } = await ownDatabase();
process.env.DATABASE_URL = url;
process.env.LATCHKEY_DATA = folder;
process.env.LATCHKEY_KEY = "";

const { sftpValues, tenant } = await import("@/test/tenant");
const { createCredential, fetchSecret } = await import("@/lib/credentials");
const { countByKey } = await import("./rotation");
const { rewrapAll } = await import("./rewrap");
const { createStream } = await import("@/lib/audit-streams");
const { openSettings } = await import("@/lib/audit-streams/sealed-settings");
const { inOrganization } = await import("@/lib/platform/db");
const { verifyRows } = await import("./verify-rows");
const { exchangeKeyFiles, keyring, reloadKeys, retireKeyFile } = await import("@/lib/platform/vault");
const { platformActor } = await import("@/lib/organizations");

const operator = platformActor("test-request");
const owner = new pg.Client({ connectionString: ownerUrl });
await owner.connect();
afterAll(() => owner.end());

const store = (own: Awaited<ReturnType<typeof tenant>>, password = "kept") =>
  createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues(password) });
const exchange = async () => {
  await exchangeKeyFiles();
  reloadKeys();
};
/** Flips one bit of the wrapped data key. */
const flip = (id: string) =>
  owner.query("UPDATE credential SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE id = $1", [id]);
const eventsOf = async (orgId: string) =>
  (
    await owner.query("SELECT fields FROM audit_event WHERE org_id = $1 AND action = 'key.rotated' ORDER BY seq", [
      orgId,
    ])
  ).rows;

test("rows that do not open are set aside and named, every other row is moved, and a later run tries those again", async () => {
  const [first, second] = [await tenant(), await tenant()];
  const healthy = [await store(first), await store(first), await store(second)];
  const damaged = [await store(first), await store(second)];
  for (const { id } of damaged) await flip(id);
  const settings = {
    kind: "webhook",
    url: "https://siem.example/in",
    signing_secret: `whsec_${"s".repeat(32)}`,
  } as const;
  const stream = await createStream(second.admin, { name: "SIEM", settings, force: true });
  await exchange();
  const report = await rewrapAll(operator);
  expect(report).toMatchObject({ damagedCount: 2, busy: 0 });
  expect(report.damaged.map(({ orgId, id }) => ({ orgId, id }))).toEqual(
    expect.arrayContaining([
      { orgId: first.orgId, id: damaged[0]?.id },
      { orgId: second.orgId, id: damaged[1]?.id },
    ]),
  );
  const { rows } = await owner.query<{ id: string }>("SELECT id FROM credential WHERE key_id = $1", [
    keyring().current.id,
  ]);
  expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(healthy.map(({ id }) => id)));
  expect(await fetchSecret(first.program, healthy[0]?.id ?? "")).toMatchObject({ data: { password: "kept" } });
  expect(await rewrapAll(operator)).toMatchObject({ moved: 0, damagedCount: 2 });

  for (const { id } of damaged) await flip(id);
  expect(await rewrapAll(operator)).toMatchObject({ moved: 2, damagedCount: 0 });
  retireKeyFile();
  reloadKeys();
  expect(await countByKey()).toHaveLength(1);
  const row = await inOrganization(second.orgId, (tx) => tx.auditStream.findFirstOrThrow({ where: { id: stream.id } }));
  expect(openSettings(row)).toEqual(settings);
  // What the log says of a ciphertext stays true when its key is wrapped anew.
  expect(await verifyRows(first.orgId)).toEqual([]);
  // One event for each run that moved something, with its count.
  expect(await eventsOf(first.orgId)).toEqual([{ fields: ["2"] }, { fields: ["1"] }]);
});

test("a row that somebody holds is waited for; the organisation gets one event", async () => {
  const own = await tenant();
  const [held] = [await store(own), await store(own)];
  await exchange();
  const holder = new pg.Client({ connectionString: ownerUrl });
  await holder.connect();
  await holder.query("BEGIN");
  await holder.query("SELECT 1 FROM credential WHERE id = $1 FOR UPDATE", [held.id]);
  // Let go when the other row has been moved, and not before.
  let letGo: Promise<unknown> | undefined;
  const report = await rewrapAll(operator, () => {
    letGo ??= holder.query("COMMIT");
  });
  await letGo;
  await holder.end();
  expect(report).toMatchObject({ damagedCount: 0, busy: 0 });
  expect(await eventsOf(own.orgId)).toEqual([{ fields: ["2"] }]);
  retireKeyFile();
  reloadKeys();
});

test("each row is looked at once, by its id, however many there are", async () => {
  const own = await tenant();
  const { id } = await store(own);
  // As many copies as several batches hold; they do not open under their ids, so that what is set aside is walked too.
  await owner.query("ALTER TABLE credential DISABLE TRIGGER USER");
  await owner.query(
    `INSERT INTO credential SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'name_key', n::text))).*
       FROM credential c, generate_series(1, 1200) n WHERE c.id = $1`,
    [id],
  );
  await owner.query("ALTER TABLE credential ENABLE TRIGGER USER");
  await exchange();
  expect(await rewrapAll(operator)).toMatchObject({ damagedCount: 1200, busy: 0 });
  const plan = await owner.query(
    `EXPLAIN SELECT id FROM credential WHERE org_id = $1 AND key_id = 'x' AND sealed IS NOT NULL AND id > $2 ORDER BY id LIMIT 500`,
    [own.orgId, randomUUID()],
  );
  expect(plan.rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(/Index.*credential_key[\s\S]*Index Cond/);
});
