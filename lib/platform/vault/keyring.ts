import "server-only";
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Env } from "@/lib/platform/env";
import { deriveKey, KEY_BYTES } from "./primitives";

/** One key-encryption key. Its id is derived from it, so whoever knows the id of a row's key can tell if a key is that one. */
export interface WrappingKey {
  id: string;
  key: Buffer;
}

/** The key that writes; at most one superseded key, and one that is to come, that read. */
export interface Keyring {
  current: WrappingKey;
  previous: WrappingKey | undefined;
  next?: WrappingKey | undefined;
}

/** Where keys come from. A key-management service fits in here. */
export interface KeyProvider {
  load(): Keyring;
}

/** Keys from the settings: the value itself, or a file that only its owner can read. */
export const keysFromSettings = (env: Env): KeyProvider => ({
  load() {
    const files = pathsOf(env);
    const current = read("LATCHKEY_KEY", env.LATCHKEY_KEY, files.current);
    if (!current) throw new Error(`No key: set LATCHKEY_KEY or LATCHKEY_KEY_FILE, or restore ${files.current}`);
    const previous = read("LATCHKEY_PREVIOUS_KEY", env.LATCHKEY_PREVIOUS_KEY, files.previous);
    const prepared = env.LATCHKEY_KEY === undefined ? read("", undefined, files.next) : undefined;
    const next = prepared?.id === current.id || prepared?.id === previous?.id ? undefined : prepared;
    if (previous?.id !== current.id) return { current, previous, next };
    if (env.LATCHKEY_PREVIOUS_KEY !== undefined)
      throw new Error("LATCHKEY_KEY and LATCHKEY_PREVIOUS_KEY are the same key");
    // A rotation that was cut off after keeping the old key and before putting the new one in place.
    return { current, previous: undefined, next };
  },
});

export interface KeyFiles {
  current: string;
  /** The superseded key, while anything is sealed under it. */
  previous: string;
  /** The key to come. */
  next: string;
  /** Every key that was superseded, by its id: backups of its time need it. */
  archive: string;
}

/** All beside the current one: whoever may write that folder needs no other. */
function pathsOf(env: Env): KeyFiles {
  // The path is the operator's, nothing of the project: the bundler need not trace it.
  const current = resolve(/* turbopackIgnore: true */ env.LATCHKEY_KEY_FILE ?? join(env.LATCHKEY_DATA, "key"));
  return {
    current,
    previous: env.LATCHKEY_PREVIOUS_KEY_FILE ?? `${current}.previous`,
    next: `${current}.next`,
    archive: join(/* turbopackIgnore: true */ dirname(current), "keys"),
  };
}

/** The files a rotation may exchange; undefined when the key comes from a setting and the operator exchanges it. */
export const keyFiles = (env: Env): KeyFiles | undefined => (env.LATCHKEY_KEY === undefined ? pathsOf(env) : undefined);

function read(name: string, value: string | undefined, file: string): WrappingKey | undefined {
  if (value !== undefined) return wrappingKey(value, name);
  const content = readKeyFile(file);
  return content === undefined ? undefined : wrappingKey(content, file);
}

/**
 * Brings a key from text: exactly 32 bytes in strict base64 (also the URL alphabet) or hexadecimal.
 * @throws Error naming `source`, never the text, when it is malformed, of another length, of low entropy or printed
 * in the documentation
 */
export function wrappingKey(text: string, source: string): WrappingKey {
  const key = decode(text.trim());
  if (key?.length !== KEY_BYTES) throw new Error(`${source} must hold exactly 32 bytes in base64 or hex`);
  if (new Set(key).size < 12 || isSequence(key))
    throw new Error(`${source} is not random: make one with openssl rand -base64 32`);
  return { id: deriveKey(key, "key-id").subarray(0, 8).toString("hex"), key };
}

function decode(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const key = Buffer.from(text, "base64");
  // The last character carries four bits; other spellings of it are not the key that was made.
  const canonical = key.toString("base64url");
  return canonical === text.replace(/=$/, "").replaceAll("+", "-").replaceAll("/", "_") ? key : undefined;
}

/** Printed examples count up or down: 00 01 02 … */
const isSequence = (key: Buffer) => {
  const step = (key[1] ?? 0) - (key[0] ?? 0);
  return key.every((byte, at) => at === 0 || byte - (key[at - 1] ?? 0) === step);
};

/** Largest key file we are willing to read. */
const FILE_BYTES = 1024;

function readKeyFile(path: string): string | undefined {
  let file: number;
  try {
    if (!isInItsFolder(realpathSync(path), realpathSync(dirname(path)), basename(path)))
      throw new Error(`${path} must not be a link out of its folder`);
    file = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const facts = fstatSync(file);
    const uid = process.getuid?.();
    if (!facts.isFile() || facts.size > FILE_BYTES) throw new Error(`${path} must be a regular file with one key`);
    if (uid !== undefined && facts.uid !== uid && facts.uid !== 0)
      throw new Error(`${path} must belong to this process's user or root`);
    if (process.platform !== "win32") refuseOpenMode(path, facts.mode);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/**
 * Kubernetes' volume of a secret holds links: `key` leads to `..data/key`, and that folder to one with a date for a name, so that all
 * of a volume's files are exchanged at once. The file is inside the volume, under its own name.
 */
function isInItsFolder(file: string, folder: string, name: string): boolean {
  const holder = dirname(file);
  if (holder === folder) return true;
  return basename(file) === name && dirname(holder) === folder && basename(holder).startsWith("..");
}

/**
 * Kubernetes gives a secret as 0440 with a group of its own, Docker as 0444: what nobody may write is taken as it comes. Else
 * it is its owner's alone, for whoever may write it could exchange the key.
 */
function refuseOpenMode(path: string, mode: number): void {
  const bits = mode & 0o777;
  const isOwners = (bits & 0o177) === 0;
  const isReadOnly = (bits & ~0o444) === 0;
  if (isOwners || isReadOnly) return;
  throw new Error(`${path} has mode 0${bits.toString(8)}. Make it its owner's alone: chmod 600 ${path}`);
}

/** Changes when a key file was exchanged, so that a running process can pick up a rotation. */
export function keyFilesStamp(env: Env): string {
  const { current, previous, next } = pathsOf(env);
  return [current, previous, next]
    .map((path) => {
      const facts = statSync(/* turbopackIgnore: true */ path, { throwIfNoEntry: false });
      return facts ? `${facts.ino}:${facts.mtimeMs}` : "-";
    })
    .join(" ");
}
