import "server-only";
import { randomBytes } from "node:crypto";
import { associatedData, type EncryptionContext } from "./encryption-context";
import type { Keyring } from "./keyring";
import { aeadOpen, aeadSeal, deriveKey, KEY_BYTES, NONCE_BYTES, sameBytes, TAG_BYTES } from "./primitives";
import type { WrappingKey } from "./wrapping-key";

/**
 * format (1) | key id (8) | wrapped data key (12 + 32 + 16) | commitment (32) | nonce, ciphertext, tag
 *
 * The data key is random and used for exactly one encryption. AES-GCM alone does not commit to its key, so a hash of
 * the data key is kept and compared before anything is opened; the key id says which key unwraps, no key is tried.
 */
const FORMAT = 1;
const ID_AT = 1;
const WRAPPED_AT = ID_AT + 8;
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const COMMITMENT_AT = WRAPPED_AT + WRAPPED_BYTES;
const BODY_AT = COMMITMENT_AT + 32;

/** Seals bytes for one context under the current key. Equal inputs give different envelopes. */
export function sealWith(ring: Keyring, plain: Buffer, context: EncryptionContext): Buffer {
  const aad = associatedData(context, FORMAT);
  const dataKey = randomBytes(KEY_BYTES);
  try {
    return Buffer.concat([
      header(ring.current),
      aeadSeal(ring.current.key, dataKey, aad),
      deriveKey(dataKey, "commitment"),
      aeadSeal(dataKey, plain, aad),
    ]);
  } finally {
    dataKey.fill(0);
  }
}

/**
 * Opens what `sealWith` made for the same context.
 * @throws Error on an unknown format or key id, on any change of the bytes, and for any other context
 */
export function openWith(ring: Keyring, envelope: Buffer, context: EncryptionContext): Buffer {
  const aad = associatedData(context, FORMAT);
  const dataKey = unwrap(ring, envelope, aad);
  try {
    if (!sameBytes(deriveKey(dataKey, "commitment"), envelope.subarray(COMMITMENT_AT, BODY_AT))) {
      throw new Error("sealed data was altered or does not belong here");
    }
    return aeadOpen(dataKey, envelope.subarray(BODY_AT), aad);
  } finally {
    dataKey.fill(0);
  }
}

/** The same ciphertext with its data key wrapped by the current key; the secret itself is never opened. */
export function rewrapWith(ring: Keyring, envelope: Buffer, context: EncryptionContext): Buffer {
  const aad = associatedData(context, FORMAT);
  const dataKey = unwrap(ring, envelope, aad);
  try {
    return Buffer.concat([
      header(ring.current),
      aeadSeal(ring.current.key, dataKey, aad),
      envelope.subarray(COMMITMENT_AT),
    ]);
  } finally {
    dataKey.fill(0);
  }
}

/** What of an envelope stays the same when its data key is wrapped anew. */
export const lastingPart = (envelope: Buffer): Buffer => envelope.subarray(COMMITMENT_AT);

/** The id of the key that wraps this envelope's data key. */
export function keyIdOf(envelope: Buffer): string {
  if (envelope.length < BODY_AT + NONCE_BYTES + TAG_BYTES) throw new Error("sealed data is too short");
  if (envelope[0] !== FORMAT) throw new Error("sealed data has an unknown format");
  return envelope.subarray(ID_AT, WRAPPED_AT).toString("hex");
}

function unwrap(ring: Keyring, envelope: Buffer, aad: Buffer): Buffer {
  const id = keyIdOf(envelope);
  const key = [ring.current, ring.previous, ring.next].find((one) => one?.id === id);
  if (!key) throw new UnknownKey(id);
  return aeadOpen(key.key, envelope.subarray(WRAPPED_AT, COMMITMENT_AT), aad);
}

/** The envelope names a key that this process was not given. */
export class UnknownKey extends Error {
  constructor(readonly keyId: string) {
    super(`sealed under key ${keyId}, which this process does not have`);
  }
}

const header = (key: WrappingKey) => Buffer.concat([Buffer.from([FORMAT]), Buffer.from(key.id, "hex")]);
