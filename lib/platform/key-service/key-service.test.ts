import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KeyServices, makeToken, PIN, startKeyServices } from "@/test/servers/key-services";
import { askKeyService, type KeyServiceName } from "./index";

let clouds: KeyServices;
let token: ReturnType<typeof makeToken>;
const before = { ...process.env };
const set = (settings: Record<string, string>) => Object.assign(process.env, settings);
beforeAll(async () => {
  clouds = await startKeyServices();
  token = makeToken();
  set({ ...clouds.environment, ...token.environment });
});
afterAll(async () => {
  await clouds.stop();
  token.remove();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

const bytes = randomBytes(32);
const keyOf = (by: KeyServiceName) => (by === "pkcs11" ? token.key : clouds.keys[by]);
const ask = (act: "wrap" | "unwrap", by: KeyServiceName, given: Buffer, key = keyOf(by)) =>
  askKeyService({ act, by, key, bytes: given });
const outcome = (asked: Promise<Buffer>) =>
  asked.then(
    () => "done",
    ({ kind, code }: { kind: string; code: string }) => `${kind} ${code}`,
  );

const CLOUDS = ["aws-kms", "google-kms", "azure-key-vault", "vault-transit"] as const;

/** What each has wrapped. */
const wrapped = new Map<KeyServiceName, Buffer>();
const wrappedBy = (by: KeyServiceName) => wrapped.get(by) ?? Buffer.alloc(0);

test.each([...CLOUDS, "pkcs11"] as const)("what %s wraps is nothing to read, and comes back whole", async (by) => {
  wrapped.set(by, await ask("wrap", by, bytes));
  expect(wrappedBy(by).includes(bytes)).toBe(false);
  expect(await ask("unwrap", by, wrappedBy(by))).toEqual(bytes);
  // Nothing of ours went along: no key, no address of a database.
  expect(JSON.stringify(clouds.requests)).not.toContain("postgres://");
});

test.each(CLOUDS)("%s that says no has refused; one that is overloaded has not", async (by) => {
  clouds.mood = "refuses";
  expect(await outcome(ask("unwrap", by, wrappedBy(by)))).toMatch(
    /^refused (AccessDenied|PERMISSION_DENIED|Forbidden|status_403)/,
  );
  clouds.mood = "overloaded";
  expect(await outcome(ask("unwrap", by, wrappedBy(by)))).toMatch(/^unreachable /);
  clouds.mood = "works";
});

test.each(["google-kms", "azure-key-vault", "vault-transit"] as const)(
  "%s is not asked at all with what can be no name of a key there",
  async (by) => {
    const count = clouds.requests.length;
    for (const name of ["https://localhost/keys/../x", "transit/../sys/seal"])
      expect(await outcome(ask("unwrap", by, bytes, name))).toMatch(/^refused not_a_key/);
    expect(clouds.requests).toHaveLength(count);
  },
);

test("a service that is not there, and one without settings, are told apart", async () => {
  const address = process.env.VAULT_ADDR ?? "";
  process.env.VAULT_ADDR = "https://127.0.0.1:1";
  expect(await outcome(ask("unwrap", "vault-transit", bytes))).toBe("unreachable ECONNREFUSED");
  delete process.env.VAULT_ADDR;
  expect(await outcome(ask("unwrap", "vault-transit", bytes))).toBe("refused not_configured");
  process.env.VAULT_ADDR = address;
});

test("a sign-in that Azure refuses is a refusal, and one that nobody answers is none", async () => {
  const { AZURE_AUTHORITY_HOST = "", AZURE_CLIENT_SECRET = "" } = process.env;
  process.env.AZURE_CLIENT_SECRET = "wrong";
  expect(await outcome(ask("unwrap", "azure-key-vault", bytes))).toBe("refused AADSTS7000215");
  set({ AZURE_CLIENT_SECRET, AZURE_AUTHORITY_HOST: "https://127.0.0.1:1" });
  expect(await outcome(ask("unwrap", "azure-key-vault", bytes))).toBe("unreachable not_signed_in");
  set({ AZURE_AUTHORITY_HOST });
});

describe("a hardware module", () => {
  test("that is given a wrong PIN, no PIN or the name of no key has refused", async () => {
    const ours = wrappedBy("pkcs11");
    process.env.LATCHKEY_PKCS11_PIN = "000000";
    expect(await outcome(ask("unwrap", "pkcs11", ours))).toBe("refused CKR_PIN_INCORRECT");
    delete process.env.LATCHKEY_PKCS11_PIN;
    expect(await outcome(ask("unwrap", "pkcs11", ours))).toBe("refused no_pin");
    const file = join(dirname(process.env.SOFTHSM2_CONF ?? ""), "pin");
    writeFileSync(file, `${PIN}\n`, { mode: 0o400 });
    expect(await outcome(ask("unwrap", "pkcs11", ours, `${token.key}&pin-source=file:${file}`))).toBe("done");
    set(token.environment);
    expect(await outcome(ask("wrap", "pkcs11", bytes, token.key.replace("%01", "%02")))).toBe("refused no_such_key");
    expect(await outcome(ask("wrap", "pkcs11", bytes, "pkcs11:token=latchkey"))).toBe("refused not_a_pkcs11_address");
  });

  test("that is not plugged in is not there, and may come back", async () => {
    const elsewhere = token.key.replace("token=latchkey", "token=another");
    expect(await outcome(ask("wrap", "pkcs11", bytes, elsewhere))).toBe("unreachable no_token");
  });
});

test("the process that asks has the settings of key services, and nothing else of ours", async () => {
  set({ LATCHKEY_CANARY: "canary", DATABASE_CANARY: "canary" });
  clouds.mood = "silent";
  const count = clouds.requests.length;
  const asked = outcome(ask("unwrap", "vault-transit", bytes));
  await expect.poll(() => clouds.requests.length).toBe(count + 1);
  const environments = processes().map((pid) => readFileSync(`/proc/${pid}/environ`, "utf8"));
  clouds.mood = "works";
  for (const pid of processes()) process.kill(pid, "SIGKILL");
  expect(await asked).toBe("unreachable no_answer");
  expect(environments).toHaveLength(1);
  expect(environments[0]).toContain("VAULT_TOKEN=");
  expect(environments[0]).not.toMatch(/CANARY|DATABASE|LATCHKEY_KEY/);
  for (const name of ["LATCHKEY_CANARY", "DATABASE_CANARY"]) delete process.env[name];
});

/** Of this very test: whoever has our number for a parent. */
function processes(): number[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map(Number)
    .filter((pid) => {
      try {
        const isOurs = new RegExp(`^PPid:\\t${process.pid}$`, "m").test(readFileSync(`/proc/${pid}/status`, "utf8"));
        return isOurs && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("key-service.js");
      } catch {
        return false;
      }
    });
}
