import type { Problem } from "../test-run";

/** What servers of all these protocols may answer, in fixed words. Their texts are never passed on. */

export const WRONG: Problem = {
  code: "wrong_credentials",
  meaning: "The server refused this user name and password.",
  advice: "Check both. A server does not say which of the two is wrong.",
  field: "password",
  outcome: "failed",
};

export const NO_PERMISSION: Problem = {
  code: "permission_denied",
  meaning: "The sign-in is right, but the user may not do what the test tried.",
  advice: "If your workflows need more, allow it on the server.",
  outcome: "degraded",
};

export const SIGN_IN_METHOD: Problem = {
  code: "method_not_supported",
  meaning: "The server offers no way to sign in by user name and password.",
  advice: "Switch one on at the server, or check host, port and TLS: some servers offer it only over TLS.",
  field: "user",
  outcome: "failed",
};

export const SIGN_IN_WANTED: Problem = {
  code: "password_missing",
  meaning: "The server asks for a user name and a password, and none are given.",
  advice: "Enter both.",
  field: "password",
  outcome: "failed",
};

export const TURNED_AWAY: Problem = {
  code: "access_rejected",
  meaning: "The server turns connections from here away.",
  advice: "Check from where it takes connections, and the server's own log at this time.",
  outcome: "failed",
};

export const BUSY: Problem = {
  code: "rate_limited",
  meaning: "The server takes no sign-in just now: too many at once, or it is busy.",
  advice: "Try again in a few minutes.",
  outcome: "unreachable",
};

export const TLS_NOT_OFFERED: Problem = {
  code: "tls_not_offered",
  meaning: "The server does not offer encryption, so nothing was sent to it.",
  advice: "Switch TLS on at the server. Only on a network you trust completely, set TLS to “None”.",
  field: "sslmode",
  outcome: "failed",
};

export const NO_TLS_AT_PORT: Problem = {
  code: "tls_failed",
  meaning: "No encryption came about at this port, so nothing was sent.",
  advice:
    "Check the port, and whether the server encrypts there from the first byte on, by TLS 1.2 or newer. If it does not encrypt at all, and only on a network you trust completely, set TLS to “None”.",
  field: "sslmode",
  outcome: "failed",
};

export const NOT_ENCRYPTED = {
  code: "not_encrypted",
  meaning: "The connection is not encrypted.",
  advice: "Choose TLS, if the server offers it.",
  field: "sslmode",
};

export const ANY_CERTIFICATE = {
  code: "certificate_not_checked",
  meaning: "The connection is encrypted, but whose it is was not checked: anybody in between could pose as the server.",
  advice: "Switch off that any certificate is accepted, and give the server one that is trusted here.",
  field: "accepts_any",
};

/** What answers is something else. */
export const notSpoken = (code: string, protocol: string, usual: string): Problem => ({
  code,
  meaning: `What answers at this port does not speak ${protocol}.`,
  advice: `Check host and port, and whether the server wants encryption; it usually listens on ${usual}.`,
  field: "port",
  outcome: "failed",
});
