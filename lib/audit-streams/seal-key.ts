import "server-only";
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { keyFor } from "@/lib/platform/keys";

/** What stands before the seed of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The key that seals what leaves. Of the root secret, so that a restored installation seals with the same. */
export const sealingKey = (): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, keyFor("audit-seal")]),
    format: "der",
    type: "pkcs8",
  });

/** What everybody may have, to check seals with. */
export const publicSealingKey = (): KeyObject => createPublicKey(sealingKey());

/** The key in a PEM text. @throws Error when it is no public key that seals are made with */
export function publicKeyIn(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    // A private key would do as well, and has no business here.
    key = /PRIVATE/.test(pem) ? undefined : createPublicKey(pem);
  } catch {
    key = undefined;
  }
  if (key?.asymmetricKeyType !== "ed25519") throw new Error("This is no public key of seals: see latchkey audit key");
  return key;
}

export const pemOf = (key: KeyObject): string => String(key.export({ type: "spki", format: "pem" }));

/** A short name for a public key. */
export const keyIdOf = (key: KeyObject): string =>
  createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex")
    .slice(0, 16);
