import "server-only";
import type { OpenStream } from "@/lib/net/open-stream";
import { streamProblem } from "../stream-problems";
import type { Problem } from "../trail";

/** In fixed words, by the server's error number or the driver's code. Texts are never passed on. */
export function serverProblem(stream: OpenStream, error: unknown): Problem {
  const { errno, code } = error as { errno?: number; code?: string };
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

export const TLS_NOT_OFFERED: Problem = {
  code: "tls_not_offered",
  meaning: "The server does not offer encryption, and its address is a public one.",
  advice: "Switch TLS on at the server.",
  field: "host",
  outcome: "failed",
};

const CERTIFICATE: Problem = {
  code: "certificate_not_trusted",
  meaning: "The server's certificate is not trusted, or is made out for another host name.",
  advice:
    "Use the name that the certificate is made out for. An authority of your own can be named in NODE_EXTRA_CA_CERTS by whoever runs Latchkey.",
  field: "host",
  outcome: "failed",
};

export const NOT_CHECKED = {
  code: "certificate_not_checked",
  meaning: "The connection through the internal network is encrypted, but whose it is was not checked.",
  advice: "Nothing needs to be done if you trust this network.",
};

export const NOT_OFFERED_INSIDE = {
  code: "not_encrypted",
  meaning: "The server does not offer encryption, so the connection through the internal network is not encrypted.",
  advice: "Switch TLS on at the server.",
  field: "host",
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
