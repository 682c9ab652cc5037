/** What a connection test answers. Fixed words and public facts only: no secret, no driver's message. */

export const stepIds = [
  "renew",
  "values",
  "resolve",
  "address",
  "connect",
  "tls",
  "host_key",
  "sign_in",
  "permission",
  "quota",
  "from_address",
  "configuration_set",
  "change",
] as const;
export type StepId = (typeof stepIds)[number];

/** Steps that wait for the other side of the test; before the first of them nothing was sent to it. */
export const isOfNetwork = (id: StepId): boolean => id !== "renew" && id !== "values";

export interface TestStep {
  id: StepId;
  /** Plain words: "Look up the host name". */
  label: string;
  status: "ok" | "warning" | "failed" | "skipped";
  durationMs: number;
  /** A public fact: the address dialled, the certificate's dates, the host key's fingerprint. */
  detail?: string;
  /** For a failed or doubtful step: a fixed code, what it means and what to do. */
  code?: string;
  meaning?: string;
  advice?: string;
  /** The form field to look at. */
  field?: string;
}

/**
 * ok: everything works. degraded: signs in, but lacks a permission. failed: the other side said no, or the values
 * are wrong; trying again will not help. unreachable: no answer; trying again may help.
 */
export const outcomes = ["ok", "degraded", "failed", "unreachable"] as const;
export type Outcome = (typeof outcomes)[number];

export interface TestReport {
  outcome: Outcome;
  /** The code of the step that decided the outcome; absent when ok. */
  reason?: string;
  steps: TestStep[];
  durationMs: number;
  /** Public facts learnt on the way that a save may keep: the host key seen, the certificate's end. */
  facts: { hostKey?: string; certificateExpiresAt?: string };
}
