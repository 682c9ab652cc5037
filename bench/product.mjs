// The product as it is served in production, in a temporary folder with a database of its own.
import { execFile, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { openDatabase } from "../deploy/database.mjs";
import { stopPostgres } from "../deploy/embedded-postgres.mjs";

const execute = promisify(execFile);
const root = new URL("..", import.meta.url).pathname;

/** Starts the product, or that of another tree; `stop` ends it and removes the folder. */
export async function startProduct(settings = {}, tree = root) {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  chmodSync(folder, 0o711);
  const port = await freePort();
  const env = {
    ...process.env,
    LATCHKEY_DATA: folder,
    PORT: String(port),
    LOG_LEVEL: "warn",
    RATE_LIMIT_PER_MINUTE: "1000000",
    ...settings,
  };
  const url = `http://localhost:${port}`;
  const log = join(folder, "product.log");
  let child;
  let ended;
  const product = {
    url,
    folder,
    env,
    log: () => readFileSync(log, "utf8"),
    get pid() {
      return child.pid;
    },
    get exitCode() {
      return child.exitCode;
    },
    /** Starts it (again) and waits until it serves. */
    async start(more = {}) {
      const output = openSync(log, "a");
      // Without somebody who starts it again: the experiments do that.
      child = spawn(process.execPath, ["deploy/start.mjs", "--once"], {
        cwd: tree,
        env: { ...env, ...more },
        stdio: ["ignore", output, output],
      });
      ended = new Promise((resolve) => child.once("exit", resolve));
      await untilServed(url, child);
    },
    /** Starts it and waits for its end: for starts that must refuse. */
    async startRefused(more = {}) {
      const refused = await execute(process.execPath, ["deploy/start.mjs"], {
        cwd: tree,
        env: { ...env, ...more },
      }).then(
        () => ({ code: 0, words: "" }),
        ({ code, stdout, stderr }) => ({ code, words: stdout + stderr }),
      );
      return refused;
    },
    /** Ends it at once, as a power cut or the kernel would. */
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async terminate() {
      child.kill("SIGTERM");
      return ended;
    },
    command: (args, more = {}) =>
      execute(process.execPath, ["deploy/latchkey.mjs", ...args], { cwd: tree, env: { ...env, ...more } }),
    /** For looking at the database beside the product. Leave it before stopping. */
    openDatabase: () => openDatabase(folder),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await product.terminate();
      await stopPostgres(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await product.start();
  return product;
}

/** Runs one of our TypeScript programs against the product's database. */
export async function runProgram(product, file, args) {
  const { build } = await import("vite");
  const name = file.replace(/^.*\/|\.ts$/g, "");
  const rolldownOptions = { input: { [name]: join(root, file) } };
  await build({
    configFile: join(root, "deploy/vite.config.ts"),
    build: { outDir: join(root, "dist/bench"), emptyOutDir: true, rolldownOptions },
  });
  const database = await product.openDatabase();
  const env = { ...product.env, DATABASE_URL: database.url };
  try {
    const program = join(root, `dist/bench/${name}.js`);
    return (await execute(process.execPath, [program, ...args], { env, maxBuffer: 1 << 26 })).stdout;
  } finally {
    await database.leave();
  }
}

async function untilServed(url, child) {
  const deadline = Date.now() + 300_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error("the product ended before it served; see its log");
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error("the product did not serve in time");
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
  });
