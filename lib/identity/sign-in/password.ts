import "server-only";
import type { Share } from "@/lib/platform/fair-share/fair-queue";
import { Refusal } from "@/lib/platform/refusal";
import { inPlace, makeHash } from "./hashing";

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 256;

/**
 * Hashes a password in Unicode form NFC, never cut, in the share of whoever it is done for.
 * @throws Refusal "invalid" when it is shorter than 12 or longer than 256 characters; as `FairQueue` when there is no place
 */
export async function hashPassword(password: string, share: Share, field = "password"): Promise<string> {
  const normal = judgePassword(password, field);
  return inPlace(share, () => makeHash(normal));
}

function judgePassword(password: string, field: string): string {
  const normal = password.normalize("NFC");
  const length = [...normal].length;
  if (length >= PASSWORD_MIN && length <= PASSWORD_MAX) return normal;
  const message = `Must be ${PASSWORD_MIN} to ${PASSWORD_MAX} characters long`;
  throw new Refusal("invalid", "The password is too short or too long", {
    fields: [{ path: [field], message, code: "password_length" }],
  });
}
