import "server-only";
import { MongoNetworkError, MongoServerError, MongoServerSelectionError } from "mongodb";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { streamProblem } from "../stream-problems";
import { type Problem, StepError } from "../test-run";

/** In fixed words, by the driver's kinds of errors and the server's numbers. Texts are never passed on. */
export function serverProblem(plain: OpenStream, error: unknown): Problem {
  if (error instanceof StepError) return error.problem;
  const refused = serverErrorIn(error);
  if (refused) return BY_NUMBER[Number(refused.code)] ?? SERVER_ERROR;
  const broken = streamProblem(plain, error);
  if (broken) return broken;
  const said = error instanceof Error ? error.message : "";
  if (said.startsWith("Server returned an invalid iteration count")) return TOO_LITTLE_WORK;
  if (said.startsWith("Server returned an invalid signature")) return IMPOSTOR;
  const lost = error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
  return lost ? NOT_MONGODB : SERVER_ERROR;
}

function serverErrorIn(error: unknown): MongoServerError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof MongoServerError) return at;
  return undefined;
}

const WRONG: Problem = {
  code: "wrong_credentials",
  meaning: "The server refused this user name and password.",
  advice: "Check both, and the database that the user is kept in (authSource).",
  field: "host",
  outcome: "failed",
};

export const NO_PERMISSION: Problem = {
  code: "permission_denied",
  meaning: "The sign-in is right, but the user may not see the collections of this database.",
  advice: "If your workflows need it, grant the user a role on this database, such as read.",
  field: "host",
  outcome: "degraded",
};

/** The server's numbers: AuthenticationFailed, Unauthorized, and Atlas's own for a refused sign-in. */
const BY_NUMBER: Record<number, Problem> = { 18: WRONG, 8000: WRONG, 13: NO_PERMISSION };

export const TOO_MUCH_WORK: Problem = {
  code: "sign_in_too_costly",
  meaning: "The server asks for more computing to sign in than is granted (over 1,000,000 rounds).",
  advice: "Check the host. On your own server, lower scramSHA256IterationCount and set the password again.",
  field: "host",
  outcome: "failed",
};

const TOO_LITTLE_WORK: Problem = {
  code: "sign_in_too_cheap",
  meaning:
    "The server asks for a proof of the password from which it would be easy to guess (fewer than 4,096 rounds of SCRAM): nothing was proven.",
  advice: "Check the host. On your own server, raise scramIterationCount and set the password again.",
  field: "host",
  outcome: "failed",
};

const IMPOSTOR: Problem = {
  code: "server_unproven",
  meaning: "The server could not prove that it knows this user's password.",
  advice: "Check the host: this may be another server that poses as yours.",
  field: "host",
  outcome: "failed",
};

const SERVER_ERROR: Problem = {
  code: "server_error",
  meaning: "The server answered with an error.",
  advice: "Try again; if it stays, look at the server's own log at this time.",
  outcome: "failed",
};

export const BAD_URL: Problem = {
  code: "url_unreadable",
  meaning: "The URL cannot be read: it must be like mongodb://user:password@host:27017/database or mongodb+srv://….",
  advice: "Correct it and test again; write special characters of the password percent-encoded.",
  field: "host",
  outcome: "failed",
};

export const OTHER_MECHANISM: Problem = {
  code: "method_not_accepted",
  meaning: "The test signs in with a user name and a password only.",
  advice: "Credentials with another authMechanism are kept and handed out, but cannot be tested.",
  field: "host",
  outcome: "failed",
};

export const NO_SERVICE_RECORD: Problem = {
  code: "host_not_found",
  meaning: "The domain name system knows no MongoDB service of this name, or one whose servers are of another domain.",
  advice: "Check the host of the mongodb+srv address.",
  field: "host",
  outcome: "failed",
};

const NOT_MONGODB: Problem = {
  code: "not_mongodb",
  meaning: "What answers at this port does not speak MongoDB's protocol.",
  advice: "Check host and port, and whether the server wants encryption; MongoDB usually listens on 27017.",
  field: "host",
  outcome: "failed",
};
