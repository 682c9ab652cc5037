import "server-only";
import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { hmac } from "@/lib/platform/keys";

/**
 * An API token: lk_ + 256 random bits in base64url (43 characters) + 7 characters of checksum. The checksum lets
 * secret scanners and this server tell a mistyped token from an unknown one without a look-up.
 */
const SHAPE = /^lk_([A-Za-z0-9_-]{43})([0-9a-z]{7})$/;

export interface FreshToken {
  token: string;
  digest: Buffer;
  prefix: string;
  lastFour: string;
}

export function freshToken(): FreshToken & { chosen: false; weak: false } {
  const body = randomBytes(32).toString("base64url");
  const token = `lk_${body}${checksum(body)}`;
  const shown = { prefix: token.slice(0, 8), lastFour: token.slice(-4) };
  return { token, digest: digestOf(token), ...shown, chosen: false, weak: false };
}

/** What tokens are stored and looked up by; the look-up is an index search, so no compare can leak timing. */
export const digestOf = (token: string): Buffer => hmac("token-lookup", token);

/** RFC 6750's b64token, bounded; and, for tokens of our own making, a right checksum. */
export function couldBeToken(text: string): boolean {
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(text) || text.length > 512) return false;
  if (!text.startsWith("lk_")) return true;
  const [, body, sum] = SHAPE.exec(text) ?? [];
  return body !== undefined && checksum(body) === sum;
}

const checksum = (body: string) => crc32(body).toString(36).padStart(7, "0");
