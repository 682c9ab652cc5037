import "server-only";
import type { ErrorWords } from "./error-codes";
import { type GrantCode, type OAuthCode, OAuthFailure, type OAuthFailureReason } from "./failure";

/**
 * What the words of authorization servers mean: those of the standards (RFC 6749, section 5.2; RFC 8628; OpenID Connect
 * Core, section 3.1.2.6), and those that Google, Microsoft, GitHub, Slack, Salesforce and HubSpot have of their own.
 */
const WORDS: Record<OAuthCode, string[]> = {
  grant_ended: [
    ...["invalid_grant", "invalid_token", "expired_token", "bad_refresh_token", "bad_verification_code"],
    ...["invalid_refresh_token", "invalid_code", "code_already_used", "bad_auth_code"],
    ...["token_expired", "token_revoked", "invalid_auth", "user_password_expired", "bad_token"],
  ],
  interaction_required: [
    ...["interaction_required", "login_required", "account_selection_required", "mfa_required", "basic_action"],
    ...["additional_action", "unmet_authentication_requirements"],
  ],
  session_limited: ["invalid_rapt", "rapt_required"],
  consent_required: ["consent_required", "admin_consent_required"],
  policy_refused: [
    ...["access_denied", "admin_policy_enforced", "org_internal", "org_login_required", "invalid_app_access"],
    ...["protection_policy_required", "device_authentication_failed", "team_access_not_granted"],
  ],
  account_unavailable: [
    ...["account_inactive", "unverified_user_email", "user_removed_from_team", "inactive_user", "inactive_org"],
    ...["team_disabled", "user_is_restricted"],
  ],
  client_refused: [
    "invalid_client",
    "unauthorized_client",
    "incorrect_client_credentials",
    "invalid_client_credentials",
  ],
  client_secret_expired: [],
  client_secret_wrong: ["bad_client_secret"],
  client_unknown: ["invalid_client_id", "bad_client_id", "deleted_client"],
  client_disabled: ["disabled_client", "application_suspended"],
  tenant_unknown: [],
  redirect_refused: ["redirect_uri_mismatch", "bad_redirect_uri", "invalid_redirect_uri"],
  scope_refused: ["invalid_scope", "invalid_target", "invalid_resource"],
  in_trouble: [
    ...["temporarily_unavailable", "server_error", "slow_down", "rate_limited", "ratelimited", "rate_limit_exceeded"],
    ...["too_many_requests", "internal_failure", "internal_error", "fatal_error", "service_unavailable"],
    ...["request_timeout", "unavailable", "resource_exhausted"],
  ],
  request_refused: ["invalid_request", "unsupported_grant_type", "unsupported_response_type"],
};

/** Microsoft's numbers that mean the same, whatever word stands beside them (Entra's reference of AADSTS error codes). */
const NUMBERS: Partial<Record<OAuthCode, number[]>> = {
  grant_ended: [
    ...[50_055, 50_085, 50_089, 50_132, 50_133, 50_139, 50_144, 50_173, 54_005],
    ...[70_008, 70_019, 700_082, 700_084],
  ],
  interaction_required: [
    ...[16_000, 16_001, 50_058, 50_072, 50_074, 50_076, 50_079, 50_125, 50_126, 50_135, 50_158, 50_199, 51_006],
  ],
  session_limited: [50_078, 70_043],
  consent_required: [65_001, 65_004, 90_008, 90_094, 90_095, 650_056],
  policy_refused: [
    ...[50_002, 50_005, 50_097, 50_105, 50_127, 50_129, 50_131, 50_155, 50_177, 50_178, 50_187],
    ...[500_021, 500_022, 500_212, 500_213, 501_051, 54_000, 650_052],
  ],
  account_unavailable: [16_003, 50_014, 50_020, 50_034, 50_053, 50_057, 51_004, 500_208, 500_571],
  client_refused: [50_194, 65_002, 700_025, 7_000_218],
  client_secret_expired: [7_000_222],
  client_secret_wrong: [7_000_215],
  client_unknown: [700_011, 700_016, 7_000_229],
  client_disabled: [70_001, 7_000_112],
  tenant_unknown: [50_059, 50_128, 90_002, 90_019, 900_021, 900_023],
  redirect_refused: [50_011, 70_004, 500_113],
  scope_refused: [28_002, 28_003, 50_001, 500_011, 65_005, 650_053, 650_054, 650_057, 70_011, 1_002_012],
  in_trouble: [50_033, 50_087, 50_088, 50_166, 50_196, 70_012, 90_006, 90_012, 90_024, 90_033, 90_055],
};

