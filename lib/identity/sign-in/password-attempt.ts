import "server-only";
import type { Share } from "@/lib/platform/fair-share/fair-queue";
import { inPlace, isPasswordOf } from "./hashing";
import { PASSWORD_MAX } from "./password";
import type { Throttle } from "./throttle";

interface PasswordAttempt<Candidate> {
  password: string;
  /** Whose password it may be. */
  candidates: readonly Candidate[];
  /**
   * Hashes are compared this often, neither more nor less, whoever the candidates are: the time must not tell whether an
   * address is known, nor to how many organisations.
   */
  checks: number;
  share: Share;
  throttle: Throttle;
  /** Puts the failure on record. */
  onWrong: () => unknown;
}

/**
 * The one way to find out whether a password is right. It is counted before it is judged, so that parallel attempts get
 * no more tries than a row of them; a right one takes its count back, so that it never slows anybody. An attempt whose
 * outcome nobody learnt stays counted.
 * @returns the candidates whose password it is
 * @throws Refusal "too_many_requests" while the throttle is shut, and before anything is written then
 */
export async function authenticatePassword<Candidate extends { passwordHash: string | null }>(
  attempt: PasswordAttempt<Candidate>,
): Promise<Candidate[]> {
  const { candidates, checks, share, throttle, onWrong } = attempt;
  const normal = attempt.password.slice(0, PASSWORD_MAX * 4).normalize("NFC");
  await throttle.assertNotBlocked();
  return inPlace(share, async () => {
    const counted = await throttle.consumeAttempt();
    const fitting: Candidate[] = [];
    for (let at = 0; at < checks; at++) {
      const candidate = candidates[at];
      const right = await isPasswordOf(candidate?.passwordHash, normal);
      if (candidate && right) fitting.push(candidate);
    }
    if (fitting.length > 0) await counted.right();
    else {
      onWrong();
      await counted.wrong();
    }
    return fitting;
  });
}

/**
 * Whether a request to make somebody says the password that this very caller gave them a few minutes ago. Nothing is found out by
 * it, so it is not counted; the caller has judged that it is so, since anybody else could guess here.
 */
export const isPasswordJustSet = (share: Share, stored: string | null, password: string): Promise<boolean> =>
  inPlace(share, () => isPasswordOf(stored, password.slice(0, PASSWORD_MAX * 4).normalize("NFC")));
