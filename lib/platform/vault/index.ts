import "server-only";
import { env } from "@/lib/platform/env";
import type { EncryptionContext } from "./encryption-context";
import { openWith, rewrapWith, sealWith, UnknownKey } from "./envelope";
import { type Keyring, keyFilesStamp, keysFromSettings } from "./keyring";
import { holdKey, isHeld, KeyNotHeld, lookAfterKeys } from "./unwrapped";
import type { WrappedKey } from "./wrapped-key";

/**
 * Seals and opens. It promises that a sealed value opens only in the context it was sealed in, under a key this
 * process was given; it never makes a key, tries a second key, or answers its input unopened.
 */
export type { EncryptionContext } from "./encryption-context";
export { keyIdOf, lastingPart, UnknownKey } from "./envelope";
export { exchangeKeyFiles, prepareKeyFile, retireKeyFile, unwrapKeyFile, wrapKeyFile } from "./exchange";
export { deriveKey, sameBytes } from "./primitives";

interface LoadedKeys {
  ring: Keyring;
  stamp: string;
  /** The current key, where it is wrapped: the ring is good for as long as the service lets us have it. */
  wrapped: WrappedKey | undefined;
}
let loaded: LoadedKeys | undefined;

function load(): LoadedKeys {
  // The stamp is read first: a file exchanged in between is then seen as new the next time.
  const stamp = keyFilesStamp(env());
  const provider = keysFromSettings(env());
  return { stamp, wrapped: provider.wrapped().current, ring: provider.load() };
}

/**
 * Has the key services unwrap what the settings or key files name; where they name none, it does nothing. Comes before anything else
 * that has to do with keys, and again whenever key files may have been exchanged.
 * @throws Error that says what to look at, when the current key cannot be had
 */
export async function unwrapKeys(): Promise<void> {
  const { current, others } = keysFromSettings(env()).wrapped();
  if (!isLooking && (current || others.length > 0)) {
    isLooking = true;
    setInterval(() => void lookAfter(), LOOK_MS).unref();
  }
  // One that is only read with is missed by what is sealed under it, if anything is.
  await Promise.all([current && holdKey(current), ...others.map((one) => holdKey(one).catch(() => undefined))]);
}

const LOOK_MS = 5_000;
let isLooking = false;

/** What a service has to unwrap or to confirm. Never throws: whoever needs a key that is not there says so. */
async function lookAfter(): Promise<void> {
  await lookAfterKeys();
  await unwrapKeys().catch(() => undefined);
}

/**
 * The keys of this process.
 * @throws Error at start-up when they are missing or malformed; KeyNotHeld ("unavailable") while a key service withholds the current one
 */
export function keyring(): Keyring {
  if (loaded?.wrapped && !isHeld(loaded.wrapped)) throw new KeyNotHeld();
  loaded ??= load();
  return loaded.ring;
}

/** Who wraps the current key; undefined where it is kept as it is. */
export const wrappedBy = (): Pick<WrappedKey, "by" | "key"> | undefined => keysFromSettings(env()).wrapped().current;

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
  const wrapped = keysFromSettings(env())
    .wrapped()
    .others.find((one) => one.id === id);
  loaded = { stamp, wrapped, ring: { current: ring.next, previous: ring.current, next: undefined } };
  return true;
}

/**
 * Picks up exchanged key files (a rotation by command beside the running server). True when something changed; a key that a service
 * has to unwrap first is picked up once it has (`unwrapKeys`).
 */
export function reloadKeys(): boolean {
  if (loaded && keyFilesStamp(env()) === loaded.stamp) return false;
  try {
    loaded = load();
  } catch (error) {
    if (!loaded || !(error instanceof KeyNotHeld)) throw error;
    if (!isTaking) void takeUp();
    return false;
  }
  return true;
}

let isTaking = false;

/** Has what the key files name now unwrapped, once at a time. Never throws: it is tried again for as long as it is named. */
async function takeUp(): Promise<void> {
  isTaking = true;
  await unwrapKeys().catch(() => undefined);
  isTaking = false;
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
