import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readdirSync } from "node:fs";
import sshpk from "sshpk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemLookup } from "@/lib/platform/net/resolve";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { freePort } from "@/test/servers/peer";
import { type Sshd, startSshd } from "@/test/servers/sshd";
import type { TestStep } from "../report";
import { TestRun } from "../test-run";
import { connection } from "./connection";

let sshd: Sshd;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [sshd, worker] = await Promise.all([startSshd(), buildWorker()]);
});
afterAll(async () => {
  worker?.forget();
  await sshd?.stop();
});

const withPassword = (change: Record<string, unknown> = {}) => ({
  host: sshd.host,
  port: sshd.port,
  username: sshd.username,
  password: sshd.password,
  test_path: sshd.home,
  ...change,
});
const withKey = (private_key: string, change: Record<string, unknown> = {}) => {
  const { password: _, ...place } = withPassword();
  return { ...place, private_key, ...change };
};

const ALL_WELL = ["values ok", "resolve ok", "address ok", "connect ok", "host_key ok", "sign_in ok", "permission ok"];

test("a right password passes every step, and the report tells the host key", async () => {
  const seen: TestStep[] = [];
  const report = await tryOut("sftp", "user_password", withPassword(), { onStep: (step) => seen.push(step) });
  expect(report).toMatchObject({ outcome: "ok", facts: { hostKey: sshd.hostKey } });
  expect(report.reason).toBeUndefined();
  expect(walked(report)).toEqual(ALL_WELL);
  expect(seen).toEqual(report.steps);
  expect(readdirSync(sshd.home)).toEqual([]);
});

test("a host name is looked up and reached like an address", async () => {
  const report = await tryOut("sftp", "user_password", withPassword({ host: "localhost" }), {
    policy: { allow: [{ to: { name: "localhost" }, fromPort: sshd.port, toPort: sshd.port }], selfEndpoints: [] },
  });
  expect(report.outcome).toBe("ok");
});

test.each([
  ["Ed25519, OpenSSH", ["-t", "ed25519"]],
  ["ECDSA P-256, OpenSSH", ["-t", "ecdsa", "-b", "256"]],
  ["ECDSA P-521, OpenSSH", ["-t", "ecdsa", "-b", "521"]],
  ["RSA, OpenSSH", ["-t", "rsa", "-b", "2048"]],
  ["RSA, PKCS#1", ["-t", "rsa", "-b", "2048", "-m", "PEM"]],
  ["ECDSA, SEC1", ["-t", "ecdsa", "-m", "PEM"]],
  ["RSA, PKCS#8", ["-t", "rsa", "-b", "2048", "-m", "PKCS8"]],
  ["ECDSA, PKCS#8", ["-t", "ecdsa", "-m", "PKCS8"]],
])("a key signs in: %s, plain and encrypted", async (_, options) => {
  const plain = await tryOut("sftp", "key_file", withKey(sshd.newKey(...options)));
  expect(walked(plain)).toEqual(ALL_WELL);
  const encrypted = sshd.newKey(...options, "-N", "pass phrase", "-a", "4");
  const report = await tryOut("sftp", "key_file", withKey(encrypted, { passphrase: "pass phrase" }));
  expect(walked(report)).toEqual(ALL_WELL);
});

test("an Ed25519 key in PKCS#8 signs in, plain and encrypted, whatever copying did to its lines", async () => {
  const pem = execFileSync("openssl", ["genpkey", "-algorithm", "ed25519"], { encoding: "utf8" });
  sshd.authorize(publicLine(pem));
  const cipher = { cipher: "aes-256-cbc", passphrase: "pass phrase" };
  const encrypted = createPrivateKey(pem)
    .export({ type: "pkcs8", format: "pem", ...cipher })
    .toString();
  const mangled = [
    pem.replaceAll("\n", "\r\n"),
    pem.replaceAll("\n", "\\n"),
    pem.replaceAll("\n", " "),
    `\n  ${pem.replaceAll("\n", "\n  ")}`,
  ];
  for (const text of mangled) expect(walked(await tryOut("sftp", "key_file", withKey(text)))).toEqual(ALL_WELL);
  const report = await tryOut("sftp", "key_file", withKey(encrypted, { passphrase: "pass phrase" }));
  expect(walked(report)).toEqual(ALL_WELL);
});

test("a wrong password is told apart from everything else", async () => {
  const report = await tryOut("sftp", "user_password", withPassword({ password: "not-the-password" }));
  expect(report).toMatchObject({ outcome: "failed", reason: "wrong_credentials" });
  expect(walked(report).slice(-3)).toEqual(["host_key ok", "sign_in failed wrong_credentials", "permission skipped"]);
  expect(report.steps.at(-2)).toMatchObject({ field: "password" });
});

test("a key that the server does not know, and a wrong passphrase, name their fields", async () => {
  const stranger = createPrivateKey(execFileSync("openssl", ["genpkey", "-algorithm", "ed25519"])).export({
    type: "pkcs8",
    format: "pem",
  });
  const refused = await tryOut("sftp", "key_file", withKey(stranger.toString()));
  expect(refused.steps.find(({ id }) => id === "sign_in")).toMatchObject({
    code: "wrong_credentials",
    field: "private_key",
  });
  const key = sshd.newKey("-t", "ed25519", "-N", "right passphrase", "-a", "4");
  const locked = await tryOut("sftp", "key_file", withKey(key, { passphrase: "wrong passphrase" }));
  expect(walked(locked).slice(0, 2)).toEqual(["values failed passphrase_wrong", "resolve skipped"]);
  expect(locked.steps[0]).toMatchObject({ field: "passphrase" });
});

