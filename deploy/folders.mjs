// Folders that we make: data that stays, and those for a while, whose names say which process made them.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** Makes a folder and those above it. Node's own way of doing so never ends below /proc. */
export function makeFolder(path, mode) {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (error.code === "ENOENT" && dirname(path) !== path) {
      makeFolder(dirname(path), mode);
      mkdirSync(path, { mode });
    } else if (error.code !== "EEXIST" || !isFolder(path)) throw error;
  }
}

const isFolder = (path) => {
  try {
    readdirSync(path);
    return true;
  } catch (error) {
    return error.code === "EACCES"; // one that may be entered and not read
  }
};

/** A folder of ours for a while. Those of processes that were killed go first. */
export function makePassingFolder(parent, prefix) {
  for (const name of readdirSync(parent)) {
    const [, maker] = name.startsWith(prefix) ? (/^(\d+)-/.exec(name.slice(prefix.length)) ?? []) : [];
    if (maker && !isAlive(Number(maker))) removeOurs(join(parent, name));
  }
  return mkdtempSync(join(parent, `${prefix}${process.pid}-`));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function removeOurs(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It is another user's.
  }
}
