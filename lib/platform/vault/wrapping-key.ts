import "server-only";
import { deriveKey, KEY_BYTES } from "./primitives";

/** One key-encryption key. Its id is derived from it, so whoever knows the id of a row's key can tell if a key is that one. */
export interface WrappingKey {
  id: string;
  key: Buffer;
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
