import "server-only";
import * as openid from "openid-client";
import type { Problem } from "../test-run";

/** What a token endpoint's refusal means, in fixed words; its own text is compared, and never passed on. */
export function refusalOf(error: unknown): Problem {
  if (!(error instanceof openid.ResponseBodyError)) return ofStatus(statusOf(error));
  const { error: code, error_description: text = "", status } = error;
  const told = RULES.find(([one, words]) => one === code && (words === undefined || words.test(text)));
  return told?.[2] ?? ofStatus(status);
}

/** Of an answer that holds no refusal as the standard writes it. */
function statusOf(error: unknown): number | undefined {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Response ? cause.status : undefined;
}

const ofStatus = (status: number | undefined): Problem =>
  status === 429 ? BUSY : status !== undefined && status >= 500 ? IN_TROUBLE : UNREADABLE;

const WRONG_KEY: Problem = {
  code: "wrong_credentials",
  meaning: "The provider does not accept a signature of this key: it was deleted, or is the key of another account.",
  advice: "Look under the account's keys whether this one is still there, and make a new one if it is not.",
  field: "private_key",
  outcome: "failed",
};

const NO_ACCOUNT: Problem = {
  code: "account_unavailable",
  meaning: "The provider knows no such service account, or it was deleted or disabled.",
  advice: "Check the account's e-mail address, and at the provider whether it is enabled.",
  field: "email",
  outcome: "failed",
};

const CLOCK: Problem = {
  code: "clock_differs",
  meaning: "The provider finds the time in the request wrong: the clock of this installation differs from its own.",
  advice: "Set the clock right, e.g. by switching time synchronisation on.",
  outcome: "unreachable",
};

const GRANT_REFUSED: Problem = {
  ...WRONG_KEY,
  meaning:
    "The provider refuses this key: it was deleted, its account is disabled or gone, or this installation's clock is wrong.",
};

const SCOPE: Problem = {
  code: "scope_refused",
  meaning: "The provider accepts the key, and grants the account none of what the test asks for.",
  advice: "Switch the interface on in the account's project, and look at your organisation's policies.",
  outcome: "degraded",
};

const BUSY: Problem = {
  code: "rate_limited",
  meaning: "The provider asks to wait, so whether the key works is not known.",
  advice: "Test again in a few minutes.",
  outcome: "unreachable",
};

const IN_TROUBLE: Problem = {
  code: "service_trouble",
  meaning: "The provider has trouble of its own and could not answer.",
  advice: "Try again later; look at the provider's status page.",
  outcome: "unreachable",
};

export const UNREADABLE: Problem = {
  code: "unexpected_answer",
  meaning: "The provider answered in a way that is no answer to a request for a token.",
  advice: "Try again; if it stays, something between here and the provider answers in its place.",
  outcome: "failed",
};

/** By the code of the standard, then by the words that Google explains it with; the first that fits counts. */
const RULES: readonly (readonly [code: string, words: RegExp | undefined, problem: Problem])[] = [
  ["invalid_grant", /short-lived|timeframe|\biat\b|\bexp\b|expired/i, CLOCK],
  ["invalid_grant", /account (?:not found|.*(?:deleted|disabled))|email or user id/i, NO_ACCOUNT],
  ["invalid_grant", /signature|public key|\bkey\b/i, WRONG_KEY],
  ["invalid_grant", undefined, GRANT_REFUSED],
  ["invalid_client", undefined, NO_ACCOUNT],
  ["disabled_client", undefined, NO_ACCOUNT],
  ["unauthorized_client", undefined, SCOPE],
  ["access_denied", undefined, SCOPE],
  ["invalid_scope", undefined, SCOPE],
  ["temporarily_unavailable", undefined, IN_TROUBLE],
  ["server_error", undefined, IN_TROUBLE],
];
