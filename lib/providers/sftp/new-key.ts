import "server-only";
import { generateKeyPairSync } from "node:crypto";
import sshpk from "sshpk";

export interface KeyPair {
  /** OpenSSH form, not encrypted: the vault seals it. */
  privateKey: string;
  /** One line for authorized_keys, comment included. */
  publicKey: string;
}

/** A new Ed25519 pair. The comment says, for whoever reads authorized_keys, where it comes from and since when. */
export function newKeyPair(at: Date): KeyPair {
  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const key = sshpk.parsePrivateKey(pem, "pkcs8");
  key.comment = `latchkey-${at.toISOString().slice(0, 10)}`;
  const publicHalf = key.toPublic();
  publicHalf.comment = key.comment;
  return { privateKey: key.toString("openssh"), publicKey: publicHalf.toString("ssh") };
}
