import "server-only";

/**
 * denied: the person said no. invalid_grant: code or refresh token is not good (any more), or is good only once a person
 * has signed in again. rejected: the server refuses this client or this request; trying again will not help. unreachable: no
 * answer or a server in trouble; trying again may help. unreadable: something answered, and it is not OAuth.
 * malformed: an answer that is not for us (state, issuer, nonce).
 */
export type OAuthFailureReason = "denied" | "invalid_grant" | "rejected" | "unreachable" | "unreadable" | "malformed";

/** An expected failure of the protocol. Holds a code of the standards at most, never what the server wrote. */
export class OAuthFailure extends Error {
  constructor(
    readonly reason: OAuthFailureReason,
    /** A word of the standards, or `client_secret_expired`, `client_secret_wrong`. */
    readonly code?: string,
    options?: ErrorOptions,
  ) {
    super(`OAuth: ${reason}`, options);
  }
}
