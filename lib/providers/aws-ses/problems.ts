import "server-only";
import type { HttpAnswer } from "../http-exchange";
import type { Problem } from "../test-run";

/**
 * What Amazon's refusals mean, by the error's name; the two services write some of them differently. Their texts are looked
 * into where one name stands for several things, and never passed on.
 */
export function amazonProblem(error: unknown, answer: HttpAnswer | undefined): Problem {
  const { name = "", message = "" } = error as { name?: string; message?: string };
  if (answer && (answer.status === 429 || THROTTLED.test(name))) return throttled(answer);
  if (SIGNATURE.test(name)) return signatureProblem(message);
  const known = BY_NAME.find(([names]) => names.test(name))?.[1];
  if (known) return known;
  if (answer && answer.status >= 500) return TROUBLE;
  return unexpected(answer?.status);
}

const THROTTLED =
  /^(Throttling|ThrottlingException|TooManyRequests|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/;
const SIGNATURE = /^(SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature(Exception)?)$/;

function signatureProblem(message: string): Problem {
  if (/scoped to a valid region|scoped to correct region/i.test(message)) return WRONG_REGION;
  if (/signature (expired|not yet current)/i.test(message)) return CLOCK;
  return WRONG_SECRET;
}

/** Busy is not broken: before the key was proved nothing is known of it, afterwards it is known to be good. */
function throttled({ headers }: HttpAnswer): Problem {
  const seconds = Number(headers["retry-after"]);
  return {
    code: "rate_limited",
    meaning:
      "Amazon asks to wait: too many requests were made with this account. Nothing says that the key does not work.",
    advice: Number.isInteger(seconds) && seconds > 0 ? `Test again in ${seconds} seconds.` : "Test again in a minute.",
    outcome: "unreachable",
  };
}

const unexpected = (status: number | undefined): Problem => ({
  code: "unexpected_answer",
  meaning: status === undefined ? "The answer was not understood." : `Amazon answered with status ${status}.`,
  advice: "Check key and region. If they are right, try again later.",
  outcome: "failed",
});

const WRONG_SECRET: Problem = {
  code: "wrong_credentials",
  meaning: "Amazon knows the access key ID, but the secret access key does not belong to it.",
  advice: "Copy the secret again. It is shown only once: if it is lost, make a new access key.",
  field: "secret_access_key",
  outcome: "failed",
};

const WRONG_REGION: Problem = {
  code: "wrong_region",
  meaning: "What answered belongs to another region than the one entered.",
  advice: "Enter the region in which Amazon SES is set up.",
  field: "region",
  outcome: "failed",
};

const CLOCK: Problem = {
  code: "clock_differs",
  meaning: "Amazon's clock and the clock of this installation differ by more than five minutes.",
  advice: "Whoever runs Latchkey must set the clock of its machine.",
  outcome: "unreachable",
};

const KEY_UNKNOWN: Problem = {
  code: "key_unknown",
  meaning:
    "Amazon knows no active access key with this ID, or the session token beside it is not the one it was issued with.",
  advice:
    "Check that the ID is copied whole and that the key is active and of this partition (global, China, GovCloud).",
  field: "access_key_id",
  outcome: "failed",
};

const SESSION_ENDED: Problem = {
  code: "session_expired",
  meaning: "The session token has expired, and the temporary key with it.",
  advice: "Get a new temporary key, or use the lasting key of an IAM user.",
  field: "session_token",
  outcome: "failed",
};

const REGION_OFF: Problem = {
  code: "region_disabled",
  meaning: "This region is not switched on for the AWS account.",
  advice: "Switch it on in the account's settings, or use another region.",
  field: "region",
  outcome: "failed",
};

export const MAY_NOT: Problem = {
  code: "permission_denied",
  meaning: "The key is right, but may not ask this, so it is not known.",
  advice: "If the key may only send (ses:SendEmail), this is fine. To have it checked, allow ses:Get* as well.",
  outcome: "degraded",
};

const TROUBLE: Problem = {
  code: "provider_trouble",
  meaning: "Amazon has a fault of its own just now.",
  advice: "Try again in a few minutes.",
  outcome: "unreachable",
};

const BY_NAME: [RegExp, Problem][] = [
  [/^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|AuthFailure)$/, KEY_UNKNOWN],
  [/^(ExpiredToken|ExpiredTokenException)$/, SESSION_ENDED],
  [/^(RequestExpired|RequestTimeTooSkewed)$/, CLOCK],
  [/^(RegionDisabledException|OptInRequired)$/, REGION_OFF],
  [/^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/, MAY_NOT],
];

const limited = (code: string, meaning: string, advice: string, field?: string): Problem => ({
  code,
  meaning,
  advice,
  ...(field && { field }),
  outcome: "degraded",
});

export const PAUSED = limited(
  "sending_paused",
  "The key is right, but sending is paused for this AWS account in this region.",
  "Look at the account's standing in the SES console and answer Amazon's review.",
);

export const SANDBOX = limited(
  "sandbox",
  "The key is right, but the account is in the sandbox in this region: it reaches verified addresses only.",
  "Ask for production access in the SES console.",
  "region",
);

export const USED_UP = limited(
  "quota_used_up",
  "The key is right, but everything that may be sent in 24 hours has been sent.",
  "Wait, or ask Amazon for a higher quota.",
);

export const NOT_VERIFIED = limited(
  "from_not_verified",
  "Neither the from address nor its domain is verified in this region, so Amazon refuses mail from it.",
  "Verify the address or its domain in the SES console, in this very region.",
  "from_address",
);

export const NO_SUCH_SET = limited(
  "configuration_set_unknown",
  "There is no configuration set of this name in this region.",
  "Check the name, or make the set in the SES console.",
  "configuration_set",
);