/** 53000 and on, and 530031 and on, are Conditional Access and its kin: new ones come every year. */
const isOfPolicy = (number: number) => (number >= 53_000 && number < 53_100) || (number >= 530_000 && number < 530_100);

const turned = <K extends string | number>(table: Partial<Record<OAuthCode, K[]>>): ReadonlyMap<K, OAuthCode> =>
  new Map(Object.entries(table).flatMap(([code, keys]) => keys.map((key): [K, OAuthCode] => [key, code as OAuthCode])));
const byWord = turned(WORDS);
const byNumber = turned(NUMBERS);

/** Words and numbers that one server has of its own; they count before what is known of all. */
export interface OwnMeanings {
  words?: Readonly<Record<string, OAuthCode>> | undefined;
  numbers?: Readonly<Record<string, OAuthCode>> | undefined;
}

export const isKnownWord = (word: string, own?: OwnMeanings): boolean => meaningOfWord(word, own) !== undefined;

const meaningOfWord = (word: string, own: OwnMeanings = {}): OAuthCode | undefined =>
  own.words && Object.hasOwn(own.words, word) ? own.words[word] : byWord.get(word);

function meaningOfNumber(number: number, own: OwnMeanings = {}): OAuthCode | undefined {
  if (own.numbers && Object.hasOwn(own.numbers, number)) return own.numbers[number];
  return byNumber.get(number) ?? (isOfPolicy(number) ? "policy_refused" : undefined);
}

/** Too many requests, a time-out and a server's own errors pass by themselves. */
const isTrouble = (status: number) => [408, 425, 429].includes(status) || status >= 500;

/**
 * The one rule: what an answer that granted nothing means. What may pass by itself comes first, whatever else is said, since
 * it must never end a connection; then the numbers, then the words beside the error, then the error itself: from the most
 * exact to the least.
 */
export function failureFor(status: number, words: ErrorWords, own?: OwnMeanings): OAuthFailure {
  const code = isTrouble(status) ? "in_trouble" : codeOf(words, own);
  if (code !== undefined) return new OAuthFailure(reasonOf(code), code);
  // A page of a proxy, a wrong address: nothing that an authorization server said.
  if (words.error === undefined) return new OAuthFailure("unreadable");
  return new OAuthFailure("rejected", "request_refused");
}

function codeOf({ error, hints, codes }: ErrorWords, own: OwnMeanings | undefined): OAuthCode | undefined {
  const ofWord = error === undefined ? undefined : meaningOfWord(error, own);
  if (ofWord === "in_trouble") return ofWord;
  const ofNumbers = codes.map((one) => meaningOfNumber(one, own));
  return [...ofNumbers, ...hints.map((hint) => meaningOfWord(hint, own)), ofWord].find((one) => one !== undefined);
}

function reasonOf(code: OAuthCode): OAuthFailureReason {
  if (code === "in_trouble") return "unreachable";
  return isGrantCode(code) ? "invalid_grant" : "rejected";
}

const GRANT_CODES = {
  grant_ended: true,
  interaction_required: true,
  session_limited: true,
  consent_required: true,
  policy_refused: true,
  account_unavailable: true,
} satisfies Record<GrantCode, true>;
export const isGrantCode = (code: OAuthCode | undefined): code is GrantCode =>
  code !== undefined && code in GRANT_CODES;
