import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";
import type { NewRotation } from "./rotate/repository";

// A database and a key file of its own, named before the product is loaded.
const folder = mkdtempSync(join(tmpdir(), "latchkey-rotation-"));
const key = join(folder, "key");
const previous = join(folder, "key.previous");
writeFileSync(key, randomBytes(32).toString("base64"), { mode: 0o600 });
process.env.DATABASE_URL = (await ownDatabase()).url;
process.env.LATCHKEY_DATA = folder;
process.env.LATCHKEY_KEY = "";

const { sftpValues, tenant } = await import("@/test/tenant");
const { createCredential, fetchSecret, updateCredential } = await import("@/lib/credentials");
const { countByKey, unreadableRows } = await import("./rotation");
const { rewrapAll } = await import("./rewrap");
const { exchangeKeyFiles, keyring, reloadKeys, retireKeyFile } = await import("@/lib/platform/vault");
const { platformActor } = await import("@/lib/organizations");
const { openNew, rotationsOf } = await import("./rotate/repository");

const own = await tenant();
const operator = platformActor("test-request");
const store = (password: string) =>
  createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues(password) });
const passwordOf = async (id: string) => (await fetchSecret(own.program, id)).data.password;

test("the key changes while the server runs: nothing becomes unreadable, and the old key is of no use afterwards", async () => {
  const first = await store("before");
  const old = keyring().current.id;
  expect(await exchangeKeyFiles()).toBe(true);
  const fresh = readFileSync(key, "utf8");
  // Cut off here and run again: the same exchange is gone on with, no third key appears.
  expect(await exchangeKeyFiles()).toBe(true);
  expect(readFileSync(key, "utf8")).toBe(fresh);

  reloadKeys();
  const now = keyring().current.id;
  expect(now).not.toBe(old);
  expect(await passwordOf(first.id)).toBe("before");
  const second = await store("during");

  // The credential of before; what was stored since is under the new key already.
  expect(await rewrapAll(operator)).toEqual({ moved: 1, damaged: [], damagedCount: 0, busy: 0 });
  expect(await rewrapAll(operator)).toMatchObject({ moved: 0 });
  // Two credentials and the root secret.
  expect(await countByKey()).toEqual([{ keyId: now, count: 3 }]);

  retireKeyFile();
  expect(existsSync(previous)).toBe(false);
  reloadKeys();
  expect(keyring()).toMatchObject({ current: { id: now }, previous: undefined });
  expect([await passwordOf(first.id), await passwordOf(second.id)]).toEqual(["before", "during"]);
  // The rewrap is nobody's edit: the version an admin holds is still good.
  await expect(updateCredential(own.user, first.id, { tags: ["x"], expectedVersion: 1 })).resolves.toMatchObject({
    version: 2,
  });
});

test("a new secret that waits for its server to take it moves along, and holds the old key until it has", async () => {
  const { id } = await store("waits");
  const { wholeOf, inSight } = await import("@/lib/platform/db");
  const rotations = rotationsOf(own.orgId);
  const made: NewRotation = {
    id: randomUUID(),
    credentialId: id,
    provider: "sftp",
    type: "key_file",
    kind: "key",
    fromVersion: 1,
    newPublic: null,
    oldPublic: null,
    steps: [],
    lease: randomUUID(),
    startedBy: "x",
    startedAt: new Date(),
  };
  await inSight(wholeOf(own.orgId), (tx) => rotations.insert(tx, made, { private_key: "on its way" }));
  const [{ keyId: old, count } = { keyId: "", count: 0 }] = await countByKey();
  await exchangeKeyFiles();
  reloadKeys();
  expect(await countByKey()).toEqual([{ keyId: old, count }]);
  expect(await rewrapAll(operator)).toMatchObject({ moved: count - 1 });
  expect(await countByKey()).toEqual([{ keyId: keyring().current.id, count }]);
  retireKeyFile();
  reloadKeys();
  const moved = await rotations.find(made.id);
  expect(moved && openNew(moved)).toEqual({ private_key: "on its way" });
  // Bound to this one rotation: as another's, or as the credential's own data, it does not open.
  for (const change of [{ id: randomUUID() }, { provider: "postgresql" }, { type: "user_password" }] as const)
    expect(() => moved && openNew({ ...moved, ...change })).toThrow();
});

test("cut off after keeping the old key and before the new one appeared, it starts and goes on", async () => {
  const { id } = await store("still here");
  writeFileSync(previous, readFileSync(key, "utf8"), { mode: 0o600 });
  reloadKeys();
  expect(keyring().previous).toBeUndefined();
  expect(await exchangeKeyFiles()).toBe(true);
  expect(readFileSync(key, "utf8")).not.toBe(readFileSync(previous, "utf8"));
  reloadKeys();
  await rewrapAll(operator);
  retireKeyFile();
  reloadKeys();
  expect(await passwordOf(id)).toBe("still here");
});

test("rows under a missing key are counted and named", async () => {
  const before = keyring().current.id;
  const [{ count } = { count: 0 }] = await countByKey();
  renameSync(key, `${key}.aside`);
  writeFileSync(key, randomBytes(32).toString("base64"), { mode: 0o600 });
  try {
    reloadKeys();
    expect(await unreadableRows()).toEqual([{ keyId: before, count }]);
  } finally {
    renameSync(`${key}.aside`, key);
    reloadKeys();
  }
});

test("ciphertext moved to another row, organisation, provider or version does not open", async () => {
  const [mine, other] = [await store("mine"), await store("other")];
  const { inSight, wholeOf } = await import("@/lib/platform/db");
  const sealedOf = (id: string) =>
    inSight(wholeOf(own.orgId), (tx) =>
      tx.credential.findUniqueOrThrow({ where: { orgId_id: { orgId: own.orgId, id } } }),
    );
  const { sealed } = await sealedOf(other.id);
  const set = (data: object) =>
    inSight(wholeOf(own.orgId), (tx) =>
      tx.credential.update({ where: { orgId_id: { orgId: own.orgId, id: mine.id } }, data }),
    );
  const original = await sealedOf(mine.id);
  for (const change of [{ sealed }, { provider: "postgresql" }, { type: "key_file" }, { sealedVersion: 2 }]) {
    await set(change);
    await expect(fetchSecret(own.program, mine.id), JSON.stringify(Object.keys(change))).rejects.toMatchObject({
      code: "damaged",
    });
    await set({
      sealed: original.sealed,
      provider: original.provider,
      type: original.type,
      sealedVersion: original.sealedVersion,
    });
  }
  expect(await passwordOf(mine.id)).toBe("mine");
});
