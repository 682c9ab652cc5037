import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { offline } from "@/test/importers/offline";
import { openFernet, readFernetKeys } from "./fernet";
import { read } from "./source";

/** A token by the specification, written here for the test. */
function seal(text: string, key: Buffer, more: { version?: number; iv?: Buffer; atS?: bigint } = {}): string {
  const { version = 0x80, iv = randomBytes(16), atS = 1_700_000_000n } = more;
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(atS);
  const cipher = createCipheriv("aes-128-cbc", key.subarray(16), iv);
  const head = Buffer.concat([Buffer.from([version]), time, iv, cipher.update(text, "utf8"), cipher.final()]);
  const mac = createHmac("sha256", key.subarray(0, 16)).update(head).digest();
  return padded(Buffer.concat([head, mac]));
}
/** Python writes base64url with its padding. */
const padded = (bytes: Buffer) => bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
const written = (key: Buffer) => padded(key);

const [key, other] = [randomBytes(32), randomBytes(32)];
const readRows = (rows: unknown, keyText?: string) =>
  read({ content: { bytes: Buffer.from(JSON.stringify(rows)) }, key: keyText, network: offline });
const row = (more: object) => ({
  conn_id: "pg",
  conn_type: "postgres",
  host: "db.example.com",
  login: "u",
  is_encrypted: true,
  is_extra_encrypted: false,
  ...more,
});
const refused = (code: string) =>
  expect.objectContaining({ name: "Refusal", fields: [expect.objectContaining({ path: ["key"], code })] });

describe("Fernet", () => {
  test("opens the specification's own vector", () => {
    const [theirs] = readFernetKeys("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=") ?? [];
    const token =
      "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
    expect(theirs && openFernet(token, [theirs])).toBe("hello");
  });

  test("opens by whichever key signed, of any age", () => {
    const token = seal("p@ss wörd", key, { atS: 499_162_800n });
    expect(openFernet(token, [other, key])).toBe("p@ss wörd");
    expect(openFernet(token, [other])).toBeUndefined();
    expect(openFernet(token, [])).toBeUndefined();
  });

  test("opens nothing that was cut, changed in one bit, or is of another version", () => {
    const token = seal("secret", key);
    const bytes = Buffer.from(token, "base64url");
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(openFernet(padded(flipped), [key])).toBeUndefined();
      expect(openFernet(padded(bytes.subarray(0, at)), [key])).toBeUndefined();
    }
    expect(openFernet(seal("secret", key, { version: 0x81 }), [key])).toBeUndefined();
    expect(openFernet("", [key])).toBeUndefined();
    expect(openFernet("no base64 !", [key])).toBeUndefined();
  });

  test("reads keys as Airflow writes them, and nothing else", () => {
    expect(readFernetKeys(` ${written(key)},${written(other)}\n`)).toEqual([key, other]);
    for (const text of ["", "short", written(key).slice(0, 20), `${written(key)},`, "x".repeat(44)])
      expect(readFernetKeys(text), text).toBeUndefined();
  });
});

test("rows of shapes that nobody expects bring nothing down", async () => {
  const odd = [
    { conn_id: {} },
    { conn_id: "a", conn_type: {}, is_encrypted: {}, password: {} },
    { conn_id: [1] },
    7,
    null,
  ];
  const rows = await readRows([...odd, row({ password: "plain" })]);
  expect(rows.map((one) => "problem" in one)).toEqual([...odd.map(() => true), false]);
});

test("a password that Airflow masked is said to be missing", async () => {
  const [masked] = await readRows([row({ password: "***", is_encrypted: "True" })]);
  expect(masked).toMatchObject({ found: { provider: "airflow.postgres" } });
  expect(masked?.notes.join()).toMatch(/masked its password/);
  expect(JSON.stringify(masked)).not.toContain("***");
});

describe("rows of Airflow that are still encrypted", () => {
  const sealed = row({
    password: seal("p-1", key),
    extra: seal('{"sslmode":"require"}', key),
    is_extra_encrypted: true,
  });

  test.each([[true], ["True"], ["true"], [1], ["1"]])("are opened with the key: is_encrypted %o", async (flag) => {
    const rows = await readRows([{ ...sealed, is_encrypted: flag, is_extra_encrypted: flag }], written(key));
    expect(rows).toMatchObject([
      { id: "airflow:pg", found: { provider: "postgresql", data: { password: "p-1", sslmode: "require" } } },
    ]);
  });

  test("are opened after a rotation, each with its own key of the list", async () => {
    const rows = await readRows(
      [sealed, row({ conn_id: "old", password: seal("p-2", other) })],
      `${written(key)},${written(other)}`,
    );
    expect(rows).toMatchObject([{ found: { data: { password: "p-1" } } }, { found: { data: { password: "p-2" } } }]);
  });

  test("are named without a key, and the others are taken", async () => {
    const [locked, plain] = await readRows({ a: { ...sealed }, b: { ...row({ password: "plain" }) } });
    expect(locked).toMatchObject({
      problem: { outcome: "undecryptable", message: expect.stringMatching(/password, extra.*fernet_key/) },
    });
    expect(plain).toMatchObject({ found: { data: { password: "plain" } } });
    const [half] = await readRows([{ ...sealed, extra: "{}" }]);
    expect(half).toMatchObject({
      problem: { message: expect.stringContaining("encrypted in this export: password.") },
    });
  });

  test("with a wrong key are refused as a whole; with a key for some, by row", async () => {
    await expect(readRows([sealed, row({ conn_id: "b", password: "plain" })], written(other))).rejects.toEqual(
      refused("wrong_key"),
    );
    await expect(readRows([sealed], "no key")).rejects.toEqual(refused("malformed_key"));
    const rows = await readRows([sealed, row({ conn_id: "b", password: seal("p-2", other) })], written(key));
    expect(rows).toMatchObject([{ found: {} }, { problem: { outcome: "undecryptable" } }]);
  });

  test("that are cut off or damaged are never taken for a password", async () => {
    const token = seal("p-1", key);
    const rows = await readRows([sealed, row({ conn_id: "b", password: token.slice(0, 40) })], written(key));
    expect(rows[1]).toMatchObject({ problem: { outcome: "undecryptable" } });
  });

  test("and do not say so are opened if the key does, and named if not", async () => {
    const password = seal("p-1", key);
    const unsaid = row({ password, is_encrypted: false });
    const [read] = await readRows([unsaid], written(key));
    expect(read).toMatchObject({ found: { data: { password: "p-1" } } });
    expect(read?.notes.join()).not.toContain("looks as if");
    const [kept] = await readRows([unsaid]);
    expect(kept).toMatchObject({ found: { data: { password } } });
    expect(kept?.notes.join()).toMatch(/password looks as if Airflow had encrypted it/);
  });

  test("are not looked for where an export prints the flag beside the value in clear", async () => {
    const [found] = await readRows([
      row({ password: "plain", is_extra_encrypted: "True", extra_dejson: { sslmode: "require" } }),
    ]);
    expect(found).toMatchObject({ found: { data: { password: "plain", sslmode: "require" } } });
  });
});
