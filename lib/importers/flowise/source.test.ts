import { randomUUID } from "node:crypto";
import fc from "fast-check";
import initSqlJs from "sql.js";
import { describe, expect, test } from "vitest";
import { encryptLikeFlowise, flowiseDatabase, flowiseKey, flowiseRow } from "@/test/importers/flowise";
import { offline } from "@/test/importers/offline";
import type { SourceInput, SourceRow } from "../define";
import { decrypt } from "./decrypt";
import { read } from "./source";

const key = flowiseKey();
const VALUES = { openAIApiKey: "sk-planted-Ünïcode-🔑" };
const readBytes = (bytes: Uint8Array, more: Partial<SourceInput> = {}) =>
  read({ content: { bytes }, key, network: offline, ...more });
const problemOf = (row: SourceRow | undefined) => (row && "problem" in row ? row.problem : undefined);
const dataOf = (row: SourceRow | undefined) => (row && "found" in row ? row.found.data : undefined);
const refused = (fields: object) => expect.objectContaining({ name: "Refusal", ...fields });

describe("what OpenSSL encrypted in Flowise's format", () => {
  test("opens with its key, whatever is in it", () => {
    const samples = fc.sample(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: "binary" })), 10);
    for (const values of samples) {
      const passphrase = flowiseKey();
      expect(decrypt(encryptLikeFlowise(values, passphrase), passphrase)).toEqual({ ok: true, values: { ...values } });
    }
  });

  test("never opens with another key, not even where the padding happens to fit", () => {
    const encrypted = encryptLikeFlowise(VALUES, key);
    for (let round = 0; round < 2_000; round++) {
      expect(decrypt(encrypted, `${key}${round}`)).toEqual({ ok: false, why: "key" });
    }
  });

  test.each([
    ["cut off", (text: string) => text.slice(0, -8), "format"],
    ["not base64", () => "U2FsdGVkX1{}", "format"],
    ["empty", () => "", "format"],
    ["of another tool", () => Buffer.alloc(64, 7).toString("base64"), "format"],
    ["altered in its last block", alterLastByte, "key"],
  ] as const)("is told apart when it is %s", (_, damage, why) => {
    expect(decrypt(damage(encryptLikeFlowise(VALUES, key)), key)).toEqual({ ok: false, why });
  });

  test.each(['"a string"', "[1]", "null", "7"])("and is no set of fields is told so: %s", (text) => {
    expect(decrypt(encryptLikeFlowise(text, key), key)).toEqual({ ok: false, why: "shape" });
  });
});

function alterLastByte(text: string): string {
  const bytes = Buffer.from(text, "base64");
  bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 0xff, bytes.length - 1);
  return bytes.toString("base64");
}

