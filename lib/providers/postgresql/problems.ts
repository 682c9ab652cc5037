import "server-only";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import type { Problem } from "../test-run";
import { SIGN_IN_METHOD, unknown } from "./refusal-messages";
import { refusalOf } from "./refusals";

/**
 * Turns what the server or the driver reports into fixed words: a server's refusal by its SQLSTATE and its words, the rest by
 * the driver's. Texts are never passed on.
 */
export function serverProblem(stream: OpenStream, error: unknown): Problem {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  const isServers = SQLSTATE.test(code);
  const refusal = isServers ? refusalOf(code, message) : undefined;
  if (refusal) return refusal;
  const broken = streamProblem(stream, error);
  if (broken) return broken;
  if (message.startsWith("SASL: SCRAM-SERVER-FIRST-MESSAGE: iteration count")) return TOO_MUCH_WORK;
  if (message.includes("client password must be a")) return PASSWORD_NEEDED;
  if (message.startsWith("SASL: SCRAM-SERVER-FINAL-MESSAGE")) return IMPOSTOR;
  if (message.startsWith("SASL:") || message.startsWith("Unknown authentication")) return SIGN_IN_METHOD;
  if (message.startsWith("Connection terminated")) return CONNECTION_LOST;
  return isServers ? unknown(code) : NOT_POSTGRESQL;
}

/** No class of them begins with an E, as the names of a system's errors do. */
const SQLSTATE = /^[0-9A-DF-Z][0-9A-Z]{4}$/;

export const NOT_POSTGRESQL: Problem = {
  code: "not_postgresql",
  meaning: "What answers at this port does not speak PostgreSQL's protocol.",
  advice: "Check host and port; PostgreSQL usually listens on 5432.",
  field: "port",
  outcome: "failed",
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
