import "server-only";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** A fresh 96-bit nonce in front, the 128-bit tag behind. `key` must be 32 bytes. */
export function aeadSeal(key: Buffer, plain: Buffer, aad: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Answers the plaintext only after the tag was checked. authTagLength is stated because Node otherwise accepts tags
 * as short as four bytes, and update() hands out bytes before final() has judged them.
 * @throws Error when anything was altered, cut or moved; the text says nothing more
 */
export function aeadOpen(key: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error("sealed data is too short");
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new Error("sealed data was altered or does not belong here");
  } finally {
    plain.fill(0);
  }
}

/** HKDF-SHA-256 (RFC 5869) to 32 bytes: one label, one purpose. */
export const deriveKey = (root: Buffer, label: string): Buffer =>
  Buffer.from(hkdfSync("sha256", root, Buffer.alloc(0), Buffer.from(`latchkey/${label}`), KEY_BYTES));

export const sameBytes = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