describe("a Flowise database", () => {
  test("gives ids, names, types, dates and values", async () => {
    const row = flowiseRow(VALUES, key, { name: "Production key" });
    const bytes = await flowiseDatabase([row]);
    expect(await readBytes(bytes, { key: `${key}\n` })).toMatchObject([
      {
        id: row.id,
        name: "Production key",
        kind: "openAIApi",
        createdAt: new Date("2024-03-01T10:20:30Z"),
        updatedAt: new Date("2024-05-06T07:08:09Z"),
        found: { provider: "openAIApi", type: "api_key", data: VALUES },
        notes: [],
      },
    ]);
  });

  test("is read as a whole although single rows are bad, and says of each what is wrong", async () => {
    const rows = [
      flowiseRow(VALUES, key, { name: "good" }),
      flowiseRow(VALUES, flowiseKey(), { name: "another key" }),
      flowiseRow(VALUES, key, { name: "aws", encryptedData: `FlowiseCredential_${randomUUID()}` }),
      flowiseRow(VALUES, key, { name: "nothing", encryptedData: null }),
      flowiseRow("[]", key, { name: "no fields" }),
      flowiseRow(VALUES, key, { name: "no type", credentialName: "a b/c" }),
      flowiseRow(VALUES, key, { name: "no id", id: "" }),
      flowiseRow(VALUES, key, { name: "huge", encryptedData: "A".repeat(1_200_000) }),
    ].map((row, at) => ({ ...row, createdDate: `2024-01-0${at + 1} 00:00:00` }));
    const read = await readBytes(await flowiseDatabase(rows));
    expect(read.map((row) => [row.name, problemOf(row)?.outcome, problemOf(row)?.message.slice(0, 25)])).toEqual([
      ["good", undefined, undefined],
      ["another key", "undecryptable", "It does not open with thi"],
      ["aws", "undecryptable", "Its secret lies in AWS Se"],
      ["nothing", "undecryptable", "Its data is damaged: it i"],
      ["no fields", "unacceptable", "Its data is no set of fie"],
      ["no type", "unacceptable", "Its type has a name that "],
      ["no id", "unacceptable", "It has no id."],
      ["huge", "undecryptable", "Its data is damaged: it i"],
    ]);
  });

  test("with a wrong key is refused as a whole", async () => {
    const bytes = await flowiseDatabase([flowiseRow(VALUES, key), flowiseRow(VALUES, key)]);
    const wrong = refused({ code: "invalid", fields: [expect.objectContaining({ path: ["key"], code: "wrong_key" })] });
    await expect(readBytes(bytes, { key: flowiseKey() })).rejects.toEqual(wrong);
    await expect(readBytes(bytes, { key: "" })).rejects.toEqual(refused({ code: "invalid" }));
  });

  test("names what Flowise's own placeholder has already replaced, and keeps the rest", async () => {
    const placeholder = "_FLOWISE_BLANK_07167752-1a71-43b1-bf8f-4f32252165db";
    const values = { langFuseSecretKey: placeholder, langFusePublicKey: "pk" };
    const [row] = await readBytes(await flowiseDatabase([flowiseRow(values, key, { credentialName: "langfuseApi" })]));
    expect(dataOf(row)).toEqual({ langFusePublicKey: "pk" });
    expect(row?.notes.join()).toContain("langFuseSecretKey");
  });

  test("keeps an unknown type as an open one, nested values as JSON", async () => {
    const values = { token: "t", nested: { a: [1] }, on: true };
    const [row] = await readBytes(await flowiseDatabase([flowiseRow(values, key, { credentialName: "myOwnApi" })]));
    expect(row).toMatchObject({ found: { provider: "myOwnApi", data: { token: "t", nested: '{"a":[1]}', on: true } } });
    expect(row?.notes.join()).toContain("not known here");
  });

  test("of several workspaces asks which, by id or name", async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const rows = [flowiseRow(VALUES, key, { workspaceId: one }), flowiseRow(VALUES, key, { workspaceId: two })];
    const bytes = await flowiseDatabase(rows, { workspaces: { [one]: "Sales", [two]: "Research" } });
    const asks = (text: string) =>
      refused({ fields: [expect.objectContaining({ path: ["part"], message: expect.stringContaining(text) })] });
    await expect(readBytes(bytes)).rejects.toEqual(asks(`Sales (${one})`));
    await expect(readBytes(bytes, { part: "Elsewhere" })).rejects.toEqual(asks("Research"));
    for (const part of [two, "research"]) {
      expect((await readBytes(bytes, { part })).map(({ id }) => id)).toEqual([rows[1]?.id]);
    }
  });

  test("of a version without workspaces or dates is read all the same", async () => {
    const { Database } = await initSqlJs();
    const database = new Database();
    database.run('CREATE TABLE credential (id, name, "credentialName", "encryptedData")');
    const insert = "INSERT INTO credential VALUES (?, 'Old', 'openAIApi', ?)";
    database.run(insert, [randomUUID(), encryptLikeFlowise(VALUES, key)]);
    const [row] = await readBytes(database.export());
    expect(row).toMatchObject({ name: "Old", createdAt: undefined, found: { data: VALUES } });
  });

  test("in write-ahead mode is read without its second file", async () => {
    const bytes = await flowiseDatabase([flowiseRow(VALUES, key)]);
    bytes.set([2, 2], 18);
    expect(dataOf((await readBytes(bytes))[0])).toEqual(VALUES);
  });

  test("that is no database, or another's, or damaged is refused in plain words", async () => {
    const { Database } = await initSqlJs();
    const other = new Database();
    other.run("CREATE TABLE credential (id, name)");
    const whole = await flowiseDatabase(Array.from({ length: 40 }, () => flowiseRow(VALUES, key)));
    const damaged = [new Uint8Array(), Buffer.from("SQLite"), other.export(), whole.slice(0, 4_200), garbled(whole)];
    for (const bytes of damaged) await expect(readBytes(bytes)).rejects.toEqual(refused({ code: "invalid" }));
  });

  test("whose schema asks for endless memory is refused", async () => {
    const { Database } = await initSqlJs();
    const bomb = new Database();
    bomb.run(
      `CREATE TABLE credential (id, name, "credentialName"); INSERT INTO credential VALUES ('a', 'b', 'openAIApi');
       ALTER TABLE credential ADD COLUMN "encryptedData" AS (hex(zeroblob(400000000)))`,
    );
    await expect(readBytes(bomb.export())).rejects.toEqual(refused({ code: "invalid" }));
  });
});

/** The header stays, what follows is noise. */
function garbled(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, at) => (at < 100 ? byte : (byte * 31 + at) % 256));
}
