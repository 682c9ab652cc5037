// Installs the dependencies when they are missing or older than the lockfile. Needs Node and npm alone.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRelease } from "./program.mjs";
import { run, say } from "./say.mjs";

/** @param {string} root the repository */
export async function installIfNeeded(root) {
  if (isRelease) return;
  const stamp = join(root, "node_modules/.latchkey-lockfile");
  const wanted = fingerprint(root);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("Installing the dependencies (about a minute the first time)");
  const [program, ...before] = pnpm(root);
  // Its own question "remove node_modules?" has nobody to answer it.
  const args = [...before, "install", "--frozen-lockfile", "--config.confirmModulesPurge=false"];
  await run("Installing the dependencies", program, args, { cwd: root, env: { ...process.env, CI: "true" } });
  writeFileSync(stamp, wanted);
}

function fingerprint(root) {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const file of ["package.json", "pnpm-lock.yaml"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/** The pnpm of this machine if it is of the right major version, else the pinned one through npx. */
function pnpm(root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [, major] = /^pnpm@(\d+)\./.exec(packageManager);
  try {
    const options = { cwd: root, stdio: ["ignore", "pipe", "ignore"], shell: process.platform === "win32" };
    const found = execFileSync("pnpm", ["--version"], options).toString();
    if (found.startsWith(`${major}.`)) return ["pnpm"];
  } catch {
    // There is none.
  }
  return ["npx", "-y", packageManager];
}
