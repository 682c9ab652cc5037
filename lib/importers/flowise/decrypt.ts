import "server-only";
import { createDecipheriv, createHash } from "node:crypto";
import { DEPTH_MAX, depthOf } from "@/lib/platform/json-depth";

/**
 * Flowise's storage format: OpenSSL's "Salted__", AES-256-CBC, key and IV by EVP_BytesToKey with one round of MD5. MD5
 * is the format's, not our choice. There is no authentication tag, so a wrong key shows only in what comes out.
 */
export type DecryptionResult =
  | { ok: true; values: Record<string, unknown> }
  | { ok: false; why: "format" | "key" | "shape" };

const MAGIC = "Salted__";
const BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}\s*$/;

/**
 * "format": is no ciphertext of this kind. "key": the key is wrong, or the bytes are damaged; nobody can tell which.
 * "shape": it opened, and is not a set of fields.
 */
export function decrypt(encrypted: string, passphrase: string): DecryptionResult {
  const bytes = BASE64.test(encrypted) ? Buffer.from(encrypted, "base64") : Buffer.alloc(0);
  const isWhole = bytes.length >= 32 && bytes.length % 16 === 0 && bytes.toString("latin1", 0, 8) === MAGIC;
  if (!isWhole) return { ok: false, why: "format" };
  const plain = open(bytes.subarray(16), passphrase, bytes.subarray(8, 16));
  if (!plain) return { ok: false, why: "key" };
  try {
    return read(plain);
  } finally {
    plain.fill(0);
  }
}

function open(ciphertext: Buffer, passphrase: string, salt: Buffer): Buffer | undefined {
  const material = keyMaterial(Buffer.from(passphrase, "utf8"), salt);
  const decipher = createDecipheriv("aes-256-cbc", material.subarray(0, 32), material.subarray(32, 48));
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    // Bad padding: what a wrong key looks like, 255 times out of 256.
    return undefined;
  } finally {
    material.fill(0);
  }
}

/** EVP_BytesToKey: hash after hash over the last one, the passphrase and the salt, until there are 48 bytes. */
function keyMaterial(passphrase: Buffer, salt: Buffer): Buffer {
  let last = Buffer.alloc(0);
  let material = Buffer.alloc(0);
  while (material.length < 48) {
    last = createHash("md5").update(last).update(passphrase).update(salt).digest();
    material = Buffer.concat([material, last]);
  }
  passphrase.fill(0);
  return material;
}

/** The other time in 256, what comes out is no UTF-8, or no JSON. */
function read(plain: Buffer): DecryptionResult {
  let value: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(plain);
    value = JSON.parse(text);
    if (depthOf(text) > DEPTH_MAX) return { ok: false, why: "shape" };
  } catch {
    return { ok: false, why: "key" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { ok: false, why: "shape" };
  return { ok: true, values: value as Record<string, unknown> };
}
