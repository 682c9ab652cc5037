// Makes the archive, its bill of materials and their checksums.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { RELEASE_FILE, version } from "../program.mjs";
import { billOfMaterials } from "./bill.mjs";
import { releaseFiles } from "./files.mjs";
import { pack } from "./pack.mjs";
import { packagesOf } from "./packages.mjs";

/**
 * @param {string} root a checkout that is built
 * @param {string} into the folder to make, in place of what is there
 * @returns {Promise<string[]>} the files that were made
 */
export async function makeRelease(root, into) {
  const folder = resolve(root, into);
  const name = `latchkey-${version()}-${process.platform}-${process.arch}`;
  const mtime = commitTime(root);
  const entries = await releaseFiles(root);
  const packages = packagesOf(root, entries.keys());
  const bill = billOfMaterials({ name: "latchkey", version: version(), packages, at: mtime });
  entries.set("sbom.cdx.json", { content: bill });
  entries.set("package.json", { content: ownPackage(root) });
  entries.set(RELEASE_FILE, { content: `${JSON.stringify({ version: version() })}\n` });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await pack(entries, { file: join(folder, `${name}.tar.gz`), prefix: `latchkey-${version()}`, mtime });
  writeFileSync(join(folder, `${name}.cdx.json`), bill);
  const made = [`${name}.cdx.json`, `${name}.tar.gz`];
  const sums = made.map((file) => `${sha256(join(folder, file))}  ${file}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
  return [...made, "SHA256SUMS"].map((file) => join(into, file));
}

/** What an operator may want to know of us, and what Node must. */
function ownPackage(root) {
  const { name, version, description, license, type, engines } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  return `${JSON.stringify({ name, version, private: true, description, license, type, engines }, null, 2)}\n`;
}

/** SOURCE_DATE_EPOCH where there is no repository, as other builders read it. */
function commitTime(root) {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given) return new Date(Number(given) * 1_000);
  try {
    const options = { cwd: root, stdio: ["ignore", "pipe", "ignore"] };
    return new Date(Number(execFileSync("git", ["log", "-1", "--format=%ct"], options).toString()) * 1_000);
  } catch {
    return new Date("2026-01-01T00:00:00Z");
  }
}

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
