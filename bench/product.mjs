// The product as it is served in production, in a temporary folder with a database of its own.
import { execFile, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openDatabase } from "../deploy/database.mjs";

const execute = promisify(execFile);
const root = new URL("..", import.meta.url).pathname;

/** Starts the product; `stop` ends it and removes the folder. */
export async function startProduct(more = {}) {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  chmodSync(folder, 0o711);
  const port = await freePort();
  const env = { ...process.env, LATCHKEY_DATA: folder, PORT: String(port), LOG_LEVEL: "warn", RATE_LIMIT_PER_MINUTE: "1000000", ...more };
  const child = spawn(process.execPath, ["deploy/start.mjs"], { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://localhost:${port}`;
  await untilServed(url, ended);
  const database = await openDatabase(folder);
  return {
    url,
    folder,
    env,
    child,
    database,
    async stop() {
      await database.leave();
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one of our TypeScript programs against the product's database. */
export async function runProgram(product, file, args) {
  const { build } = await import("vite");
  const outDir = join(product.folder, "program");
  const name = file.replace(/^.*\/|\.ts$/g, "");
  await build({
    configFile: join(root, "deploy/vite.config.ts"),
    build: { outDir: join(root, "dist/bench"), emptyOutDir: true, rolldownOptions: { input: { [name]: join(root, file) } } },
  });
  rmSync(outDir, { recursive: true, force: true });
  const key = join(product.folder, "key");
  const env = { ...product.env, DATABASE_URL: product.database.url, LATCHKEY_KEY_FILE: key };
  const { stdout } = await execute(process.execPath, [join(root, `dist/bench/${name}.js`), ...args], { env, maxBuffer: 1 << 26 });
  return stdout;
}

async function untilServed(url, ended) {
  let dead = false;
  void ended.then(() => {
    dead = true;
  });
  const deadline = Date.now() + 300_000;
  while (Date.now() < deadline) {
    if (dead) throw new Error("the product ended before it served");
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
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
