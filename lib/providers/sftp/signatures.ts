import "server-only";
import type { ParsedKey } from "ssh2";

export interface Signing {
  /** Whether to sign with SHA-1 where a server wants nothing else; if not, `onSha1` is called instead. */
  allowSha1: boolean;
  onSha1: () => void;
  /** The server knows the key and waits for a signature. */
  onSign: () => void;
}

/**
 * One key for each way in which it can sign, the best first: servers differ in which they take of RSA, and some that take
 * one say that they take all. The SSH library chooses by a key's type, so each way is a type; the last one leaves the choice
 * to what the server said, which is SHA-1 where it said nothing.
 */
export function waysToSign(key: ParsedKey, signing: Signing): ParsedKey[] {
  const types = key.type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [key.type];
  return types.map((type) => {
    const sign = (data: Buffer, chosen?: string) => {
      const hash = HASHES[type] ?? chosen;
      if (hash === "sha1" && !signing.allowSha1) {
        signing.onSha1();
        return new Error("No signature");
      }
      signing.onSign();
      return key.sign(data, hash);
    };
    return Object.create(key, { type: { value: type }, sign: { value: sign } });
  });
}

const HASHES: Record<string, string> = { "rsa-sha2-512": "sha512", "rsa-sha2-256": "sha256" };
