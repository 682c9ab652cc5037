import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { wordsOf } from "../test/servers/log-words";
import { processesOf } from "../test/servers/processes";

const root = fileURLToPath(new URL("..", import.meta.url));
const started: ChildProcess[] = [];
let folder = "";
let port = "";

test.describe.configure({ mode: "default" });

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-start-"));
  chmodSync(folder, 0o711);
  port = await freePort();
});

test.afterEach(async () => {
  for (const { child, ended } of started.splice(0).map((one) => ({ child: one, ended: exitOf(one) }))) {
    child.kill("SIGTERM");
    await ended;
  }
  // What a killed one left behind is stopped by the next one that comes and goes.
  if (existsSync(join(folder, "postgres/cluster/data/postmaster.pid"))) await run(["deploy/latchkey.mjs", "--help"]);
  rmSync(folder, { recursive: true, force: true });
});

test("the first start makes what it needs and says where it is", async () => {
  const product = await start();
  await expect.poll(product.output).toContain("it works once.");
  const said = wordsOf(product.output());
  expect(said).toContain(`Data ${folder}`);
  expect(said).toContain("Warning: the key lies beside the data");
  expect(said).toMatch(new RegExp(`Set up http://localhost:${port}/setup\\?token=\\S+`));
  for (const line of product.output().split("\n").filter(Boolean))
    expect(JSON.parse(line)).toMatchObject({
      level: expect.any(Number),
      time: expect.any(String),
      msg: expect.any(String),
    });
  expect(statSync(join(folder, "key")).mode & 0o777).toBe(0o600);
});

test("SIGTERM ends it with 0, the database included, and the next start makes nothing anew", async () => {
  const product = await start();
  product.child.kill("SIGTERM");
  expect(await exitOf(product.child)).toBe(0);
  expect(existsSync(join(folder, "postgres/cluster/data/postmaster.pid"))).toBe(false);
  const next = await start();
  expect(next.output()).not.toMatch(/Installing|Building|Generating|applied /);
});

test("a second start from the same data folder is refused, and the first goes on", async () => {
  const product = await start();
  const second = await run(["deploy/start.mjs"], { PORT: await freePort() });
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`already running from ${folder} (process ${product.child.pid})`),
  });
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200);
});

test("a start that was killed leaves nothing in the way of the next", async () => {
  const killed = await start();
  killed.child.kill("SIGKILL");
  await exitOf(killed.child);
  const next = await start();
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200);
  next.child.kill("SIGTERM");
  expect(await exitOf(next.child)).toBe(0);
});

test("a database that dies is brought back while we serve", async () => {
  await start();
  const health = () => fetch(`http://localhost:${port}/api/health`).then(({ status }) => status);
  process.kill(
    Number(readFileSync(join(folder, "postgres/cluster/data/postmaster.pid"), "utf8").split("\n")[0]),
    "SIGKILL",
  );
  await expect.poll(health).toBe(503);
  await expect.poll(health, { timeout: 15_000 }).toBe(200);
});

test("what it prints once it is open is one line of the log after the other, whoever wrote it", async () => {
  const product = await start();
  // The last that it says to people.
  await expect.poll(product.output).toContain("it works once.");
  const opened = product.output();
  expect(wordsOf(opened)).toMatch(/^Latchkey$/m);
  const database = Number(readFileSync(join(folder, "postgres/cluster/data/postmaster.pid"), "utf8").split("\n")[0]);
  process.kill(database, "SIGKILL");
  // Node itself prints a line then, past every logger.
  for (const pid of [processesOf(folder).gateway, processesOf(folder).console]) process.kill(pid, "SIGUSR1");
  await expect.poll(product.output).toContain("The database went away");
  await expect.poll(product.output).toMatch(/inspector|Debugger/);
  product.child.kill("SIGTERM");
  expect(await exitOf(product.child)).toBe(0);
  const since = product.output().slice(opened.length).split("\n").filter(Boolean);
  for (const line of since)
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), msg: expect.any(String) });
  expect(since.join("\n")).toContain('"msg":"Stopping"');
});

