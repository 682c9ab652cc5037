import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { sftpValues, tenant } from "@/test/tenant";
import {
  createCredential,
  deleteCredential,
  fetchSecret,
  getCredential,
  isDamaged,
  rotateCredential,
  testCredential,
  updateCredential,
} from ".";

const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
await owner.connect();
afterAll(() => owner.end());
const own = await tenant();

const store = () => createCredential(own.user, { provider: "sftp", type: "user_password", data: sftpValues("first") });
const sealedOf = async (id: string): Promise<Buffer> =>
  (await owner.query("SELECT sealed FROM credential WHERE id = $1", [id])).rows[0].sealed;
const put = (id: string, sealed: Buffer) =>
  owner.query("UPDATE credential SET sealed = $2 WHERE id = $1", [id, sealed]);
const flipped = (at: number) => (sealed: Buffer) => {
  const copy = Buffer.from(sealed);
  copy[at < 0 ? copy.length + at : at] = (copy.at(at) ?? 0) ^ 1;
  return copy;
};

/** One for each part of an envelope. */
const damages: Record<string, (sealed: Buffer) => Buffer> = {
  format: flipped(0),
  "key id": flipped(3),
  "wrapped data key": flipped(30),
  commitment: flipped(80),
  "nonce of the data": flipped(103),
  tag: flipped(-1),
  "cut off": (sealed) => sealed.subarray(0, 40),
  empty: () => Buffer.alloc(0),
};
const DAMAGED = {
  name: "Refusal",
  code: "damaged",
  message: "The stored secret does not open. Send the whole credential anew, or delete it.",
};

test.each(Object.entries(damages))(
  "damaged in its %s, a credential says so by a fixed code, keeps its clear part, and is mended by the whole secret",
  async (_, damage) => {
    const { id } = await store();
    await put(id, damage(await sealedOf(id)));
    const bytes = await sealedOf(id);
    const merge = { data: { mode: "merge", values: { username: "bob" } } } as const;
    await expect(fetchSecret(own.program, id)).rejects.toMatchObject(DAMAGED);
    await expect(testCredential(own.user, { id })).rejects.toMatchObject(DAMAGED);
    await expect(testCredential(own.user, { id, change: merge.data })).rejects.toMatchObject(DAMAGED);
    await expect(rotateCredential(own.user, id)).rejects.toMatchObject({ name: "Refusal" });
    await expect(updateCredential(own.user, id, merge)).rejects.toMatchObject(DAMAGED);
    expect(await isDamaged(own.user, id)).toBe(true);
    expect(await getCredential(own.user, id)).toMatchObject({ config: { username: "alice" } });

    const renamed = await updateCredential(own.user, id, { name: `new name ${id}`, tags: ["x"], active: true });
    expect(renamed).toMatchObject({ name: `new name ${id}`, tags: ["x"], config: { username: "alice" }, version: 2 });
    expect(await sealedOf(id)).toEqual(bytes);

    await updateCredential(own.user, id, { data: { mode: "replace", values: sftpValues("second") } });
    expect(await fetchSecret(own.program, id)).toMatchObject({ data: { password: "second" } });
    expect(await isDamaged(own.user, id)).toBe(false);
  },
);

test("a partial change that holds the whole secret mends it as well", async () => {
  const { id } = await store();
  await put(id, flipped(30)(await sealedOf(id)));
  await updateCredential(own.user, id, { data: { mode: "merge", values: sftpValues("whole") } });
  expect(await fetchSecret(own.program, id)).toMatchObject({ data: { password: "whole" } });
});

test("what is damaged can be deleted under its id", async () => {
  const { id } = await store();
  await put(id, flipped(30)(await sealedOf(id)));
  await deleteCredential(own.user, id);
  await expect(fetchSecret(own.program, id)).rejects.toMatchObject({ code: "not_found" });
});

test("sealed under a key that this instance does not have, it is not called damaged and nothing of it is changed", async () => {
  const { id } = await store();
  const sealed = await sealedOf(id);
  const other = Buffer.concat([sealed.subarray(0, 1), Buffer.from("ffffffffffffffff", "hex"), sealed.subarray(9)]);
  await owner.query("UPDATE credential SET sealed = $2, key_id = 'ffffffffffffffff' WHERE id = $1", [id, other]);
  try {
    const unavailable = { name: "Refusal", code: "unavailable", retryAfterSeconds: 30 };
    await expect(fetchSecret(own.program, id)).rejects.toMatchObject(unavailable);
    await expect(updateCredential(own.user, id, { tags: ["x"] })).rejects.toMatchObject(unavailable);
    expect(await isDamaged(own.user, id)).toBe(false);
  } finally {
    // Other tests' processes would not start while a key is missing.
    await owner.query("UPDATE credential SET sealed = $2, key_id = $3 WHERE id = $1", [
      id,
      sealed,
      sealed.subarray(1, 9).toString("hex"),
    ]);
  }
});
