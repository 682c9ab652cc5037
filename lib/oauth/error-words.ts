import "server-only";
import { OAuthFailure } from "./failure";

/** What an authorization server says is wrong: its own words, which go no further than the tables here. */
export interface ErrorWords {
  /** The `error` of RFC 6749, or what stands in its place. */
  error?: string;
  /** Numbers of Microsoft's (AADSTS…), which say more than the standard's words. */
  codes: number[];
}

export function errorWordsIn(members: Readonly<Record<string, unknown>>): ErrorWords {
  const { error, error_description, error_codes } = members;
  // Some answer an object in its place: {"error":{"status":"INVALID_ARGUMENT"}}.
  const inner = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  const word = [error, inner.code, inner.status, inner.type].find((one) => typeof one === "string");
  const listed = Array.isArray(error_codes) ? error_codes.filter((one) => typeof one === "number") : [];
  const told = typeof error_description === "string" ? /AADSTS(\d{4,8})/.exec(error_description)?.[1] : undefined;
  return {
    ...(typeof word === "string" && word !== "" && { error: word.toLowerCase() }),
    codes: [...listed, ...(told === undefined ? [] : [Number(told)])],
  };
}

/** Words of which a person has to sign in again, or agree to something, before this grant is good for anything. */
const NEEDS_PERSON: ReadonlySet<string> = new Set([
  "interaction_required",
  "login_required",
  "consent_required",
  "account_selection_required",
  "admin_consent_required",
  "mfa_required",
]);

/** Words of which the grant itself is over: the standard's, and those of servers that have their own (GitHub, Slack). */
const GRANT_OVER: ReadonlySet<string> = new Set([
  "invalid_grant",
  "bad_refresh_token",
  "bad_verification_code",
  "invalid_refresh_token",
  "invalid_code",
  "token_expired",
  "token_revoked",
]);

/** Microsoft's numbers that mean the same, whatever word stands beside them. */
const GRANT_OVER_CODES: ReadonlySet<number> = new Set([50_173, 70_008, 70_043, 700_082, 700_084, 50_132, 50_089]);
const NEEDS_PERSON_CODES: ReadonlySet<number> = new Set([
  50_076, 50_078, 50_079, 50_158, 53_000, 53_001, 53_002, 53_003, 65_001,
]);

/** Words about the client rather than about what it was granted. */
const ABOUT_CLIENT: ReadonlySet<string> = new Set([
  "invalid_client",
  "unauthorized_client",
  "incorrect_client_credentials",
]);
const SECRET_EXPIRED = 7_000_222;
const SECRET_WRONG = 7_000_215;

const TRANSIENT: ReadonlySet<string> = new Set(["temporarily_unavailable", "server_error", "slow_down"]);

/** Too many requests, a time-out and a server's own errors pass by themselves. */
const isTrouble = (status: number) => [408, 425, 429].includes(status) || status >= 500;

/** Words of the standards that may be repeated to a caller. */
const STANDARD: ReadonlySet<string> = new Set([
  ...["invalid_request", "invalid_client", "unauthorized_client", "invalid_scope", "invalid_grant"],
  ...["unsupported_grant_type", "unsupported_response_type", "access_denied"],
  ...["interaction_required", "login_required", "consent_required", "admin_consent_required"],
  ...TRANSIENT,
]);

/** The one rule: what an answer that granted nothing means, by its status, its word and its numbers, in this order. */
export function failureFor(status: number, { error, codes }: ErrorWords): OAuthFailure {
  const has = (known: ReadonlySet<number>) => codes.some((code) => known.has(code));
  const word = error !== undefined && STANDARD.has(error) ? error : undefined;
  if (isTrouble(status) || (error !== undefined && TRANSIENT.has(error))) return new OAuthFailure("unreachable", word);
  if (codes.includes(SECRET_EXPIRED)) return new OAuthFailure("rejected", "client_secret_expired");
  if (codes.includes(SECRET_WRONG)) return new OAuthFailure("rejected", "client_secret_wrong");
  if (error !== undefined && ABOUT_CLIENT.has(error)) return new OAuthFailure("rejected", word);
  if ((error !== undefined && NEEDS_PERSON.has(error)) || has(NEEDS_PERSON_CODES))
    return new OAuthFailure("invalid_grant", "interaction_required");
  if ((error !== undefined && GRANT_OVER.has(error)) || has(GRANT_OVER_CODES))
    return new OAuthFailure("invalid_grant", "invalid_grant");
  // A page of a proxy, a wrong address: nothing that an authorization server said.
  if (error === undefined) return new OAuthFailure("unreadable");
  return new OAuthFailure("rejected", word);
}