test("a remembered host key is compared before anything is sent, and both ways of writing it count", async () => {
  for (const host_key of [sshd.hostKey, sshd.hostKey.split(" ")[1]]) {
    expect((await tryOut("sftp", "user_password", withPassword({ host_key }))).outcome).toBe("ok");
  }
  const host_key = `ssh-ed25519 SHA256:${"A".repeat(43)}`;
  const report = await tryOut("sftp", "user_password", withPassword({ host_key }));
  expect(report).toMatchObject({ outcome: "failed", reason: "host_key_mismatch", facts: {} });
  expect(walked(report).slice(4)).toEqual([
    "host_key failed host_key_mismatch",
    "sign_in skipped",
    "permission skipped",
  ]);
  expect(report.steps[4]?.meaning).toContain(sshd.hostKey);
});

test("a remembered key of another type than the server's first is asked for by its type", async () => {
  const rsa = await tryOut("sftp", "user_password", withPassword({ host_key: `ssh-rsa SHA256:${"A".repeat(43)}` }));
  expect(rsa.steps[4]?.meaning).toMatch(/ssh-rsa SHA256:/);
});

test("an account of which nothing more is said is tried in the folder that it starts in, and is not limited", async () => {
  const { test_path: _, ...values } = withPassword();
  expect(await tryOut("sftp", "user_password", values)).toMatchObject({ outcome: "ok" });
});

test("signing in without the right to write is a limited credential, not a wrong one", async () => {
  const readOnly = await tryOut("sftp", "user_password", withPassword({ test_path: sshd.readOnly }));
  expect(readOnly).toMatchObject({ outcome: "degraded", reason: "cannot_write" });
  expect(readOnly.steps.at(-1)).toMatchObject({ status: "warning", field: "test_path" });
  const missing = await tryOut("sftp", "user_password", withPassword({ test_path: `${sshd.home}/nowhere` }));
  expect(missing).toMatchObject({ outcome: "degraded", reason: "folder_not_found" });
  const unlisted = await tryOut("sftp", "user_password", withPassword({ test_path: "/root" }));
  expect(unlisted).toMatchObject({ outcome: "degraded", reason: "cannot_list" });
});

test("a server that is down is unreachable, which trying again may cure", async () => {
  const report = await tryOut("sftp", "user_password", withPassword({ port: await freePort() }));
  expect(report).toMatchObject({ outcome: "unreachable", reason: "connection_refused" });
  expect(report.steps.at(-4)).toMatchObject({ id: "connect", field: "port" });
});

test("without the operator's word this machine is out of reach, and the report says which word", async () => {
  const report = await tryOut("sftp", "user_password", withPassword(), { policy: { allow: [], selfEndpoints: [] } });
  expect(report).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  expect(report.steps[2]?.meaning).toContain("127.0.0.1 is this machine itself");
  expect(report.steps[2]?.advice).toContain(`OUTBOUND_ALLOW=127.0.0.1/32:${sshd.port}`);
});

test("servers that take only keys, want more than one factor or have no SFTP are named as such", async () => {
  const servers = await Promise.all([
    startSshd(["PasswordAuthentication no"]),
    startSshd(["AuthenticationMethods password,publickey"]),
    startSshd(["Subsystem other internal-sftp", "ForceCommand /bin/false"]),
  ]);
  const reasons = await Promise.all(
    servers.map(async ({ host, port, username, password, home }) => {
      const report = await tryOut("sftp", "user_password", { host, port, username, password, test_path: home });
      return report.reason;
    }),
  );
  await Promise.all(servers.map((server) => server.stop()));
  expect(reasons).toEqual(["method_not_accepted", "further_factor_required", "no_sftp"]);
});

test("an old server is reached only where the operator allows old algorithms", async () => {
  const old = ["Ciphers aes128-cbc", "KexAlgorithms diffie-hellman-group14-sha1", "MACs hmac-sha1"];
  const { host, port, username, password, home, stop } = await startSshd(old);
  const outcome = async (sshLegacyAlgorithms: boolean) => {
    const testRun = new TestRun(connection.plan, { signal: AbortSignal.timeout(5_000) });
    const network = { policy: allowing(port), lookup: systemLookup, connectTimeoutMs: 2_000, maxInboundBytes: 262_144 };
    const data = { host, port, username, password, test_path: home };
    await connection
      .test(data, testRun, { ...network, sshLegacyAlgorithms, apis: { google: "", microsoft: "" } })
      .catch(() => undefined);
    return testRun.report().reason ?? "ok";
  };
  expect([await outcome(false), await outcome(true)]).toEqual(["no_common_algorithm", "ok"]);
  await stop();
});

/** The authorized_keys line of a private key. */
const publicLine = (pem: string): string => sshpk.parsePrivateKey(pem, "pkcs8").toPublic().toString("ssh");
