// What a failure is called to a person: what is wrong and what to do, without a stack.
import { tmpdir } from "node:os";
import { dirname, relative, resolve } from "node:path";
import { Trouble } from "./say.mjs";

/** What the file system says, and what a person can do about it. */
const OF_FILES = {
  EACCES: (path) => `This user may not read or write ${path}. Give it the right to`,
  EPERM: (path) => `This user may not read or write ${path}. Give it the right to`,
  EROFS: (path) => `The file system of ${path} is read-only. Mount it for writing`,
  ENOENT: (path) => `${path} is not there and cannot be made. Make it`,
  ENOTDIR: (path) => `${path} or a part of it is a file where a folder has to be. Move that file away`,
  EEXIST: (path) => `${path} is there already, as something else than it has to be. Move it away`,
  EISDIR: (path) => `${path} is a folder where a file has to be. Move it away`,
  ELOOP: (path) => `${path} leads in circles. Mend its links`,
  ENAMETOOLONG: (path) => `${path} is too long a name. Shorten it`,
  ENOSPC: (path) => `There is no space left for ${path}. Make room`,
  EDQUOT: (path) => `This user's share of the disk has no space left for ${path}. Make room`,
  EMFILE: (path) => `Too many files are open to open ${path}. Raise the limit (ulimit -n)`,
  ENFILE: (path) => `Too many files are open to open ${path}. Raise the system's limit`,
};

/**
 * @param {unknown} error
 * @returns {string} for a failure that nobody foresaw, where it came from: that is a fault of ours
 */
export function wordsOf(error) {
  if (error instanceof Trouble) return error.message;
  const words = isOfFiles(error) ? OF_FILES[error.code] : undefined;
  if (words) {
    const path = pathOf(error);
    const sentence = `${words(path ?? "what was named")}${elsewhere(error.code, path)}.`;
    return path ? sentence : sentence[0].toUpperCase() + sentence.slice(1);
  }
  // Refusals, plain errors and the database's say what to do; anything else is a fault of ours and shows where.
  const isPlain = ["Error", "AggregateError", "Refusal", "DatabaseError"].includes(error?.constructor?.name);
  return isPlain ? error.message || error.code || "Failed" : (error?.stack ?? String(error));
}

/** Those have a code and the call that failed; so have those of the network, which say enough themselves. */
export const isOfFiles = (error) =>
  error instanceof Error && "syscall" in error && Object.hasOwn(OF_FILES, error.code ?? "") && !isOfNetwork(error);

const isOfNetwork = ({ syscall }) => ["connect", "listen", "bind", "getaddrinfo"].includes(syscall);

/** Of a folder with a made-up name, the one that it was to be in. */
function pathOf({ path, dest, spawnargs }) {
  const found = path ?? dest ?? spawnargs?.[0];
  return typeof found === "string" && found.endsWith("XXXXXX") ? dirname(found) : found;
}

/** The setting that leads somewhere else, where one led to this place. */
function elsewhere(code, path) {
  if (!path || code === "EMFILE" || code === "ENFILE") return "";
  const { LATCHKEY_KEY_FILE: key, LATCHKEY_DATA: data } = process.env;
  const led = {
    TMPDIR: resolve(path) === resolve(tmpdir()),
    LATCHKEY_KEY_FILE: key && isOn(key, path),
    LATCHKEY_DATA: isOn(data || ".latchkey", path),
  };
  const setting = Object.keys(led).find((name) => led[name]);
  return setting ? `, or set ${setting} to another place` : "";
}

/** Within a place, or above it: that is where what cannot be made stands. */
function isOn(place, path) {
  const way = relative(resolve(place), resolve(path));
  return !way.startsWith("..") || /^(\.\.[/\\]?)+$/.test(way);
}
