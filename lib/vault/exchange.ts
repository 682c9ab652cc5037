import "server-only";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { env } from "@/lib/env";
import { keyFiles } from "./keyring";

/**
 * Puts a fresh key in place of the current key file and keeps the old one beside it for reading. In an order that
 * loses no key wherever it is cut off: first the old one is kept, then the new one appears, whole, by a rename.
 * Does nothing when a superseded key is there already: that rotation comes to its end first.
 * @returns false when the key comes from a setting, which only the operator can exchange
 */
export function exchangeKeyFiles(): boolean {
  const files = keyFiles(env());
  if (!files) return false;
  const present = readFileSync(files.current, "utf8");
  if (existsSync(files.previous) && readFileSync(files.previous, "utf8") !== present) return true;
  place(files.previous, present, files.current);
  place(files.current, `${randomBytes(32).toString("base64")}\n`, files.current);
  return true;
}

/** Destroys the superseded key file. Whatever is still sealed under it is lost: the caller has counted first. */
export function retireKeyFile(): void {
  const files = keyFiles(env());
  if (!files || !existsSync(files.previous)) return;
  const bytes = statSync(files.previous).size;
  write(files.previous, "0".repeat(bytes), "r+");
  rmSync(files.previous);
}

function place(path: string, text: string, like: string): void {
  const aside = `${path}.${randomBytes(4).toString("hex")}.new`;
  const { uid, gid } = statSync(like);
  write(aside, text, "wx");
  if (process.getuid?.() === 0) chownSync(aside, uid, gid);
  renameSync(aside, path);
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

function write(path: string, text: string, flags: "wx" | "r+"): void {
  const file = openSync(path, flags, 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}
