import "server-only";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { streamProblem } from "../stream-problems";
import { type Problem, StepError } from "../test-run";

/** In fixed words, by the first word of the server's error. Texts are never passed on. */
export function serverProblem(plain: OpenStream, error: unknown, denied: Problem | undefined): Problem {
  if (error instanceof StepError) return error.problem;
  const broken = streamProblem(plain, error);
  if (broken) return broken;
  const message = error instanceof Error ? error.message : "";
  const word = /^[A-Z]+/.exec(message)?.[0] ?? "";
  if (message.includes("AUTH") && message.startsWith("ERR")) return NO_PASSWORD_WANTED;
  return word === "NOPERM" && denied ? denied : (BY_WORD[word] ?? NOT_REDIS);
}

const WRONG: Problem = {
  code: "wrong_credentials",
  meaning: "The server refused this user name and password.",
  advice: "Check both. A server does not say which of the two is wrong.",
  field: "password",
  outcome: "failed",
};

const NO_PASSWORD_WANTED: Problem = {
  code: "password_not_wanted",
  meaning: "The server has no password set, or does not know users by name, and refused the one it was given.",
  advice: "Clear the password or the user name, or set one on the server.",
  field: "password",
  outcome: "failed",
};

export const NO_PERMISSION: Problem = {
  code: "permission_denied",
  meaning: "The sign-in is right, but the user may not send PING.",
  advice: "If your workflows need more, allow it on the server: ACL SETUSER … +ping.",
  outcome: "degraded",
};

const BY_WORD: Record<string, Problem> = {
  WRONGPASS: WRONG,
  NOAUTH: {
    code: "password_missing",
    meaning: "The server asks for a password, and none is given.",
    advice: "Enter the password.",
    field: "password",
    outcome: "failed",
  },
  NOPERM: NO_PERMISSION,
  DENIED: {
    code: "access_rejected",
    meaning: "The server runs in protected mode and lets nobody in from outside.",
    advice: "Set a password on the server, or let it listen on the right address.",
    outcome: "failed",
  },
  LOADING: {
    code: "server_not_ready",
    meaning: "The server is starting up.",
    advice: "Try again in a minute.",
    outcome: "unreachable",
  },
};

export const BAD_URL: Problem = {
  code: "url_unreadable",
  meaning: "The URL cannot be read: it must be like redis://user:password@host:6379, or rediss:// with encryption.",
  advice: "Correct it and test again; write special characters of the password percent-encoded.",
  field: "host",
  outcome: "failed",
};

const NOT_REDIS: Problem = {
  code: "not_redis",
  meaning: "What answers at this port does not speak Redis's protocol.",
  advice: "Check host and port, and whether the server wants encryption; Redis usually listens on 6379.",
  field: "port",
  outcome: "failed",
};
