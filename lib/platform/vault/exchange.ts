import "server-only";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { env } from "@/lib/platform/env";
import { Refusal } from "@/lib/platform/refusal";
import { type KeyFiles, keyFiles, keyIdIn } from "./keyring";
import { heldKey, wrapKey } from "./unwrapped";
import { printWrappedKey, readWrappedKey, type WrappedKey } from "./wrapped-key";
import { type WrappingKey, wrappingKey } from "./wrapping-key";

/**
 * Makes the key to come, beside the current one: instances read with it, and nothing is written with it yet. One that is
 * there already stays, also one that was copied here. It is wrapped by whoever wraps the current one.
 * @returns where it is; undefined when the key comes from a setting, or a rotation is under way already
 */
export async function prepareKeyFile(): Promise<string | undefined> {
  const files = keyFiles(env());
  if (!files || isUnderWay(files)) return undefined;
  if (!existsSync(files.next)) {
    const fresh = wrappingKey(randomBytes(32).toString("base64"), files.next);
    const like = readWrappedKey(readFileSync(files.current, "utf8"), files.current);
    place(files.next, like ? printWrappedKey(await wrapKey(fresh, like)) : plain(fresh), files.current);
  }
  return files.next;
}

const plain = ({ key }: WrappingKey) => `${key.toString("base64")}\n`;

/**
 * Has the current key wrapped by a key service, another than now or the first, and puts that in the place of the key file: the key stays
 * the same, so nothing that is sealed moves, and running instances take it up.
 * @returns the path; or, when the key comes from a setting, the text to put there
 * @throws Refusal "invalid" that says what the service answered, "conflict" while a rotation is under way; nothing is changed then
 */
export async function wrapKeyFile(
  key: WrappingKey,
  by: Pick<WrappedKey, "by" | "key">,
): Promise<{ path?: string; text: string }> {
  const files = exchangeable();
  const text = printWrappedKey(await wrapKey(key, by));
  if (!files) return { text };
  place(files.current, text, files.current);
  return { path: files.current, text };
}

/**
 * The way back: the key itself in the key file, as it was before a service wrapped it.
 * @returns the path @throws Refusal "invalid" when the key comes from a setting, or nothing wraps it; "conflict" as above
 */
export function unwrapKeyFile(): string {
  const files = exchangeable();
  const wrapped = files && readWrappedKey(readFileSync(files.current, "utf8"), files.current);
  if (!wrapped) throw new Refusal("invalid", "There is no key file whose key is wrapped");
  place(files.current, plain(heldKey(wrapped)), files.current);
  return files.current;
}

/** @throws Refusal "conflict" while a rotation is under way: which of the two keys would be meant? */
function exchangeable(): KeyFiles | undefined {
  const files = keyFiles(env());
  if (files && (existsSync(files.next) || isUnderWay(files)))
    throw new Refusal("conflict", "A rotation is under way: run key rotate to its end first");
  return files;
}

/**
 * Puts the key to come in place of the current key file, and keeps the old one twice: beside it for reading, and in the
 * archive for good. In an order that loses no key wherever it is cut off. Does nothing when a superseded key is there
 * already: that rotation comes to its end first.
 * @returns false when the key comes from a setting, which only the operator can exchange
 */
export async function exchangeKeyFiles(): Promise<boolean> {
  const files = keyFiles(env());
  if (!files) return false;
  if (isUnderWay(files)) return true;
  const present = readFileSync(files.current, "utf8");
  const next = await prepareKeyFile();
  const fresh = next === undefined ? present : readFileSync(next, "utf8");
  keyIdIn(fresh, files.next);
  archive(files, present);
  place(files.previous, present, files.current);
  place(files.current, fresh, files.current);
  rmSync(files.next, { force: true });
  return true;
}

/** Takes the superseded key file away, once nothing is sealed under it. Its copy in the archive stays. @returns the copy */
export function retireKeyFile(): string | undefined {
  const files = keyFiles(env());
  if (!files || !existsSync(files.previous)) return undefined;
  const kept = archive(files, readFileSync(files.previous, "utf8"));
  rmSync(files.previous);
  return kept;
}

const isUnderWay = ({ current, previous }: KeyFiles): boolean =>
  existsSync(previous) && readFileSync(previous, "utf8") !== readFileSync(current, "utf8");

function archive({ current, archive: folder }: KeyFiles, text: string): string {
  const path = join(folder, keyIdIn(text, current));
  if (existsSync(path)) return path;
  const { uid, gid } = statSync(current);
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    if (process.getuid?.() === 0) chownSync(folder, uid, gid);
  }
  place(path, text, current);
  return path;
}

/** @throws Refusal "invalid" naming the folder when it cannot be written to */
function place(path: string, text: string, like: string): void {
  try {
    placeWhole(path, text, like);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS" && code !== "ENOENT") throw error;
    throw new Refusal(
      "invalid",
      `A key cannot be put into ${dirname(path)}: make that folder writable for this user, or exchange the key where it comes from and set LATCHKEY_PREVIOUS_KEY_FILE to the old one`,
      { cause: error },
    );
  }
}

function placeWhole(path: string, text: string, like: string): void {
  const aside = `${path}.${randomBytes(4).toString("hex")}.new`;
  const { uid, gid } = statSync(like);
  write(aside, text);
  if (process.getuid?.() === 0) chownSync(aside, uid, gid);
  renameSync(aside, path);
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

function write(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}
