import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { wordsOf } from "./log-words";
import { operatorOf } from "./operator";
import { freePort } from "./peer";

/** The built product, for tests that look into it: a process and a data folder of their own. */
export interface Product {
  url: string;
  folder: string;
  admin: { email: string; password: string };
  /** Everything it has said so far. */
  output: () => string;
  /** Runs one of the operator's commands and answers what it prints. */
  command: (...args: string[]) => Promise<string>;
  /** The same where the command is not what is tested: all of them run in one process, whose start is most of the work. */
  operate: (...args: string[]) => Promise<string>;
  stop: () => Promise<void>;
  /** Starts it anew in the same place, after it was killed. */
  again: () => Promise<Product>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Starts it with one administrator, and waits until it is open. */
export async function startProduct(settings: Record<string, string> = {}): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-product-"));
  chmodSync(folder, 0o711); // started by root, PostgreSQL's own user must get through
  const admin = { email: "admin@example.com", password: randomBytes(18).toString("base64url") };
  return startIn(folder, await freePort(), admin, settings);
}

async function startIn(
  folder: string,
  port: number,
  admin: Product["admin"],
  settings: Record<string, string>,
): Promise<Product> {
  const env = {
    ...process.env,
    ...{ DATABASE_URL: "", MIGRATION_DATABASE_URL: "", LATCHKEY_KEY: "", LATCHKEY_KEY_FILE: "" },
    ...{ HOST: "", PUBLIC_URL: "", TRUSTED_PROXIES: "", NODE_EXTRA_CA_CERTS: "" },
    PORT: String(port),
    LATCHKEY_DATA: folder,
    LATCHKEY_ADMIN_EMAIL: admin.email,
    LATCHKEY_ADMIN_PASSWORD: admin.password,
    LATCHKEY_ORGANIZATION: "Example Ltd",
    ...settings,
  };
  const node = (args: string[]) => spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  const child = node(["deploy/start.mjs"]);
  const said = listenTo(child);
  const operator = operatorOf(() =>
    spawn(process.execPath, ["test/servers/run-commands.mjs"], { cwd: root, env, stdio: ["pipe", "pipe", "inherit"] }),
  );
  const stop = async () => {
    await operator.end();
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once("exit", done));
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://localhost:${port}`;
  if (!(await says(child, () => wordsOf(said.all).includes(`Open ${url}`))))
    throw new Error(`The product ended: ${said.all}`);
  await servesPages(url);
  const command = async (...args: string[]) => {
    const run = node(["deploy/latchkey.mjs", ...args]);
    const { out } = listenToBoth(run);
    const code = await new Promise((done) => run.once("close", done));
    if (code !== 0) throw new Error(`latchkey ${args[0]} ended with ${code}`);
    return out.all.trim();
  };
  const again = () => startIn(folder, port, admin, settings);
  return { url, folder, admin, output: () => said.all, command, operate: operator.run, stop, again };
}

function listenTo(child: ChildProcess): { all: string } {
  const { out, err } = listenToBoth(child);
  return {
    get all() {
      return out.all + err.all;
    },
  };
}

function listenToBoth(child: ChildProcess) {
  const [out, err] = [{ all: "" }, { all: "" }];
  child.stdout?.on("data", (chunk) => {
    out.all += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    err.all += chunk;
  });
  return { out, err };
}

/**
 * Whether it comes to say so before it ends. How long a start may take is for whoever waits: on a busy machine, a minute and
 * more, during which a page says that it is starting.
 */
const says = (child: ChildProcess, done: () => boolean): Promise<boolean> =>
  new Promise((resolve) => {
    const look = () => done() && resolve(true);
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("close", () => resolve(false));
  });

/** The console is a process of its own: until it is up, the gateway says so in its place. */
async function servesPages(url: string): Promise<void> {
  while ((await fetch(`${url}/api/auth/csrf`, { redirect: "manual" })).status === 503)
    await new Promise((next) => setTimeout(next, 50));
}
