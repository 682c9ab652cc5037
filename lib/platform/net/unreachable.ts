import "server-only";

/**
 * busy: no place was free in time. not_resolved, not_allowed, not_connected, tls_failed: nothing was sent. no_answer: something may
 * have been sent, and what became of it is not known. unreadable: the other side answered, but nothing that can be taken
 * for an HTTP answer within the budget; what was asked for may have been done.
 */
export const unreachableReasons = [
  "busy",
  "not_resolved",
  "not_allowed",
  "not_connected",
  "tls_failed",
  "no_answer",
  "unreadable",
] as const;
export type UnreachableReason = (typeof unreachableReasons)[number];

/** The other side could not be asked, or did not answer as HTTP. `message` is fixed text; what a library said is `cause`. */
export class Unreachable extends Error {
  constructor(
    readonly reason: UnreachableReason,
    options?: ErrorOptions,
  ) {
    super(`No answer from outside: ${reason}`, options);
  }
}
