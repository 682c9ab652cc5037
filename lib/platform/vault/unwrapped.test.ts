import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type KeyServices, makeToken, startKeyServices } from "@/test/servers/key-services";

// A key file of its own, named before the product is loaded.
const folder = mkdtempSync(join(tmpdir(), "latchkey-wrapped-"));
const file = join(folder, "key");
Object.assign(process.env, { LATCHKEY_DATA: folder, LATCHKEY_KEY_FILE: file, LATCHKEY_KEY: "" });

let clouds: KeyServices;
let token: ReturnType<typeof makeToken>;
beforeAll(async () => {
  clouds = await startKeyServices();
  token = makeToken();
  Object.assign(process.env, clouds.environment, token.environment);
});
afterAll(async () => {
  vi.useRealTimers();
  await clouds.stop();
  token.remove();
});

/** A process that has just started, with nothing in its memory. */
async function fresh() {
  // It looks after its keys when a test says so.
  vi.useFakeTimers({ toFake: ["setInterval"] });
  vi.resetModules();
  delete (globalThis as { latchkeyUnwrapped?: unknown }).latchkeyUnwrapped;
  const vault = await import("./index");
  const { lookAfterKeys } = await import("./unwrapped");
  await vault.unwrapKeys();
  return { ...vault, lookAfterKeys };
}
const transit = () => ({ by: "vault-transit", key: clouds.keys["vault-transit"] }) as const;
const hsm = () => ({ by: "pkcs11", key: token.key }) as const;
const place = { purpose: "credential", orgId: "o", id: "i", provider: "p", type: "t", version: 1 } as const;
const secret = Buffer.from("what is kept");

beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  writeFileSync(file, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
  clouds.mood = "works";
});

test("a key moves to a service, to another one and back while the vault is open, and stays the same key", async () => {
  const running = await fresh();
  const sealed = running.seal(secret, place);
  const original = readFileSync(file, "utf8");
  const { id } = running.keyring().current;
  for (const by of [transit(), hsm()]) {
    await running.wrapKeyFile(running.keyring().current, by);
    expect(readFileSync(file, "utf8")).not.toContain(original.trim());
    // Whoever runs takes it up; whoever starts has it from the service.
    await running.unwrapKeys();
    expect(running.reloadKeys()).toBe(true);
    for (const one of [running, await fresh()]) {
      expect(one.keyring().current.id).toBe(id);
      expect(one.open(sealed, place)).toEqual(secret);
      expect(one.wrappedBy()).toMatchObject(by);
    }
  }
  const last = await fresh();
  last.unwrapKeyFile();
  expect(readFileSync(file, "utf8")).toBe(original);
  expect((await fresh()).open(sealed, place)).toEqual(secret);
});

test("a rotation of a wrapped key makes one that was never outside the service, and the old one still opens", async () => {
  const running = await fresh();
  const sealed = running.seal(secret, place);
  await running.wrapKeyFile(running.keyring().current, transit());
  running.reloadKeys();
  const old = running.keyring().current;
  const beside = await fresh();
  const next = await running.prepareKeyFile();
  await beside.unwrapKeys();
  beside.reloadKeys();
  expect(beside.heldKeys()).toHaveLength(2);
  await running.exchangeKeyFiles();
  expect(next).toBe(`${file}.next`);
  for (const one of [running, beside, await fresh()]) {
    one.reloadKeys();
    expect(one.keyring().current.id).not.toBe(old.id);
    expect(one.open(sealed, place)).toEqual(secret);
  }
  for (const name of readdirSync(folder).filter((one) => one.startsWith("key") && one !== "keys"))
    expect(JSON.parse(readFileSync(join(folder, name), "utf8"))).toMatchObject({ by: "vault-transit" });
  expect(JSON.parse(readFileSync(join(folder, "keys", old.id), "utf8"))).toMatchObject({ id: old.id });
  running.retireKeyFile();
});

test.each([
  ["refuses", /refused/],
  ["another", /another key/],
  ["overloaded", /did not answer/],
] as const)("a service that %s changes nothing", async (mood, words) => {
  const running = await fresh();
  const before = readFileSync(file, "utf8");
  clouds.mood = mood;
  await expect(running.wrapKeyFile(running.keyring().current, transit())).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(words),
  });
  expect(readFileSync(file, "utf8")).toBe(before);
});

describe("a process whose key is wrapped", () => {
  const MINUTE = 60_000;
  const address = () => clouds.environment.VAULT_ADDR;
  const AWAY = "https://127.0.0.1:1";
  async function wrapped() {
    const first = await fresh();
    await first.wrapKeyFile(first.keyring().current, transit());
    const running = await fresh();
    return { running, sealed: running.seal(secret, place), began: performance.now() };
  }

  test("goes on through an outage of the service for as long as it may, and no longer; and again when it is back", async () => {
    const { running, sealed, began } = await wrapped();
    process.env.VAULT_ADDR = AWAY;
    await running.lookAfterKeys(began + 1_430 * MINUTE);
    expect(running.open(sealed, place)).toEqual(secret);
    await running.lookAfterKeys(began + 1_441 * MINUTE);
    expect(() => running.open(sealed, place)).toThrow(/Try again in a moment/);
    expect(() => running.seal(secret, place)).toThrow(/Try again in a moment/);
    process.env.VAULT_ADDR = address();
    await running.lookAfterKeys(began + 1_442 * MINUTE);
    expect(running.open(sealed, place)).toEqual(secret);
  });

  test("opens nothing more once the service has said no", async () => {
    const { running, sealed, began } = await wrapped();
    clouds.mood = "refuses";
    await running.lookAfterKeys(began + 10 * MINUTE);
    expect(() => running.open(sealed, place)).toThrow(/Try again in a moment/);
  });

  test("does not start without the service, and says what to look at", async () => {
    await wrapped();
    clouds.mood = "refuses";
    await expect(fresh()).rejects.toThrow(/vault-transit refused \(.*\): see that the key is there/);
    process.env.VAULT_ADDR = AWAY;
    await expect(fresh()).rejects.toThrow(/vault-transit did not answer \(ECONNREFUSED\)/);
    process.env.VAULT_ADDR = address();
  });

  test("asks a hardware module with a wrong PIN once, and never again: the module counts them", async () => {
    const first = await fresh();
    await first.wrapKeyFile(first.keyring().current, hsm());
    process.env.LATCHKEY_PKCS11_PIN = "000000";
    await expect(fresh()).rejects.toThrow(/CKR_PIN_INCORRECT/);
    const { unwrapKeys } = await import("./index");
    process.env.LATCHKEY_PKCS11_PIN = token.environment.LATCHKEY_PKCS11_PIN;
    await expect(unwrapKeys()).rejects.toThrow(/CKR_PIN_INCORRECT/);
    expect((await fresh()).keyring().current.id).toBe(first.keyring().current.id);
  });
});

test.each(["{", "{}", '{"latchkey_wrapped_key":1}', '{"latchkey_wrapped_key":2,"id":"0123456789abcdef"}'])(
  "a damaged wrapped key (%s) is named, and no key is made",
  async (text) => {
    writeFileSync(file, text, { mode: 0o600 });
    await expect(fresh()).rejects.toThrow(`${file} must hold a key, or a wrapped key`);
  },
);
