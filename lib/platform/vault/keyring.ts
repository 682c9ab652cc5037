import "server-only";
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Env } from "@/lib/platform/env";
import { heldKey, isHeld } from "./unwrapped";
import { readWrappedKey, type WrappedKey } from "./wrapped-key";
import { type WrappingKey, wrappingKey } from "./wrapping-key";

/** The key that writes; at most one superseded key, and one that is to come, that read. */
export interface Keyring {
  current: WrappingKey;
  previous: WrappingKey | undefined;
  next?: WrappingKey | undefined;
}

/** Where keys come from. */
export interface KeyProvider {
  /** @throws Error that names what is missing or bad; KeyNotHeld while a key service has not given the current key */
  load(): Keyring;
  /** The keys that a key service has to unwrap before: the current one, and those that are read with where they are there. */
  wrapped(): { current: WrappedKey | undefined; others: WrappedKey[] };
}

/** Keys from the settings: the value itself, or a file that only its owner can read; each as it is, or wrapped by a key service. */
export const keysFromSettings = (env: Env): KeyProvider => ({
  load() {
    const texts = textsOf(env);
    if (!texts.current)
      throw new Error(`No key: set LATCHKEY_KEY or LATCHKEY_KEY_FILE, or restore ${pathsOf(env).current}`);
    const current = keyIn(texts.current);
    const previous = keyToRead(texts.previous);
    const prepared = keyToRead(texts.next);
    const next = prepared?.id === current.id || prepared?.id === previous?.id ? undefined : prepared;
    if (previous?.id !== current.id) return { current, previous, next };
    if (env.LATCHKEY_PREVIOUS_KEY !== undefined)
      throw new Error("LATCHKEY_KEY and LATCHKEY_PREVIOUS_KEY are the same key");
    // A rotation that was cut off after keeping the old key and before putting the new one in place.
    return { current, previous: undefined, next };
  },
  wrapped() {
    const { current, previous, next } = textsOf(env);
    const others = [previous, next].flatMap((one) => wrappedIn(one) ?? []);
    return { current: wrappedIn(current), others };
  },
});

/** A key as it is kept: a key, or a wrapped one; and where it was found, for people. */
interface KeyText {
  text: string;
  source: string;
}

function textsOf(env: Env): Record<keyof Keyring, KeyText | undefined> {
  const files = pathsOf(env);
  return {
    current: textOf("LATCHKEY_KEY", env.LATCHKEY_KEY, files.current),
    previous: textOf("LATCHKEY_PREVIOUS_KEY", env.LATCHKEY_PREVIOUS_KEY, files.previous),
    next: env.LATCHKEY_KEY === undefined ? textOf("", undefined, files.next) : undefined,
  };
}

function textOf(name: string, value: string | undefined, file: string): KeyText | undefined {
  if (value !== undefined) return { text: value, source: name };
  const content = readKeyFile(file);
  return content === undefined ? undefined : { text: content, source: file };
}

const wrappedIn = (found: KeyText | undefined): WrappedKey | undefined =>
  found && readWrappedKey(found.text, found.source);

function keyIn({ text, source }: KeyText): WrappingKey {
  const wrapped = readWrappedKey(text, source);
  return wrapped ? heldKey(wrapped) : wrappingKey(text, source);
}

/** One that is only read with may be with a service that is gone: whether anything needs it is judged by what is stored. */
function keyToRead(found: KeyText | undefined): WrappingKey | undefined {
  const wrapped = wrappedIn(found);
  return found && (!wrapped || isHeld(wrapped)) ? keyIn(found) : undefined;
}

/** The id of a key as it is kept, wrapped or not. @throws Error naming `source` when it is none */
export const keyIdIn = (text: string, source: string): string =>
  (readWrappedKey(text, source) ?? wrappingKey(text, source)).id;

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

/** Largest key file we are willing to read. */
const FILE_BYTES = 8 * 1024;

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
