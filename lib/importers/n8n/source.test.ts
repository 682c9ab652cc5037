import { describe, expect, test } from "vitest";
import { parseData } from "@/lib/providers/define";
import { findMethod } from "@/lib/providers/index";
import { offline } from "@/test/importers/offline";
import type { SourceRow } from "../define";
import { kinds } from "./kinds";
import { read } from "./source";

const readText = (text: string | Uint8Array) => read({ content: { bytes: Buffer.from(text) }, network: offline });
const credential = (type: string, data: unknown, more: object = {}) => ({
  id: "aB3xYz",
  name: "Mine",
  type,
  data,
  createdAt: "2025-01-02T03:04:05.678Z",
  updatedAt: "2025-02-02T03:04:05.678Z",
  ...more,
});
const rowOf = async (type: string, data: unknown, more: object = {}): Promise<SourceRow | undefined> =>
  (await readText(JSON.stringify([credential(type, data, more)])))[0];
const foundIn = (row: SourceRow | undefined) => (row && "found" in row ? row.found : undefined);
const problemIn = (row: SourceRow | undefined) => (row && "problem" in row ? row.problem : undefined);
const refused = (text: string) => expect.objectContaining({ name: "Refusal", message: expect.stringContaining(text) });

describe("an export of n8n", () => {
  test("gives ids, names and dates", async () => {
    const row = await rowOf("stripeApi", { secretKey: "sk" });
    expect(row).toMatchObject({
      id: "n8n:aB3xYz",
      shownId: "aB3xYz",
      name: "Mine",
      kind: "stripeApi",
      createdAt: new Date("2025-01-02T03:04:05.678Z"),
      updatedAt: new Date("2025-02-02T03:04:05.678Z"),
      found: { provider: "stripeApi", data: { stripeApiToken: "sk" } },
    });
  });

  test.each([
    [
      "postgres",
      {
        host: "db.example.com",
        port: 5432,
        database: "app",
        user: "u",
        password: "p",
        ssl: "require",
        sshTunnel: false,
      },
      { provider: "postgresql", type: "user_password" },
      { host: "db.example.com", username: "u", password: "p", sslmode: "require" },
    ],
    [
      "sftp",
      { host: "sftp.example.com", port: 22, username: "u", password: "", privateKey: "KEY", passphrase: "" },
      { provider: "sftp", type: "key_file" },
      { username: "u", private_key: "KEY" },
    ],
    [
      "sftp",
      { host: "sftp.example.com", username: "u", password: "p", privateKey: "KEY" },
      { provider: "sftp", type: "key_file" },
      { private_key: "KEY", password: "p" },
    ],
    [
      "redis",
      { host: "r.example.com", port: 6379, user: "", password: "p", database: 3, ssl: true },
      { provider: "redisCacheApi" },
      { redisCacheHost: "r.example.com", redisCachePwd: "p", redisCacheSslEnabled: true, database: 3 },
    ],
    [
      "mongoDb",
      { configurationType: "values", host: "m.example.com", port: 27017, user: "u", password: "p@/:", database: "app" },
      { provider: "mongoDBUrlApi" },
      { mongoDBConnectUrl: "mongodb://u:p%40%2F%3A@m.example.com:27017/app" },
    ],
    ["httpHeaderAuth", { name: "X-Key", value: "v" }, { provider: "httpApiKey" }, { key: "X-Key", value: "v" }],
    [
      "openAiApi",
      { apiKey: "k", url: "https://x" },
      { provider: "openAIApi" },
      { openAIApiKey: "k", url: "https://x" },
    ],
    ["zendeskApi", { token: "t", oauth: { a: 1 } }, { provider: "n8n.zendeskApi" }, { token: "t", oauth: '{"a":1}' }],
  ])("brings %s into our form and leaves nothing behind", async (type, data, target, values) => {
    const found = foundIn(await rowOf(type, data));
    expect(found).toMatchObject({ ...target, data: values });
  });

  test("keeps as an open type what a known one has no place for, and says why", async () => {
    const data = { host: "h", database: "d", user: "u", password: "p", sshTunnel: true, sshHost: "bastion", odd: 1 };
    const row = await rowOf("postgres", data);
    expect(foundIn(row)).toMatchObject({ provider: "n8n.postgres", data });
    expect(row?.notes.join()).toContain("PostgreSQL has no place for: sshTunnel, sshHost, odd");
  });

  test("names a value that is an expression of n8n", async () => {
    const row = await rowOf("stripeApi", { secretKey: "={{ $env.STRIPE }}" });
    expect(row?.notes.join()).toMatch(/expression.*secretKey|secretKey.*expression/);
    expect(row?.notes.join()).not.toContain("STRIPE");
  });

  test("that is still encrypted is told apart, as a whole and in single rows", async () => {
    const locked = credential("stripeApi", "U2FsdGVkX19planted");
    await expect(readText(JSON.stringify([locked]))).rejects.toEqual(refused("--decrypted"));
    const mixed = await readText(JSON.stringify([locked, credential("stripeApi", { secretKey: "k" }, { id: "2" })]));
    expect(mixed.map((row) => problemIn(row)?.outcome)).toEqual(["undecryptable", undefined]);
  });

  test("with bad rows is read all the same", async () => {
    const rows = [
      7,
      null,
      [],
      {},
      credential("a b", { x: 1 }),
      credential("stripeApi", 7),
      credential("x", {}, { id: null }),
    ];
    const read = await readText(JSON.stringify([...rows, credential("stripeApi", { secretKey: "k" })]));
    expect(read.map((row) => problemIn(row)?.outcome ?? "found")).toEqual([...rows.map(() => "unacceptable"), "found"]);
  });

  test.each(["", "{", "7", '"text"', "{}", `${"[".repeat(50_000)}`, '{"a":1}'])(
    "that is none is refused: %#",
    async (text) => {
      await expect(readText(text)).rejects.toEqual(refused("n8n"));
    },
  );

  test("that is not UTF-8 is refused", async () => {
    await expect(readText(new Uint8Array([0xff, 0xfe, 0x5b]))).rejects.toEqual(refused("UTF-8"));
  });

  test("of more rows than are read is refused", async () => {
    await expect(readText(`[${Array(10_001).fill("0").join()}]`)).rejects.toEqual(refused("10000"));
  });
});

test.each(Object.entries(kinds))("the table of types knows providers and fields that exist: %s", (_, mappings) => {
  for (const { provider, type, fields, join } of mappings) {
    const method = findMethod(provider, type ?? "api_key") ?? findMethod(provider, "user_password");
    expect(method, provider).toBeDefined();
    for (const name of [...Object.values(fields), ...(join ? [join.field] : [])]) {
      expect(Object.keys(method?.fields ?? {}), provider).toContain(name);
    }
    if (method) expect(parseData(method, method.example).ok).toBe(true);
  }
});
