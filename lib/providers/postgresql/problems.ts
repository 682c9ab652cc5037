import "server-only";
import type { OpenStream } from "@/lib/net/open-stream";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import type { Problem } from "../trail";

/** Turns what the server or the driver reports into fixed words, by SQLSTATE where there is one. Texts are never passed on. */
export function serverProblem(stream: OpenStream, error: unknown): Problem {
  const { code, message } = error as { code?: string; message?: string };
  const known = BY_STATE[code ?? ""];
  if (known) return known;
  const broken = streamProblem(stream, error);
  if (broken) return broken;
  if (message?.startsWith("SASL: SCRAM-SERVER-FIRST-MESSAGE: iteration count")) return TOO_MUCH_WORK;
  if (message?.includes("client password must be a")) return PASSWORD_NEEDED;
  if (message?.startsWith("SASL: SCRAM-SERVER-FINAL-MESSAGE")) return IMPOSTOR;
  if (message?.startsWith("SASL:") || message?.startsWith("Unknown authentication")) return SIGN_IN_METHOD;
  if (message?.startsWith("Connection terminated")) return CONNECTION_LOST;
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? serverError(code) : NOT_POSTGRESQL;
}

const serverError = (state: string): Problem => ({
  code: "server_error",
  meaning: `The server refused with PostgreSQL's error code ${state}.`,
  advice: "Look the code up in PostgreSQL's list of error codes, and at the server's own log at this time.",
  outcome: "failed",
});

export const NOT_POSTGRESQL: Problem = {
  code: "not_postgresql",
  meaning: "What answers at this port does not speak PostgreSQL's protocol.",
  advice: "Check host and port; PostgreSQL usually listens on 5432.",
  field: "port",
  outcome: "failed",
};

const WRONG_CREDENTIALS: Problem = {
  code: "wrong_credentials",
  meaning: "The server refused this user name and password.",
  advice: "Check both. A server does not say which of the two is wrong.",
  field: "password",
  outcome: "failed",
};

const TOO_MANY_CONNECTIONS: Problem = {
  code: "too_many_connections",
  meaning: "The server, the database or the user has no connection left.",
  advice: "Try again later; if it stays, raise the limit or close idle connections.",
  outcome: "unreachable",
};

const SERVER_STARTING: Problem = {
  code: "server_not_ready",
  meaning: "The server is starting up or shutting down.",
  advice: "Try again in a minute.",
  outcome: "unreachable",
};

export const CONNECT_DENIED: Problem = {
  code: "permission_denied",
  meaning: "The sign-in is right, but the user may not use this database.",
  advice: "Grant it on the server: GRANT CONNECT ON DATABASE … TO ….",
  field: "database",
  outcome: "failed",
};

const BY_STATE: Record<string, Problem> = {
  "28P01": WRONG_CREDENTIALS,
  "28000": {
    code: "access_rejected",
    meaning:
      "The server lets this user in neither from here, nor in this way, nor to this database; or the user does not exist.",
    advice: "Look at the server's pg_hba.conf: user, database, address and encryption must match one of its lines.",
    field: "username",
    outcome: "failed",
  },
  "3D000": {
    code: "database_not_found",
    meaning: "The server knows no database of this name.",
    advice: "Check the spelling of the database; capital letters count.",
    field: "database",
    outcome: "failed",
  },
  "42501": CONNECT_DENIED,
  "53300": TOO_MANY_CONNECTIONS,
  "57P01": SERVER_STARTING,
  "57P02": SERVER_STARTING,
  "57P03": SERVER_STARTING,
};

const TOO_MUCH_WORK: Problem = {
  code: "sign_in_too_costly",
  meaning: "The server asks for more computing to sign in than is granted (over 100,000 rounds).",
  advice: "Check host and port. On your own server, lower scram_iterations and set the password again.",
  outcome: "failed",
};

const PASSWORD_NEEDED: Problem = {
  code: "password_missing",
  meaning: "The server asks for a password, and the connection string holds none.",
  advice: "Add the password to the connection string.",
  field: "password",
  outcome: "failed",
};

const IMPOSTOR: Problem = {
  code: "server_unproven",
  meaning: "The server could not prove that it knows this user's password.",
  advice: "Check host and port: this may be another server that poses as yours.",
  field: "host",
  outcome: "failed",
};

export const PASSWORD_NOT_SENT: Problem = {
  code: "password_not_sent",
  meaning:
    "The server asks for the password itself (in clear, or as MD5), and it was not verified who it is: the password was not sent.",
  advice:
    "Let this user sign in with scram-sha-256; or give the certificate authority, so that the server can be verified; or, on a network you trust completely, name a TLS mode that accepts less.",
  field: "sslmode",
  outcome: "failed",
};

export const PASSWORD_WITHHELD: Problem = {
  code: "password_not_sent",
  meaning:
    "The server asks for the password itself (in clear, or as MD5), and the connection string forbids to send it: the password was not sent.",
  advice:
    "Let this user sign in with scram-sha-256; or take channel_binding and require_auth out of the connection string.",
  field: "connection_string",
  outcome: "failed",
};

export const TOO_LITTLE_WORK: Problem = {
  code: "sign_in_too_cheap",
  meaning:
    "The server asks for a proof of the password from which it would be easy to guess (fewer than 4,096 rounds of SCRAM), and it was not verified who it is: nothing was proven.",
  advice:
    "On your own server, raise scram_iterations to 4096 and set the password again; or give the certificate authority, so that the server can be verified; or, on a network you trust completely, name a TLS mode that accepts less.",
  field: "sslmode",
  outcome: "failed",
};

const SIGN_IN_METHOD: Problem = {
  code: "method_not_supported",
  meaning: "The server asks for a way to sign in that is not supported here.",
  advice: "Let this user sign in with scram-sha-256 in the server's pg_hba.conf.",
  field: "username",
  outcome: "failed",
};