test("a start that fails says why in a sentence, and leaves nothing running", async () => {
  writeFileSync(join(folder, "file"), "");
  mkdirSync(join(folder, "data/database-password"), { recursive: true });
  const settings: Record<string, string>[] = [
    { LATCHKEY_DATA: join(folder, "file") },
    { LATCHKEY_DATA: join(folder, "file/below") },
    { LATCHKEY_DATA: "/proc/latchkey" },
    { LATCHKEY_DATA: join(folder, "data") },
    { LATCHKEY_DATA: join(folder, "data2"), TMPDIR: join(folder, "none") },
    { PUBLIC_URL: "vault.example.com" },
  ];
  for (const given of settings) {
    for (const command of [["deploy/start.mjs"], ["deploy/latchkey.mjs", "key", "status"]]) {
      // A command makes no sockets.
      if ("TMPDIR" in given && command.length > 1) continue;
      const failed = await run(command, given);
      const [code, stderr] = [failed.code, wordsOf(failed.stderr)];
      expect([code, stderr]).toEqual([1, expect.stringMatching(/\.\n$|address without a path\n$/)]);
      expect(stderr).not.toMatch(/^\s+at |Error:|E[A-Z]{4,}/m);
    }
  }
  for (const data of ["data", "data2"])
    expect(existsSync(join(folder, data, "postgres/cluster/data/postmaster.pid"))).toBe(false);
});

test("a stop while it starts ends it at once and whole, without a stack", async () => {
  const gateway = (pid: number) => childrenOf(pid)[0];
  const moments: ((pid: number, output: string) => unknown)[] = [
    gateway,
    (_, output) => output.includes("Data "),
    // The console is being loaded then, and finds nobody to tell that it is ready.
    (pid) => childrenOf(gateway(pid) ?? 0).some((one) => commandOf(one).includes("console.mjs")),
  ];
  for (const isThere of moments) {
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    const child = spawn(process.execPath, ["deploy/start.mjs"], { cwd: root, env: env(), stdio });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    await expect.poll(() => Boolean(isThere(child.pid ?? 0, output)), { intervals: [5] }).toBe(true);
    child.kill("SIGTERM");
    expect(await exitOf(child), output).toBe(0);
    expect(output).not.toMatch(/^\s+at |EPIPE|"error":/m);
    expect(existsSync(join(folder, "postgres/cluster/data/postmaster.pid"))).toBe(false);
  }
});

test("it serves on when nobody reads what it prints", async () => {
  const product = await start();
  product.child.stdout?.destroy();
  product.child.stderr?.destroy();
  const health = () => fetch(`http://localhost:${port}/api/health`).then(({ status }) => status);
  process.kill(
    Number(readFileSync(join(folder, "postgres/cluster/data/postmaster.pid"), "utf8").split("\n")[0]),
    "SIGKILL",
  );
  await expect.poll(health).toBe(503);
  await expect.poll(health, { timeout: 15_000 }).toBe(200);
  expect(product.child.exitCode).toBe(null);
});

test("told to stop it is not ready at once and serves on, new requests included, until it has been taken out", async () => {
  const product = await start({ DRAIN_SECONDS: "15" });
  const get = (path: string) =>
    fetch(`http://localhost:${port}${path}`, { headers: { connection: "close" } }).then(
      async (answer) => [answer.status, (await answer.json()) as unknown] as const,
    );
  await expect.poll(() => get("/api/health/ready").then(([status]) => status)).toBe(200);
  expect(await get("/api/health/startup")).toEqual([200, { started: true }]);
  product.child.kill("SIGTERM");
  await expect.poll(() => get("/api/health/ready").then(([status]) => status), { intervals: [50] }).toBe(503);
  expect(await get("/api/health/ready")).toMatchObject([503, { checks: { accepting: "failed", database: "ok" } }]);
  expect(await get("/api/health/live")).toEqual([200, { live: true }]);
  expect(await get("/api/health")).toEqual([503, { live: true, ready: false }]);
  expect(await get("/api/integrations/credentials")).toMatchObject([401, {}]);
  expect(await exitOf(product.child)).toBe(0);
});

