import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureKey } from "./key.mjs";

const owner = process.env.TEST_OWNER_DATABASE_URL ?? "";
const name = `key_test_${process.pid}`;
const url = Object.assign(new URL(owner), { pathname: `/${name}` }).href;
let folder = "";

async function run(address: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

beforeAll(async () => {
  await run(owner, `CREATE DATABASE ${name}`);
  await run(url, "CREATE TABLE root_secret (id int)");
});

afterAll(() => run(owner, `DROP DATABASE ${name}`));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-key-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

test("the first start makes a key of 32 random bytes that only its owner can read, and keeps it", async () => {
  const file = await ensureKey({ LATCHKEY_DATA: folder }, url, "here");
  expect(file).toBe(join(folder, "key"));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const key = readFileSync(file, "utf8");
  expect(Buffer.from(key, "base64")).toHaveLength(32);
  await ensureKey({ LATCHKEY_DATA: folder }, url, "here");
  expect(readFileSync(file, "utf8")).toBe(key);
});

test("a key that the settings name is left to them", async () => {
  expect(await ensureKey({ LATCHKEY_DATA: folder, LATCHKEY_KEY: "x" }, url, "here")).toBe("LATCHKEY_KEY");
  expect(await ensureKey({ LATCHKEY_DATA: folder, LATCHKEY_KEY_FILE: "/run/key" }, url, "here")).toBe("/run/key");
  expect(existsSync(join(folder, "key"))).toBe(false);
});

test("no key is made for a vault that holds something", async () => {
  await run(url, "INSERT INTO root_secret VALUES (1)");
  await expect(ensureKey({ LATCHKEY_DATA: folder }, url, "here")).rejects.toThrow("The key is missing");
  expect(existsSync(join(folder, "key"))).toBe(false);
});
