import "server-only";
import { createHash } from "node:crypto";
import { type Pin, readPins } from "./host-key-pins";

/** How people compare host keys: "ssh-ed25519 SHA256:…", as ssh and ssh-keygen -l print it. */
export function describeHostKey(key: Buffer): string {
  const type = typeOf(key);
  const fingerprint = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
  // The type comes from the peer: shown only if it can be nothing but a type.
  return /^[a-z0-9@.-]{3,64}$/.test(type) ? `${type} SHA256:${fingerprint}` : `unknown SHA256:${fingerprint}`;
}

function typeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.subarray(4, 4 + Math.min(length, 64)).toString("latin1");
}

/** Whether a key is one of those remembered; a pin without a type is compared by fingerprint alone. */
export function matchesPin(key: Buffer, remembered: string): boolean {
  const [type, fingerprint] = describeHostKey(key).split(" ");
  const hex = createHash("md5").update(key).digest("hex");
  const values = [fingerprint, `MD5:${hex.match(/../g)?.join(":")}`, key.toString("base64")];
  return pinsOf(remembered).some((pin) => (pin.type ?? type) === type && values.includes(pin.value));
}

/**
 * The types of key that one of the remembered keys can be of and that were not seen yet: all, where a pin names
 * none.
 */
export function typesToAsk(remembered: string, offered: readonly string[], seen: readonly string[]): string[] {
  const types = pinsOf(remembered).map(({ type }) => type);
  return offered.filter((type) => (types.includes(undefined) || types.includes(type)) && !seen.includes(type));
}

/** The first type that a pin names, which goes first in what is offered. */
export const pinnedType = (remembered: string | undefined): string | undefined =>
  remembered === undefined ? undefined : pinsOf(remembered).find(({ type }) => type !== undefined)?.type;

function pinsOf(remembered: string): Pin[] {
  const read = readPins(remembered);
  return read.ok ? read.pins : [];
}
