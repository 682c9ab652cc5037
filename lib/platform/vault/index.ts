import "server-only";
import { env } from "@/lib/platform/env";
import type { EncryptionContext } from "./encryption-context";
import { openWith, rewrapWith, sealWith, UnknownKey } from "./envelope";
import { type Keyring, keyFilesStamp, keysFromSettings } from "./keyring";

/**
 * Seals and opens. It promises that a sealed value opens only in the context it was sealed in, under a key this
 * process was given; it never makes a key, tries a second key, or answers its input unopened.
 */
export type { EncryptionContext } from "./encryption-context";
export { keyIdOf, lastingPart, UnknownKey } from "./envelope";
export { exchangeKeyFiles, prepareKeyFile, retireKeyFile } from "./exchange";
export { deriveKey, sameBytes } from "./primitives";

interface LoadedKeys {
  ring: Keyring;
  stamp: string;
}
let loaded: LoadedKeys | undefined;

function load(): LoadedKeys {
  // The stamp is read first: a file exchanged in between is then seen as new the next time.
  const stamp = keyFilesStamp(env());
  return { stamp, ring: keysFromSettings(env()).load() };
}

/** The keys of this process. @throws Error at start-up when they are missing or malformed */
export function keyring(): Keyring {
  loaded ??= load();
  return loaded.ring;
}

/** The ids of the keys that this process can read with, the one that it writes with first. */
export function heldKeys(): string[] {
  const { current, previous, next } = keyring();
  return [current, previous, next].flatMap((key) => (key ? [key.id] : []));
}

/**
 * Writes with the key to come from now on, if that is the one named. For an instance whose files were not exchanged yet.
 * @returns whether that changed anything
 */
export function promoteKey(id: string): boolean {
  loaded ??= load();
  const { ring, stamp } = loaded;
  if (ring.next?.id !== id) return false;
  loaded = { stamp, ring: { current: ring.next, previous: ring.current, next: undefined } };
  return true;
}

/** Picks up exchanged key files (a rotation by command beside the running server). True when something changed. */
export function reloadKeys(): boolean {
  if (loaded && keyFilesStamp(env()) === loaded.stamp) return false;
  loaded = load();
  return true;
}

/** How long a process may go on writing under a key that a rotation beside it has just superseded. */
export const KEY_FILES_CHECK_MS = 1_000;
let lookedAt = 0;

/** Always under the newest key: the key files are looked at once a second. */
export function seal(plain: Buffer, context: EncryptionContext): Buffer {
  if (performance.now() - lookedAt > KEY_FILES_CHECK_MS) {
    reloadKeys();
    lookedAt = performance.now();
  }
  return sealWith(keyring(), plain, context);
}

export const open = (envelope: Buffer, context: EncryptionContext): Buffer =>
  withFreshKeys(() => openWith(keyring(), envelope, context));

export const rewrap = (envelope: Buffer, context: EncryptionContext): Buffer =>
  withFreshKeys(() => rewrapWith(keyring(), envelope, context));

/** A key this process does not know may have been put in place a moment ago. */
function withFreshKeys(work: () => Buffer): Buffer {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnknownKey && reloadKeys()) return work();
    throw error;
  }
}
