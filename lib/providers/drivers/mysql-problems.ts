import "server-only";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { streamProblem } from "../stream-problems";
import type { Problem } from "../test-run";

/** In fixed words, by the server's error number or the driver's code. Texts are never passed on. */
export function serverProblem(stream: OpenStream, error: unknown): Problem {
  const { errno, code, message } = error as { errno?: number; code?: string; message?: string };
  if (message?.startsWith("Server requests authentication using unknown plugin")) return SIGN_IN_METHOD;
  return BY_NUMBER[errno ?? 0] ?? BY_CODE[code ?? ""] ?? streamProblem(stream, error) ?? serverError(errno);
}

const serverError = (errno: number | undefined): Problem =>
  errno !== undefined && errno > 1_000 && errno < 10_000
    ? {
        code: "server_error",
        meaning: `The server refused with MySQL's error number ${errno}.`,
        advice: "Look the number up in MySQL's list of errors, and at the server's own log at this time.",
        outcome: "failed",
      }
    : NOT_MYSQL;

const WRONG_CREDENTIALS: Problem = {
  code: "wrong_credentials",
  meaning: "The server refused this user name and password.",
  advice: "Check both, and from where the user may sign in. A server does not say which it is.",
  field: "password",
  outcome: "failed",
};

export const TURNED_AWAY: Problem = {
  code: "access_rejected",
  meaning: "The server turns connections from here away, or has none left.",
  advice: "Check from where users may sign in, and the server's own log at this time.",
  outcome: "failed",
};

export const NOT_MYSQL: Problem = {
  code: "not_mysql",
  meaning: "What answers at this port does not speak MySQL's protocol.",
  advice: "Check host and port; MySQL usually listens on 3306.",
  field: "port",
  outcome: "failed",
};

export const PASSWORD_NOT_SENT: Problem = {
  code: "password_not_sent",
  meaning:
    "The server asks for the password itself (in clear, or encrypted with a key that it hands over), and it was not verified who it is: the password was not sent.",
  advice:
    "Give the server a certificate that is trusted here and made out for this host (whoever runs Latchkey can name an authority of your own in NODE_EXTRA_CA_CERTS); or, on a network you trust completely, name a TLS mode that accepts less.",
  field: "sslmode",
  outcome: "failed",
};

const SIGN_IN_METHOD: Problem = {
  code: "method_not_supported",
  meaning: "The server asks for a way to sign in that is not supported here.",
  advice: "Let this user sign in with caching_sha2_password or mysql_native_password.",
  field: "user",
  outcome: "failed",
};

export const TLS_NOT_OFFERED: Problem = {
  code: "tls_not_offered",
  meaning: "The server does not offer encryption.",
  advice: "Switch TLS on at the server. Only on a network you trust completely, set TLS to “None”.",
  field: "sslmode",
  outcome: "failed",
};

export const TLS_NOT_OFFERED_IN_PUBLIC: Problem = {
  ...TLS_NOT_OFFERED,
  meaning: "The server does not offer encryption, and its address is a public one.",
  advice: "Switch TLS on at the server.",
  field: "host",
};

const CERTIFICATE: Problem = {
  code: "certificate_not_trusted",
  meaning: "The server's certificate is not trusted, or is made out for another host name.",
  advice:
    "Use the name that the certificate is made out for. An authority of your own can be named in NODE_EXTRA_CA_CERTS by whoever runs Latchkey.",
  field: "host",
  outcome: "failed",
};

export const NOT_VERIFIED = {
  code: "certificate_not_checked",
  meaning: "The connection is encrypted, but whose it is was not checked: anybody in between could pose as the server.",
  advice: "Set TLS to “Verify fully”.",
  field: "sslmode",
};

export const NOT_VERIFIED_INSIDE = {
  code: "certificate_not_checked",
  meaning:
    "The connection through the internal network is encrypted, whoever answers there. Unless the certificate proves who it is, the password is at most proven, never sent.",
  advice: "Set TLS to “Verify fully”, if the server's certificate is trusted here.",
  field: "sslmode",
};

export const NOT_ENCRYPTED = {
  code: "not_encrypted",
  meaning: "The connection is not encrypted.",
  advice: "Set TLS to “Verify fully”, if the server offers it.",
  field: "sslmode",
};

export const NOT_OFFERED_INSIDE = {
  code: "not_encrypted",
  meaning:
    "The server does not offer encryption. The password is at most proven, never sent; everything else is readable.",
  advice: "Switch TLS on at the server, then set TLS to “Verify fully”.",
  field: "sslmode",
};

const BY_NUMBER: Record<number, Problem> = {
  1040: { ...TURNED_AWAY, code: "too_many_connections", outcome: "unreachable" },
  1045: WRONG_CREDENTIALS,
  1129: TURNED_AWAY,
  1130: TURNED_AWAY,
  1698: WRONG_CREDENTIALS,
  3118: { ...WRONG_CREDENTIALS, code: "account_locked", meaning: "The server has locked this user." },
};

const BY_CODE: Record<string, Problem> = {
  HANDSHAKE_SSL_ERROR: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  CERT_HAS_EXPIRED: CERTIFICATE,
};
