import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";

// A database and a key file of its own, named before the product is loaded.
const folder = mkdtempSync(join(tmpdir(), "latchkey-instances-"));
const key = join(folder, "key");
const original = randomBytes(32).toString("base64");
writeFileSync(key, original, { mode: 0o600 });
const { url, ownerUrl } = await ownDatabase();
process.env.DATABASE_URL = url;
// The key file is somewhere else than the data, which need not be there at all.
process.env.LATCHKEY_DATA = join(folder, "not", "there");
process.env.LATCHKEY_KEY_FILE = key;
process.env.LATCHKEY_KEY = "";

const { sftpValues, tenant } = await import("@/test/tenant");
const { createCredential, fetchSecret } = await import("@/lib/credentials");
const { missingKeys } = await import("@/lib/credentials/rotation");
const { rewrapAll } = await import("@/lib/credentials/rewrap");
const { platformActor } = await import("@/lib/organizations");
const { exchangeKeyFiles, heldKeys, keyring, prepareKeyFile, reloadKeys, retireKeyFile } = await import(
  "@/lib/platform/vault"
);
const { announceKeys, liveInstances, withdrawKeys } = await import("./instances");

const owner = new pg.Client({ connectionString: ownerUrl });
await owner.connect();
afterAll(() => owner.end());
const own = await tenant();
const operator = platformActor("test-request");
const store = () => createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues("kept") });

test("an instance says which keys it holds, also one that is to come, and is forgotten when it is gone", async () => {
  await announceKeys();
  expect((await liveInstances()).map(({ keyIds }) => keyIds)).toEqual([heldKeys()]);
  const next = await prepareKeyFile();
  expect(await prepareKeyFile()).toBe(next);
  await announceKeys();
  expect(heldKeys()).toHaveLength(2);
  expect((await liveInstances()).map(({ keyIds }) => keyIds)).toEqual([heldKeys()]);

  await owner.query("INSERT INTO instance VALUES (gen_random_uuid(), 'h', '{}', now(), now() - interval '1 hour')");
  expect(await liveInstances()).toHaveLength(1);
  await announceKeys();
  expect((await owner.query("SELECT 1 FROM instance")).rowCount).toBe(1);
  await withdrawKeys();
  expect(await liveInstances()).toEqual([]);
});

test("an instance whose key files nobody exchanged reads and writes with the key to come once the rotation has begun", async () => {
  const { id } = await store();
  const old = keyring().current.id;
  const next = keyring().next;
  if (!next) throw new Error("none is prepared");
  await announceKeys();
  expect(keyring().current.id).toBe(old);
  // Another host has exchanged its files, and moves everything.
  await owner.query("UPDATE root_secret SET key_id = $1", [next.id]);
  try {
    await announceKeys();
    expect(heldKeys()).toEqual([next.id, old]);
    await rewrapAll(operator);
    expect((await owner.query("SELECT key_id FROM credential WHERE id = $1", [id])).rows).toEqual([
      { key_id: next.id },
    ]);
    expect(await fetchSecret(own.program, id)).toMatchObject({ data: { password: "kept" } });
    expect(await missingKeys()).toEqual([]);
  } finally {
    await owner.query("UPDATE root_secret SET key_id = $1", [old]);
  }
});

test("the old key outlives its rotation: it is kept by its id, for its owner alone", async () => {
  const old = keyring().previous?.id ?? "";
  expect(await exchangeKeyFiles()).toBe(true);
  reloadKeys();
  await rewrapAll(operator);
  const kept = retireKeyFile();
  reloadKeys();
  expect(kept).toBe(join(folder, "keys", old));
  expect(readFileSync(join(folder, "keys", old), "utf8")).toBe(original);
  expect(statSync(join(folder, "keys", old)).mode & 0o777).toBe(0o600);
  expect(heldKeys()).toHaveLength(1);
  expect(await missingKeys()).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(["key", "keys"]);
});

test("an instance without a key that something is sealed under knows which one it lacks", async () => {
  const { id } = await store();
  await owner.query("UPDATE credential SET key_id = 'ffffffffffffffff' WHERE id = $1", [id]);
  expect(await missingKeys()).toEqual(["ffffffffffffffff"]);
  await owner.query("UPDATE credential SET key_id = $2 WHERE id = $1", [id, keyring().current.id]);
  expect(await missingKeys()).toEqual([]);
});

test("what this looks up takes a step in an index for each key, not for each row", async () => {
  await owner.query("SET ROLE latchkey_app");
  await owner.query("SELECT set_config('app.scope', 'platform', false)");
  await owner.query("SET enable_seqscan = off");
  const plan = await owner.query(
    "EXPLAIN SELECT key_id FROM credential WHERE sealed IS NOT NULL AND key_id > 'x' ORDER BY key_id LIMIT 1",
  );
  await owner.query("RESET ROLE");
  expect(plan.rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(/credential_key[\s\S]*Index Cond/);
});

test("what is prepared is not in use, and nothing is written with it", async () => {
  const before = keyring().current.id;
  await prepareKeyFile();
  reloadKeys();
  await store();
  expect(keyring().current.id).toBe(before);
  expect(existsSync(`${key}.previous`)).toBe(false);
});

/** Runs the command as an operator does, beside this process. */
const latchkey = (...words: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const env = { ...process.env, NODE_ENV: "production", MIGRATION_DATABASE_URL: ownerUrl } as NodeJS.ProcessEnv;
    execFile(process.execPath, ["deploy/latchkey.mjs", ...words], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

test("the command rotates without the data folder, refuses while an instance lacks the new key, and keeps the old one", async () => {
  const { id } = await store();
  const before = keyring().current.id;
  // An instance on another host, with a key file of its own.
  await owner.query("INSERT INTO instance (id, host, key_ids) VALUES (gen_random_uuid(), 'elsewhere', $1)", [[before]]);
  const keepUp = setInterval(() => void owner.query("UPDATE instance SET seen_at = now()"), 1_000);
  const refused = await latchkey("key", "rotate");
  clearInterval(keepUp);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("elsewhere") });
  expect(readFileSync(key, "utf8").trim().length).toBeGreaterThan(40);
  expect(existsSync(`${key}.previous`)).toBe(false);

  const next = reloadKeys() || keyring().next ? keyring().next?.id : undefined;
  await owner.query("UPDATE instance SET key_ids = key_ids || $1::text, seen_at = now()", [next]);
  const done = await latchkey("key", "rotate", "--json");
  expect(done).toMatchObject({ code: 0 });
  expect(JSON.parse(done.out)).toMatchObject({ keyId: next, damagedCount: 0, oldKey: join(folder, "keys", before) });
  reloadKeys();
  expect(await fetchSecret(own.program, id)).toMatchObject({ data: { password: "kept" } });
});
