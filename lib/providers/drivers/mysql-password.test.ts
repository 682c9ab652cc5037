import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readAllowList } from "@/lib/platform/net/policy";
import { type Request, startMysqlPeer } from "@/test/providers/mysql-peer";
import { allowing, buildWorker, tryOut } from "@/test/providers/worker";
import { makeAuthority } from "@/test/servers/certificates";
import { TestRun } from "../test-run";
import { mysqlConnection } from "./mysql";

/** The edge of the network: whichever address is dialled, this machine's server answers. */
vi.mock("@/lib/platform/net/dial", async (original) => {
  const real = await original<typeof import("@/lib/platform/net/dial")>();
  const dial: typeof real.dial = async ([address = ""], port, options) => ({
    ...(await real.dial(["127.0.0.1"], port, options)),
    address,
  });
  return { ...real, dial };
});

const PASSWORD = "MARKER-s3cret";

/** Each way in which a server can ask, after the greeting, and whether that is for the password itself. */
const ASKED: Record<string, { greets: string; requests: Request[]; readable: boolean }> = {
  "native, proven": { greets: "mysql_native_password", requests: [], readable: false },
  "caching_sha2, proven": {
    greets: "mysql_native_password",
    requests: [{ plugin: "caching_sha2_password" }, { more: "enough" }],
    readable: false,
  },
  "in clear": { greets: "mysql_native_password", requests: [{ plugin: "mysql_clear_password" }], readable: true },
  "in clear at once": {
    greets: "mysql_clear_password",
    requests: [{ plugin: "mysql_clear_password" }],
    readable: true,
  },
  "caching_sha2, in full": {
    greets: "caching_sha2_password",
    requests: [{ plugin: "caching_sha2_password" }, { more: "in full" }, { more: "public key" }],
    readable: true,
  },
  sha256: {
    greets: "sha256_password",
    requests: [{ plugin: "sha256_password" }, { more: "public key" }],
    readable: true,
  },
  "proven, and then in full": {
    greets: "mysql_native_password",
    requests: [
      { plugin: "mysql_native_password" },
      { plugin: "caching_sha2_password" },
      { more: "in full" },
      { more: "public key" },
    ],
    readable: true,
  },
};

let folder: string;
let trusted: { certificate: string; key: string };
let strange: typeof trusted;
let misnamed: typeof trusted;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-mysql-"));
  const authority = makeAuthority(folder);
  [trusted, misnamed] = [authority.issue("good"), authority.issue("misnamed", { names: ["DNS:other.example"] })];
  strange = authority.issue("strange", { selfSigned: true });
  // Told to the worker, as an operator would who has an authority of their own.
  process.env.NODE_EXTRA_CA_CERTS = join(folder, "ca.crt");
  worker = await buildWorker();
});
afterAll(() => {
  worker.forget();
  rmSync(folder, { recursive: true, force: true });
});

interface Tried {
  how: (typeof ASKED)[string];
  tls?: typeof trusted | undefined;
  mode?: string | undefined;
}

const values = (port: number, mode: string | undefined) => ({
  ...{ user: "app", password: PASSWORD, testHost: "localhost", testPort: port },
  ...(mode && { testTls: mode }),
});
/** The same by the driver's own names. */
const driverValues = (port: number, mode: string | undefined) => ({
  ...{ user: "app", password: PASSWORD, host: "localhost", port },
  ...(mode && { tls: mode }),
});

/** In a network that the operator opened. */
async function inside({ how, tls, mode }: Tried) {
  const peer = await startMysqlPeer(how.greets, how.requests, tls);
  const { outcome, reason } = await tryOut("MySQLApi", "user_password", values(peer.port, mode), {
    policy: allowing(peer.port),
  });
  const told = peer.heard().includes(PASSWORD);
  await peer.stop();
  return { ended: [outcome, reason].filter(Boolean).join(" "), told };
}

async function inPublic({ how, tls, mode }: Tried) {
  const peer = await startMysqlPeer(how.greets, how.requests, tls);
  const testRun = new TestRun(mysqlConnection.plan, { signal: AbortSignal.timeout(5_000) });
  const network = {
    policy: { allow: readAllowList(""), selfEndpoints: [] },
    lookup: async () => ["8.8.8.8"],
    connectTimeoutMs: 2_000,
    maxInboundBytes: 65_536,
    sshLegacyAlgorithms: false,
    apis: { google: "", microsoft: "" },
  };
  await mysqlConnection.test(driverValues(peer.port, mode), testRun, network).catch(() => undefined);
  const { outcome, reason } = testRun.report();
  const told = peer.heard().includes(PASSWORD);
  await peer.stop();
  return { ended: [outcome, reason].filter(Boolean).join(" "), told };
}

describe.each(Object.entries(ASKED))("a server that asks for the password %s", (_name, how) => {
  const { readable } = how;
  const unheard = { ended: readable ? "failed password_not_sent" : "ok", told: false };
  const heard = { ended: "ok", told: readable };
  // Over TLS the password itself follows at once, and without it the server's key does first.
  const requests = how.requests.filter((one) => !("more" in one) || one.more !== "public key");
  const overTls = { ...how, requests };

  test("never hears it where nobody verified who it is", async () => {
    expect(await inside({ how })).toEqual(unheard);
    expect(await inside({ how, tls: strange })).toEqual(unheard);
    expect(await inside({ how, tls: misnamed })).toEqual(unheard);
    expect(await inPublic({ how })).toEqual({ ended: "failed tls_not_offered", told: false });
    expect(await inPublic({ how, tls: strange })).toEqual({ ended: "failed certificate_not_trusted", told: false });
  });

  test("hears it over TLS whose certificate was verified, or where a mode says so", async () => {
    for (const mode of [undefined, "verify-full"])
      expect(await inside({ how: overTls, tls: trusted, mode })).toEqual(heard);
    for (const tried of [inside, inPublic]) {
      expect(await tried({ how: overTls, tls: strange, mode: "require" })).toEqual(heard);
      expect(await tried({ how, mode: "disable" })).toEqual(heard);
    }
  });

  test("does not get by a mode that demands more than it has", async () => {
    const refused = { ended: "failed certificate_not_trusted", told: false };
    for (const tls of [strange, misnamed]) expect(await inside({ how, tls, mode: "verify-full" })).toEqual(refused);
    for (const mode of ["verify-full", "require"])
      expect(await inside({ how, mode })).toEqual({ ended: "failed tls_not_offered", told: false });
  });
});

test("a server that asks in full before anything was proven never hears it", async () => {
  const requests: Request[] = [{ more: "in full" }, { more: "public key" }];
  expect((await inside({ how: { greets: "caching_sha2_password", requests, readable: true } })).told).toBe(false);
});

test("a way to sign in that is not known here is told as that", async () => {
  const how = { greets: "mysql_native_password", requests: [{ plugin: "parsec" }], readable: false };
  expect(await inside({ how })).toEqual({ ended: "failed method_not_supported", told: false });
});
