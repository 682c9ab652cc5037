import "server-only";
import { createHash } from "node:crypto";

/** How people compare host keys: "ssh-ed25519 SHA256:…", as ssh and ssh-keygen -l print it. */
export function describeHostKey(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const type = key.subarray(4, 4 + Math.min(length, 64)).toString("latin1");
  const fingerprint = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
  // The type comes from the peer: shown only if it can be nothing but a type.
  return /^[a-z0-9@.-]{3,64}$/.test(type) ? `${type} SHA256:${fingerprint}` : `unknown SHA256:${fingerprint}`;
}

/** Whether a key is the remembered one; a pin without a type is compared by fingerprint alone. */
export function matchesPin(seen: string, pin: string): boolean {
  const wanted = pin.replace(/=$/, "");
  return wanted.includes(" ") ? seen === wanted : seen.endsWith(` ${wanted}`);
}

export const pinnedType = (pin: string | undefined): string | undefined =>
  pin?.includes(" ") ? pin.split(" ", 1)[0] : undefined;