test("for people what it says is text, and so is its log", async () => {
  const product = await start({ LOG_FORMAT: "text" });
  await expect.poll(product.output).toContain("it works once.\n");
  expect(product.output()).toMatch(new RegExp(`^  Open      http://localhost:${port}$`, "m"));
  product.child.kill("SIGTERM");
  expect(await exitOf(product.child)).toBe(0);
  expect(product.output()).toMatch(/^\d\d:\d\d:\d\d info: Stopping$/m);
  expect(product.output()).not.toContain('{"');
});

test("a bad setting is named, and nothing is made", async () => {
  const refused = await run(["deploy/start.mjs"], { RATE_LIMIT_PER_MINUTE: "many", OUTBOUND_ALLOW: "all" });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("RATE_LIMIT_PER_MINUTE must be");
  expect(refused.stderr).toContain("OUTBOUND_ALLOW must be");
  expect(existsSync(join(folder, "postgres"))).toBe(false);
});

test("a taken port is named", async () => {
  const taken = createServer().listen(Number(port), "127.0.0.1");
  expect(await run(["deploy/start.mjs"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Port ${port} is taken`),
  });
  taken.close();
});

test("a lost key is never replaced", async () => {
  const product = await start();
  product.child.kill("SIGTERM");
  await exitOf(product.child);
  rmSync(join(folder, "key"));
  expect(await run(["deploy/start.mjs"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The key is missing"),
  });
  expect(existsSync(join(folder, "key"))).toBe(false);
});

test("a command works beside the server and without it, and prints its answer alone", async () => {
  const product = await start();
  const beside = await run(["deploy/latchkey.mjs", "key", "status"]);
  expect(beside).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{16}\s+current/) });
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200);
  product.child.kill("SIGTERM");
  await exitOf(product.child);
  // The keys are the same; the instance that held them is gone.
  const [keys] = beside.stdout.split("\n");
  expect(beside.stdout).toMatch(/\ninstance .* holds [0-9a-f]{16}\n$/);
  expect(await run(["deploy/latchkey.mjs", "key", "status"])).toMatchObject({ code: 0, stdout: `${keys}\n` });
  expect(existsSync(join(folder, "postgres/cluster/data/postmaster.pid"))).toBe(false);
});

const env = (more: Record<string, string> = {}) => ({
  ...process.env,
  DATABASE_URL: "",
  LATCHKEY_KEY: "",
  LATCHKEY_KEY_FILE: "",
  LATCHKEY_DATA: folder,
  PORT: port,
  ...more,
});

/** Starts the product and waits until it says that it is open. */
async function start(more: Record<string, string> = {}): Promise<{ child: ChildProcess; output: () => string }> {
  const child = spawn(process.execPath, ["deploy/start.mjs"], {
    cwd: root,
    env: env(more),
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  await expect(() => {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`);
    expect(wordsOf(output)).toContain(`Open http://localhost:${port}`);
  }).toPass({ timeout: 40_000, intervals: [50] });
  return { child, output: () => output };
}

function run(
  args: string[],
  more?: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env: env(more), stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      said.stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said.stderr += chunk;
    });
    child.on("close", (code) => resolve({ code, ...said }));
  });
}

/** On Linux, as `processesOf`. */
const childrenOf = (pid: number) =>
  readIfThere(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
const commandOf = (pid: number) => readIfThere(`/proc/${pid}/cmdline`);

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once("exit", resolve));
}

function freePort(): Promise<string> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(String(typeof address === "object" ? address?.port : "")));
    });
  });
}
