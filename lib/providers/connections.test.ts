import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { TOO_COSTLY } from "@/lib/platform/fair-share/cpu-guard";
import { Refusal } from "@/lib/platform/refusal";
import { allowing, buildWorker, tryOut } from "@/test/providers/worker";
import { type Peer, startPeer } from "@/test/servers/peer";
import { testConnection } from "./connections";
import { checkDeep } from "./deep-checks";
import { providers } from "./index";
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

const asker = { orgId: "org-deep", id: "ana" };

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
    "api_credential api_key",
    "api_credential user_password",
    "aws_ses api_key",
    "azure_blob api_key",
    "azure_blob shared_access_signature",
    "azure_blob client_credentials",
    "google google_oauth",
    "google oauth2",
    "internal_postgresql user_password",
    "microsoft oauth2",
    "postgresql user_password",
    "sftp user_password",
    "sftp key_file",
    "sharepoint sharepoint_oauth",
    "sharepoint oauth2",
    "sharepoint_client_secret client_credentials",
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

/** A worker of our own making; `work` is what it does with its job. */
function fakeWorker(name: string, work: string): void {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, `process.once("message", () => { ${work} });`);
  setWorkerPath(path);
}
const FOR_EVER = "setInterval(() => undefined, 1000);";
/** What the guard does to a worker whose work has cost too much; see `cpu-guard.test.ts`. */
const COSTS_TOO_MUCH = `process.kill(process.pid, "${TOO_COSTLY}");`;

test("a worker that is ended for what it costs is told as the key or the peer being too much", async () => {
  fakeWorker(
    "computes",
    `process.send({ kind: "begin", step: "values" }); setTimeout(() => { ${COSTS_TOO_MUCH} }, 50);`,
  );
  const key = await tryOut("sftp", "user_password", place());
  fakeWorker(
    "computes-late",
    `process.send({ kind: "begin", step: "host_key" }); setTimeout(() => { ${COSTS_TOO_MUCH} }, 50);`,
  );
  const peer = await tryOut("sftp", "user_password", place());
  expect(key).toMatchObject({
    outcome: "failed",
    reason: "key_too_costly",
    steps: [{ id: "values", status: "failed", field: "private_key" }],
  });
  expect(peer.reason).toMatch(/^(timeout|test_aborted)$/);
});

test("a peer that is silent is called silent", async () => {
  fakeWorker("waits", `process.send({ kind: "begin", step: "sign_in" }); ${FOR_EVER}`);
  expect(await tryOut("sftp", "user_password", place())).toMatchObject({
    outcome: "unreachable",
    reason: "timeout",
    steps: [{ id: "sign_in", status: "failed" }],
  });
});

test("a worker that dies is told as what it was: the peer's doing once something was sent, else nobody's fault", async () => {
  fakeWorker("dies-late", 'process.send({ kind: "begin", step: "connect" }, () => process.exit(3));');
  expect(await tryOut("sftp", "user_password", place())).toMatchObject({ outcome: "failed", reason: "test_aborted" });
  const deaths = {
    exits: "process.exit(3);",
    killed: 'process.kill(process.pid, "SIGKILL");',
    "out-of-memory": "const all = []; for (;;) all.push(new Array(1_000_000).fill(all.length));",
    "begun-and-killed": 'process.send({ kind: "begin", step: "values" }, () => process.kill(process.pid, "SIGKILL"));',
  };
  for (const [name, death] of Object.entries(deaths)) {
    fakeWorker(name, death);
    const asks = [tryOut("sftp", "user_password", place()), checkDeep("sftp", "key_file", { private_key: "x" }, asker)];
    for (const refused of await Promise.all(asks.map(refusal)))
      expect(refused, name).toMatchObject({ code: "unavailable", retryAfterSeconds: 5 });
  }
});

test("the time that a busy machine takes is not held against a key; what the key costs is", async () => {
  const asked = (work: string) => {
    fakeWorker(`key-${randomUUID()}`, work);
    return checkDeep("sftp", "key_file", { private_key: "x" }, asker);
  };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const slow = asked('process.send({ kind: "problems", problems: [] });');
    await vi.advanceTimersByTimeAsync(50_000);
    vi.useRealTimers();
    expect(await slow).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
  expect(await asked(COSTS_TOO_MUCH)).toMatchObject([
    { path: ["private_key"], message: expect.stringContaining("too long") },
  ]);
});

