import "server-only";
import { invalidField } from "@/lib/platform/refusal";
import { couldBeToken, digestOf, type FreshToken } from "./token";

const LENGTH_MIN = 32;
const LENGTH_MAX = 512;

/** A secret that is to be stored: of our own making, or chosen by a caller. */
export interface ChosenSecret extends FreshToken {
  chosen: boolean;
  weak: boolean;
}

/**
 * A token that its caller chose. One that could never be sent as a bearer token is refused; one that can be guessed is
 * taken and marked, because systems that made it elsewhere must be able to store and list it.
 * @throws Refusal "invalid" naming the field
 */
export function chosenSecret(token: string): ChosenSecret {
  if (token.length > LENGTH_MAX) throw invalidField("token", `Must be at most ${LENGTH_MAX} characters long`);
  if (!couldBeToken(token)) {
    const message = token.startsWith("lk_")
      ? "Begins like a token of Latchkey's own, but is none"
      : "May hold letters, digits and - . _ ~ + / only, with = at its end";
    throw invalidField("token", message);
  }
  const weak = isWeak(token);
  // Of a short one, the ends would be a good part of it.
  const shown = token.length >= LENGTH_MIN && !weak;
  return {
    token,
    digest: digestOf(token),
    prefix: shown ? token.slice(0, 4) : "",
    lastFour: shown ? token.slice(-4) : "",
    chosen: true,
    weak,
  };
}

/** Values that samples, documentation and settings files show, longer than the rule of length catches. */
const LISTED = [
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "12345678-1234-1234-1234-123456789012",
  "12345678-1234-5678-1234-567812345678",
  "123e4567-e89b-12d3-a456-426614174000",
  "550e8400-e29b-41d4-a716-446655440000",
  "your-super-secret-bearer-token-here",
  "replace-this-with-your-bearer-token",
  "this-is-a-very-secret-access-token",
  "my-super-secret-token-do-not-share",
];
const BITS_MIN = 96;

function isWeak(token: string): boolean {
  if (token.length < LENGTH_MIN || LISTED.includes(token.toLowerCase())) return true;
  return isRepetition(token) || mostlyNeighbours(token) || bitsOf(token) < BITS_MIN;
}

/** "abcabcabc…": one stretch again and again. */
const isRepetition = (token: string) =>
  (token + token).indexOf(token.slice(0, token.length >> 1), 1) < token.length >> 1;

/** "abcdef…", "7654…", "aaaa…": most characters are the one before, or next to it. */
function mostlyNeighbours(token: string): boolean {
  const codes = Buffer.from(token);
  const near = codes.filter((code, at) => at > 0 && Math.abs(code - (codes[at - 1] ?? 0)) <= 1);
  return near.length > token.length / 2;
}

/** Shannon's measure over the token's own characters: an upper bound on how hard it is to guess. */
function bitsOf(token: string): number {
  const counts = new Map<string, number>();
  for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1);
  const perCharacter = [...counts.values()].reduce((sum, count) => {
    const share = count / token.length;
    return sum - share * Math.log2(share);
  }, 0);
  return perCharacter * token.length;
}
