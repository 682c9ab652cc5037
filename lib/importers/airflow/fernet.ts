import "server-only";
import { createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Opens what Airflow encrypts, by the Fernet specification (https://github.com/fernet/spec, version 0x80): base64url of
 * version (1 byte), time (8), IV (16), AES-128-CBC ciphertext with PKCS#7 padding, and HMAC-SHA256 (32) over all before it.
 * Of the key's 32 bytes the first half signs and the second encrypts. The time is not looked at, as Airflow does not: a
 * stored value has no age that ends it.
 */
export type FernetKey = Buffer;

const VERSION = 0x80;
const HEAD_BYTES = 1 + 8 + 16;
const MAC_BYTES = 32;
const BLOCK_BYTES = 16;

/** The keys of `fernet_key`, newest first, as Airflow's rotation writes them: with commas. Undefined when one is none. */
export function readFernetKeys(text: string): FernetKey[] | undefined {
  const keys = text
    .trim()
    .split(",")
    .map((one) => bytesOf(one.trim()));
  return keys.every((key) => key?.length === 32) ? (keys as FernetKey[]) : undefined;
}

/** Begins as every token of the version does, whose first bytes are 0x80 and a time of this era. */
export const looksLikeFernet = (text: string): boolean => /^gAAAA[A-Za-z0-9_-]{5}/.test(text);

/** The text under the first key that signed it; undefined when none did, or the token is damaged. */
export function openFernet(token: string, keys: FernetKey[]): string | undefined {
  const bytes = bytesOf(token);
  const ciphertextBytes = (bytes?.length ?? 0) - HEAD_BYTES - MAC_BYTES;
  if (!bytes || bytes[0] !== VERSION || ciphertextBytes < BLOCK_BYTES || ciphertextBytes % BLOCK_BYTES !== 0)
    return undefined;
  const signed = bytes.subarray(0, -MAC_BYTES);
  const key = keys.find((one) =>
    timingSafeEqual(createHmac("sha256", one.subarray(0, 16)).update(signed).digest(), bytes.subarray(-MAC_BYTES)),
  );
  return key && decrypted(signed, key.subarray(16));
}

function decrypted(signed: Buffer, key: Buffer): string | undefined {
  try {
    const decipher = createDecipheriv("aes-128-cbc", key, signed.subarray(HEAD_BYTES - 16, HEAD_BYTES));
    const plain = Buffer.concat([decipher.update(signed.subarray(HEAD_BYTES)), decipher.final()]);
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  } catch {
    // Signed by the key and yet no text: padding or encoding of some other program's.
    return undefined;
  }
}

/** Of base64 in the alphabet for addresses, and for keys that somebody wrote in the other one; undefined for anything else. */
function bytesOf(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9_+/-]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, "base64url");
}
