import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Refusal } from "@/lib/refusal";
import { type Peer, startPeer } from "../../e2e/servers/peer";
import { testConnection } from "./connections";
import { checkDeep } from "./deep-checks";
import { providers } from "./index";
import { allowing, buildWorker, tryOut } from "./testing/worker";
import { setWorkerPath } from "./worker/child";

const folder = mkdtempSync(join(tmpdir(), "latchkey-worker-"));
let silent: Peer;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [worker, silent] = await Promise.all([buildWorker(), startPeer(() => undefined)]);
});
afterEach(() => setWorkerPath(worker.path));
afterAll(async () => {
  worker?.forget();
  await silent?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const place = () => ({ host: "127.0.0.1", port: silent.port, username: "alice", password: "MARKER-password" });

const refusal = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: unknown) => error as Refusal,
  );

test("exactly the kinds that say so can be tested", async () => {
  const testable = providers().flatMap(({ id, methods }) =>
    methods.filter(({ testable, openFields }) => testable && !openFields).map(({ type }) => `${id} ${type}`),
  );
  expect(testable).toEqual([
    "aws_ses api_key",
    "google google_oauth",
    "google oauth2",
    "internal_postgresql user_password",
    "microsoft oauth2",
    "postgresql user_password",
    "sftp user_password",
    "sftp key_file",
    "sharepoint sharepoint_oauth",
    "sharepoint oauth2",
  ]);
  const refused = await refusal(testConnection("agentflowApi", "api_key", {}, { orgId: "o" }));
  expect(refused).toMatchObject({ code: "invalid" });
});

test("four tests of one organisation and sixteen of one process run at once, and the next is told to wait", async () => {
  const calledOff: AbortController[] = [];
  const start = (orgId: string) => {
    const controller = new AbortController();
    calledOff.push(controller);
    return tryOut("sftp", "user_password", place(), { orgId, signal: controller.signal });
  };
  const running = [1, 2, 3, 4].map(() => start("org-a"));
  expect(await refusal(start("org-a"))).toMatchObject({ code: "too_many_requests", retryAfterSeconds: 5 });
  running.push(...["b", "c", "d"].flatMap((name) => [1, 2, 3, 4].map(() => start(`org-${name}`))));
  expect(await refusal(start("org-e"))).toBeInstanceOf(Refusal);
  for (const controller of calledOff) controller.abort();
  const reports = await Promise.all(running);
  expect(new Set(reports.map(({ reason }) => reason))).toEqual(new Set(["cancelled"]));
  // Every place is free again.
  const again = AbortSignal.timeout(300);
  const reasons = [1, 2, 3, 4].map(
    async () => (await tryOut("sftp", "user_password", place(), { orgId: "org-a", signal: again })).reason,
  );
  expect(await Promise.all(reasons)).toEqual(Array(4).fill("cancelled"));
});

test("a worker that hangs is killed, one that dies is noticed, and both are answers", async () => {
  const write = (name: string, code: string) => {
    const path = join(folder, `${name}.mjs`);
    writeFileSync(path, code);
    return path;
  };
  setWorkerPath(
    write(
      "hangs",
      'process.once("message", () => { process.send({ kind: "begin", step: "values" }); setTimeout(() => { for (;;); }, 50) });',
    ),
  );
  const startedAt = performance.now();
  const hung = tryOut("sftp", "user_password", place());
  setWorkerPath(write("dies", 'process.once("message", () => process.exit(3));'));
  expect(await tryOut("sftp", "user_password", place())).toMatchObject({ outcome: "failed", reason: "test_aborted" });
  expect(await hung).toMatchObject({
    outcome: "failed",
    reason: "key_too_costly",
    steps: [{ id: "values", status: "failed", field: "private_key" }],
  });
  expect(performance.now() - startedAt).toBeLessThan(11_500);
});

test("without the bundle the answer is that tests are not available", async () => {
  setWorkerPath(join(folder, "nowhere.js"));
  expect(await refusal(tryOut("sftp", "user_password", place()))).toMatchObject({ code: "unavailable" });
});

test("the worker's environment holds nothing of ours", async () => {
  const path = join(folder, "tells.mjs");
  const report = 'JSON.stringify(Object.keys(process.env).filter((name) => !name.startsWith("NODE_")))';
  writeFileSync(
    path,
    `process.once("message", () => process.send({ kind: "report", report: { steps: [], outcome: ${report} } }));`,
  );
  setWorkerPath(path);
  process.env.LATCHKEY_KEY ??= "MARKER-key";
  expect((await tryOut("sftp", "user_password", place(), { policy: allowing(1) })).outcome).toBe("[]");
});

test("a key that does not open is refused before it is stored; one that opens, and what has no key, is not", async () => {
  const place = { host: "h.example", port: 22, username: "u", test_path: "/" };
  const key = (options: object) =>
    generateKeyPairSync("ed25519")
      .privateKey.export({ type: "pkcs8", format: "pem", ...options })
      .toString();
  const encrypted = key({ cipher: "aes-256-cbc", passphrase: "right passphrase" });
  const check = (values: Record<string, string>) => checkDeep("sftp", "key_file", { ...place, ...values });
  expect(await check({ private_key: key({}) })).toEqual([]);
  expect(await check({ private_key: encrypted, passphrase: "right passphrase" })).toEqual([]);
  expect(await check({ private_key: encrypted, passphrase: "wrong passphrase" })).toMatchObject([
    { path: ["passphrase"] },
  ]);
  expect(await check({ private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" })).toMatchObject([
    { path: ["private_key"] },
  ]);
  setWorkerPath(join(folder, "nowhere.js"));
  expect(await checkDeep("sftp", "user_password", { ...place, password: "p" })).toEqual([]);
  expect(await checkDeep("postgresql", "user_password", { host: "h" })).toEqual([]);
});

test("a damaged certificate authority is refused before it is stored", async () => {
  const ssl_ca = (body: string) => ({ ssl_ca: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----` });
  expect(await checkDeep("postgresql", "user_password", ssl_ca("AAAA"))).toMatchObject([{ path: ["ssl_ca"] }]);
});

test("many keys at once wait for each other and all get an answer; a key of 64 rounds opens in time", async () => {
  const file = join(folder, "slow");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "pass phrase", "-a", "64", "-f", file]);
  const private_key = execFileSync("cat", [file], { encoding: "utf8" });
  const slow = checkDeep("sftp", "key_file", { private_key, passphrase: "pass phrase" });
  const quick = Array.from({ length: 6 }, () => checkDeep("sftp", "key_file", { private_key: "nonsense" }));
  for (const problems of await Promise.all(quick)) expect(problems).toHaveLength(1);
  expect(await slow).toEqual([]);
});
