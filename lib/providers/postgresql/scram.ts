import "server-only";
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/**
 * What PostgreSQL keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677): enough to check it, not enough to sign in.
 * Made here, it is all of a new password that crosses in SQL and all that the server's log could show.
 * @param password printable ASCII, which SASLprep (RFC 4013) leaves as it is
 * @throws Error for any other text, rather than making a verifier that would not fit
 */
export function scramVerifier(password: string, salt = randomBytes(16), iterations = 4096): string {
  if (!isPrintableAscii(password)) throw new Error("a verifier is made of printable ASCII only");
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const keyOf = (name: string) => createHmac("sha256", salted).update(name).digest();
  const storedKey = createHash("sha256").update(keyOf("Client Key")).digest();
  const base64 = (bytes: Buffer) => bytes.toString("base64");
  return `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(keyOf("Server Key"))}`;
}

export const isPrintableAscii = (text: string): boolean => /^[\x20-\x7e]+$/.test(text);

/** A new password: 256 random bits in 43 letters, digits, dashes and underscores. */
export const newPassword = (): string => randomBytes(32).toString("base64url");

const VERIFIER =
  /^(?:SCRAM-SHA-256\$[1-9]\d{0,6}:[A-Za-z0-9+/]+={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=|md5[0-9a-f]{32})$/;

/** The verifier, SCRAM's or an old one of MD5, as SQL text. @throws Error when it is none, since ALTER ROLE takes no parameters */
export function verifierLiteral(verifier: string): string {
  if (!VERIFIER.test(verifier)) throw new Error("not a verifier");
  return `'${verifier}'`;
}
