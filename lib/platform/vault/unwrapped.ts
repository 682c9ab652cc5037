import "server-only";
import { env } from "@/lib/platform/env";
import { askKeyService, KeyServiceFailure } from "@/lib/platform/key-service";
import { log } from "@/lib/platform/log";
import { Refusal } from "@/lib/platform/refusal";
import { KEY_BYTES } from "./primitives";
import type { WrappedKey } from "./wrapped-key";
import { type WrappingKey, wrappingKey } from "./wrapping-key";

/**
 * Keys that a key service has unwrapped for this process. They are asked for again every few minutes: a service that says no ends
 * the use of a key at once, one that does not answer only after LATCHKEY_KEY_OUTAGE_MINUTES.
 */
interface Held {
  wrapped: WrappedKey;
  key: WrappingKey;
  /** When the service last gave it, by performance.now(). */
  at: number;
}

interface Keys {
  held: Map<string, Held>;
  /** Those that were held, and are asked for until they are again. */
  lost: Map<string, WrappedKey>;
  /** Those that were asked for with a wrong PIN: a token counts them, and locks itself. */
  denied: Map<string, KeyServiceFailure>;
  confirmedAt: number;
}

// Next loads this module once per layer.
const shared = globalThis as typeof globalThis & { latchkeyUnwrapped?: Keys };
shared.latchkeyUnwrapped ??= { held: new Map(), lost: new Map(), denied: new Map(), confirmedAt: 0 };
const keys = shared.latchkeyUnwrapped;

const CONFIRM_MS = 5 * 60_000;

/** The same bytes by the same key are the same key, whatever file they came from. */
const nameOf = ({ by, key, wrapped }: WrappedKey): string => JSON.stringify([by, key, wrapped]);

/** @throws KeyNotHeld: never asked for, refused since, or not confirmed for too long */
export function heldKey(wrapped: WrappedKey): WrappingKey {
  const found = keys.held.get(nameOf(wrapped));
  if (!found) throw new KeyNotHeld();
  return found.key;
}

export const isHeld = (wrapped: WrappedKey): boolean => keys.held.has(nameOf(wrapped));

/** Stands in for the key as long as it is with the service. */
export class KeyNotHeld extends Refusal {
  constructor() {
    super("unavailable", "The service that keeps the vault's key does not give it just now. Try again in a moment.", {
      retryAfterSeconds: 5,
    });
  }
}

/**
 * Has a key unwrapped, unless it is held.
 * @throws Error that says what to look at, for whoever runs the program
 */
export async function holdKey(wrapped: WrappedKey): Promise<void> {
  if (isHeld(wrapped)) return;
  try {
    keep(wrapped, await unwrap(wrapped));
  } catch (error) {
    if (error instanceof KeyServiceFailure) throw new Error(wordsOf(wrapped, error), { cause: error });
    throw error;
  }
}

function keep(wrapped: WrappedKey, key: WrappingKey): void {
  keys.held.set(nameOf(wrapped), { wrapped, key, at: performance.now() });
  keys.lost.delete(nameOf(wrapped));
}

/**
 * Asks for what was lost, and every few minutes for what is held. What is held goes when the service says no, or has said nothing for
 * longer than it may.
 * @param now by performance.now()
 */
export async function lookAfterKeys(now = performance.now()): Promise<void> {
  for (const wrapped of keys.lost.values()) await holdKey(wrapped).catch(() => undefined);
  if (now - keys.confirmedAt < CONFIRM_MS) return;
  keys.confirmedAt = now;
  for (const one of keys.held.values()) await confirm(one, now);
}

async function confirm(one: Held, now: number): Promise<void> {
  const { wrapped } = one;
  try {
    await unwrap(wrapped);
    one.at = now;
  } catch (error) {
    const { kind, code } = failureOf(error);
    const isOver = kind === "refused" || now - one.at >= env().LATCHKEY_KEY_OUTAGE_MINUTES * 60_000;
    log[isOver ? "error" : "warn"](isOver ? LOST : WAITING, { keyId: wrapped.id, purpose: wrapped.by, code });
    if (!isOver) return;
    keys.held.delete(nameOf(wrapped));
    keys.lost.set(nameOf(wrapped), wrapped);
  }
}

/** Whatever else went wrong, nobody has said no. */
const failureOf = (error: unknown): KeyServiceFailure =>
  error instanceof KeyServiceFailure ? error : new KeyServiceFailure("unreachable", "not_asked", { cause: error });

const WAITING = "the key service does not answer; the key that it gave before is used meanwhile";
const LOST = "the key service does not give the key any more: nothing is opened or sealed until it does";

/** @throws KeyServiceFailure, also when what comes back is another key */
async function unwrap(wrapped: WrappedKey): Promise<WrappingKey> {
  const denied = keys.denied.get(nameOf(wrapped));
  if (denied) throw denied;
  const { by, key: place } = wrapped;
  const asked = askKeyService({ act: "unwrap", by, key: place, bytes: Buffer.from(wrapped.wrapped, "base64") });
  const bytes = await asked.catch((error: unknown) => {
    if (error instanceof KeyServiceFailure && /PIN/.test(error.code)) keys.denied.set(nameOf(wrapped), error);
    throw error;
  });
  if (bytes.length !== KEY_BYTES) throw new KeyServiceFailure("refused", "another_key");
  const key = wrappingKey(bytes.toString("base64"), `What ${by} gave`);
  bytes.fill(0);
  if (key.id !== wrapped.id) throw new KeyServiceFailure("refused", "another_key");
  return key;
}

/**
 * Has a key wrapped, and unwrapped again before anybody relies on it.
 * @throws Refusal "invalid" that says what the service answered
 */
export async function wrapKey(
  { id, key }: WrappingKey,
  { by, key: place }: Pick<WrappedKey, "by" | "key">,
): Promise<WrappedKey> {
  try {
    const bytes = await askKeyService({ act: "wrap", by, key: place, bytes: key });
    const wrapped = { id, by, key: place, wrapped: bytes.toString("base64") };
    keep(wrapped, await unwrap(wrapped));
    return wrapped;
  } catch (error) {
    if (!(error instanceof KeyServiceFailure)) throw error;
    throw new Refusal("invalid", `${wordsOf({ by }, error)} Nothing was changed.`, { cause: error });
  }
}

function wordsOf({ by }: Pick<WrappedKey, "by">, { kind, code }: KeyServiceFailure): string {
  if (code === "not_configured") return `${by} was not asked: its settings are missing. They are in docs/keys.md.`;
  if (code === "another_key")
    return `${by} gave another key: see that the wrapped key is the one that was written here.`;
  return kind === "refused"
    ? `${by} refused (${code}): see that the key is there and enabled, and that this program may use it.`
    : `${by} did not answer (${code}): see that it can be reached from here.`;
}