test("whoever hangs up gives the place back at once, and the worker at work for them is ended", async () => {
  const pidFile = join(folder, "pids");
  fakeWorker(
    "notes-pid",
    `process.getBuiltinModule("node:fs").appendFileSync(${JSON.stringify(pidFile)}, process.pid + "\\n"); ${FOR_EVER}`,
  );
  const gone = new AbortController();
  const hasty = { orgId: "org-hasty", id: "ana", signal: gone.signal };
  // Two at work, the others waiting.
  const all = Array.from({ length: 8 }, () => refusal(checkDeep("sftp", "key_file", { private_key: "x" }, hasty)));
  const pids = () => (existsSync(pidFile) ? readFileSync(pidFile, "utf8").trim().split("\n").map(Number) : []);
  await expect.poll(() => pids().length, { timeout: 15_000 }).toBe(2);
  gone.abort();
  for (const one of await Promise.all(all)) expect(one).toBeInstanceOf(Refusal);
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(() => pids().some(isAlive), { timeout: 15_000 }).toBe(false);
  setWorkerPath(worker.path);
  const again = { ...hasty, signal: undefined };
  expect(await checkDeep("sftp", "key_file", { private_key: "nonsense" }, again)).toHaveLength(1);
});

test("forty keys of one person keep neither a neighbour nor a colleague waiting for all of them", async () => {
  fakeWorker("takes-a-while", 'setTimeout(() => process.send({ kind: "problems", problems: [] }), 200);');
  const check = (orgId: string, id: string) => checkDeep("sftp", "key_file", { private_key: "x" }, { orgId, id });
  let done = 0;
  const flood = Array.from({ length: 40 }, async () => {
    const refused = await refusal(check("org-a", "greedy"));
    if (refused) return refused.code;
    done += 1;
    return "done";
  });
  await Promise.all([check("org-b", "anna"), check("org-a", "modest")]);
  expect(done).toBeLessThan(8);
  const ends = await Promise.all(flood);
  expect(ends.filter((end) => end === "done")).toHaveLength(14);
  expect(ends.filter((end) => end === "too_many_requests")).toHaveLength(26);
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
  const check = (values: Record<string, string>) => checkDeep("sftp", "key_file", { ...place, ...values }, asker);
  expect(await check({ private_key: key({}) })).toEqual([]);
  expect(await check({ private_key: encrypted, passphrase: "right passphrase" })).toEqual([]);
  expect(await check({ private_key: encrypted, passphrase: "wrong passphrase" })).toMatchObject([
    { path: ["passphrase"] },
  ]);
  expect(await check({ private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" })).toMatchObject([
    { path: ["private_key"] },
  ]);
  setWorkerPath(join(folder, "nowhere.js"));
  expect(await checkDeep("sftp", "user_password", { ...place, password: "p" }, asker)).toEqual([]);
  expect(await checkDeep("postgresql", "user_password", { host: "h" }, asker)).toEqual([]);
});

test("a damaged certificate authority is refused before it is stored", async () => {
  const ssl_ca = (body: string) => ({ ssl_ca: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----` });
  expect(await checkDeep("postgresql", "user_password", ssl_ca("AAAA"), asker)).toMatchObject([{ path: ["ssl_ca"] }]);
});

test.each([64, 100, 128])(
  "many keys at once wait for each other and all get an answer; one of %i rounds opens",
  async (rounds) => {
    const file = join(folder, `slow-${rounds}`);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "pass phrase", "-a", String(rounds), "-f", file]);
    const private_key = execFileSync("cat", [file], { encoding: "utf8" });
    const slow = checkDeep("sftp", "key_file", { private_key, passphrase: "pass phrase" }, asker);
    const quick = Array.from({ length: 6 }, () => checkDeep("sftp", "key_file", { private_key: "nonsense" }, asker));
    for (const problems of await Promise.all(quick)) expect(problems).toHaveLength(1);
    expect(await slow).toEqual([]);
  },
  60_000,
);
