import "server-only";

/**
 * denied: the person said no. invalid_grant: code or refresh token is not good (any more), or is good only once a person
 * has done something. rejected: the server refuses this client or this request; trying again will not help. unreachable: no
 * answer or a server in trouble; trying again may help. unreadable: something answered, and it is not OAuth.
 * malformed: an answer that is not for us (state, issuer, nonce).
 */
export type OAuthFailureReason = "denied" | "invalid_grant" | "rejected" | "unreachable" | "unreadable" | "malformed";

/** Why a grant is good for nothing until a person has done something. */
export type GrantCode =
  /** It has ended: expired, revoked, used up. */
  | "grant_ended"
  /** Another step is wanted of the person: a second factor, a new password. */
  | "interaction_required"
  /** A policy of the organisation ends sign-ins after a time. */
  | "session_limited"
  /** Nobody has agreed, or the consent was taken back. */
  | "consent_required"
  /** A policy of the organisation is against it, until an administrator permits it. */
  | "policy_refused"
  /** The account is disabled, locked, unconfirmed, or not known there. */
  | "account_unavailable";

/** Why a client gets nothing, whatever it was granted. */
export type ClientCode =
  | "client_refused"
  | "client_secret_expired"
  | "client_secret_wrong"
  | "client_unknown"
  | "client_disabled"
  | "tenant_unknown"
  | "redirect_refused"
  | "scope_refused";

/** What a server's words or numbers mean, as far as they are known here; `in_trouble` passes by itself. */
export type OAuthCode = GrantCode | ClientCode | "in_trouble" | "request_refused";

/** An expected failure of the protocol. Holds a code of ours at most, never what the server wrote. */
export class OAuthFailure extends Error {
  constructor(
    readonly reason: OAuthFailureReason,
    readonly code?: OAuthCode,
    options?: ErrorOptions,
  ) {
    super(`OAuth: ${reason}`, options);
  }
}
