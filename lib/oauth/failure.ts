import "server-only";
import * as openid from "openid-client";
import { Unreachable } from "@/lib/net/guarded-fetch";

/**
 * denied: the person said no. invalid_grant: code or refresh token is not good (any more). rejected: the server refuses
 * this client or this request; trying again will not help. unreachable: no answer or a server in trouble; trying again
 * may help. malformed: an answer that is not OAuth, or not for us (state, issuer, nonce).
 */
export type OAuthFailureReason = "denied" | "invalid_grant" | "rejected" | "unreachable" | "malformed";

/** An expected failure of the protocol. Holds a code of the standards at most, never what the server wrote. */
export class OAuthFailure extends Error {
  constructor(
    readonly reason: OAuthFailureReason,
    /** The `error` of RFC 6749, when it is one that the standards know. */
    readonly code?: string,
    options?: ErrorOptions,
  ) {
    super(`OAuth: ${reason}`, options);
  }
}

/** What any error of the library or the network means. */
export function failureOf(error: unknown): OAuthFailure {
  if (error instanceof OAuthFailure) return error;
  if (error instanceof openid.AuthorizationResponseError) {
    if (error.error === "access_denied") return new OAuthFailure("denied", error.error);
    return new OAuthFailure(TRANSIENT.has(error.error) ? "unreachable" : "rejected", standard(error.error));
  }
  if (error instanceof openid.ResponseBodyError) {
    if (error.error === "invalid_grant") return new OAuthFailure("invalid_grant", error.error);
    const transient = isTrouble(error.status) || TRANSIENT.has(error.error);
    return new OAuthFailure(transient ? "unreachable" : "rejected", standard(error.error));
  }
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof Unreachable) return new OAuthFailure("unreachable", undefined, { cause: error });
    if (at.cause instanceof Response && isTrouble(at.cause.status))
      return new OAuthFailure("unreachable", undefined, { cause: error });
    if (["TimeoutError", "AbortError"].includes(at.name))
      return new OAuthFailure("unreachable", undefined, { cause: error });
  }
  return new OAuthFailure("malformed", undefined, { cause: error });
}

const TRANSIENT: ReadonlySet<string> = new Set(["temporarily_unavailable", "server_error", "slow_down"]);
/** Too many requests and server errors pass by themselves. */
const isTrouble = (status: number) => status === 429 || status >= 500;

const STANDARD: ReadonlySet<string> = new Set([
  "invalid_request",
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "unsupported_response_type",
  "invalid_scope",
  "interaction_required",
  "login_required",
  "consent_required",
  "admin_consent_required",
  ...TRANSIENT,
]);
const standard = (code: string) => (STANDARD.has(code) ? code : undefined);
