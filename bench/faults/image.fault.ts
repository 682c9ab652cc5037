import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../../test/servers/peer";

/**
 * The Containerfile, built and started by buildah, which needs no engine. Its base is made here of Debian's packages and this machine's
 * Node, in place of an image of a registry. Needs root, and Debian's buildah and mmdebstrap.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAMS = ["/usr/bin/buildah", "/usr/bin/mmdebstrap"];
const HOUR_MS = 3_600_000;
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
const NPM = "/usr/lib/node_modules";
const folder = mkdtempSync("/tmp/latchkey-image-");

const buildah = (...args: string[]) =>
  execFileSync("buildah", ["--root", join(folder, "images"), "--runroot", join(folder, "run"), ...args], {
    encoding: "utf8",
    env: { ...process.env, BUILDAH_ISOLATION: "chroot", STORAGE_DRIVER: "vfs" },
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

afterAll(() => {
  if (existsSync(join(folder, "images"))) buildah("rm", "--all");
  rmSync(folder, { recursive: true, force: true });
});

function base(): string {
  const system = join(folder, "base.tar");
  execFileSync("mmdebstrap", [
    "--quiet",
    "--variant=minbase",
    "--include=ca-certificates,libatomic1",
    "bookworm",
    system,
  ]);
  const one = buildah("from", "scratch");
  buildah("add", one, system, "/");
  // What this machine trusts beside the public authorities, for the registry's sake.
  buildah("copy", one, CERTIFICATES, CERTIFICATES);
  buildah("copy", one, process.execPath, "/usr/bin/node");
  buildah("copy", one, NPM, NPM);
  for (const name of ["npm", "npx"])
    buildah("run", one, "--", "ln", "-s", `${NPM}/npm/bin/${name}-cli.js`, `/usr/bin/${name}`);
  buildah("config", "--env", `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, one);
  buildah("commit", "--quiet", one, "localhost/base");
  return "localhost/base";
}

test("the Containerfile builds, and what it builds serves as nobody's user, says that it is healthy and ends when it is told to", {
  timeout: HOUR_MS,
}, async () => {
  for (const path of PROGRAMS)
    if (!existsSync(path)) throw new Error(`${path} is missing: install Debian's ${path.slice(9)}`);
  const sources = join(folder, "sources");
  execFileSync("git", ["clone", "--quiet", root, sources]);
  const at = execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" }).trim();
  const given = ["--build-arg", `NODE_IMAGE=${base()}`, "--build-arg", `SOURCE_DATE_EPOCH=${at}`];
  const file = join(sources, "deploy/container/Containerfile");
  buildah(
    "build",
    "--format",
    "docker",
    "--network",
    "host",
    ...given,
    "--file",
    file,
    "--tag",
    "localhost/latchkey",
    sources,
  );
  const { OCIv1 } = JSON.parse(buildah("inspect", "--type", "image", "localhost/latchkey")) as Inspected;
  expect(OCIv1.config.User).toBe("10001:10001");
  const one = buildah("from", "localhost/latchkey");
  expect(buildah("run", one, "--", "id", "--user")).toBe("10001");
  expect(() => buildah("run", one, "--", "touch", "/latchkey/written")).toThrow();
  const port = await freePort();
  const here = ["--network", "host", "--env", `PORT=${port}`, "--env", "HOST=127.0.0.1", one, "--"];
  const child = spawn(
    "buildah",
    ["--root", join(folder, "images"), "--runroot", join(folder, "run"), "run", ...here, ...OCIv1.config.Entrypoint],
    { env: { ...process.env, BUILDAH_ISOLATION: "chroot", STORAGE_DRIVER: "vfs" }, stdio: "ignore" },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/api/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isReady, { timeout: HOUR_MS / 6, interval: 1_000 }).toBe(true);
  expect((await fetch(`http://127.0.0.1:${port}/sign-in`)).status).toBe(200);
  buildah("run", ...here, "node", "/latchkey/health.mjs");
  process.kill(first(Number(child.pid)), "SIGTERM");
  await ended;
  expect(await isReady()).toBe(false);
});

interface Inspected {
  OCIv1: { config: { User: string; Entrypoint: string[] } };
}

/** The image's own first process, some below the one that was started. */
function first(pid: number): number {
  const below = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  const name = (one: number) => readFileSync(`/proc/${one}/comm`, "utf8").trim();
  const found = below.find((one) => name(one) === "tini");
  if (found !== undefined) return found;
  for (const one of below) return first(one);
  throw new Error("the image's first process is gone");
}
