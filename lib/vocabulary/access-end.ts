import type { CredentialView } from "./credential-view";

/** Access that ends and that nothing came to renew with: when, and the words for it at every place that tells of it. */

/** When it ends, from what is shown of a credential that somebody signed in for; undefined while it is renewed, or has no known end. */
export function accessEndOf({ status, secrets, tokenExpiresAt }: CredentialView): string | undefined {
  const isDying = status === "active" && "access_token" in secrets && !("refresh_token" in secrets);
  return isDying ? (tokenExpiresAt ?? undefined) : undefined;
}

export interface AccessEndMessage {
  what: string;
  mend: string;
}

/**
 * @param provider whom one signs in with: "Google"
 * @param endsAt as ISO 8601
 */
export const accessEndMessage = (provider: string, endsAt: string): AccessEndMessage => ({
  what: `This access ends at ${inUtc(endsAt)}: ${provider} gave nothing to renew it with.`,
  mend: "Workflows are refused from then on. Sign in again before that, and agree to everything that is asked.",
});

/** A time as people write it, wherever they are. */
const inUtc = (iso: string) => `${iso.slice(0, 16).replace("T", " ")} UTC`;
