import "server-only";
import type { Problem } from "../test-run";

/** Why a password was not set or not put back as it was, in fixed words. */

export const NOT_ASCII: Problem = {
  code: "password_not_ascii",
  meaning: "The present password has letters beyond ASCII, so it could not be set again if something goes wrong.",
  advice: "Change it by hand once: on the server, then under Edit.",
  field: "password",
  outcome: "failed",
};

export const TOO_OLD: Problem = {
  code: "server_too_old",
  meaning: "The server is older than PostgreSQL 10, which first knew the safe way to set a password.",
  advice: "Change the password on the server, then enter the new one under Edit.",
  outcome: "failed",
};

export const OTHER_ROLE: Problem = {
  code: "signed_in_as_another",
  meaning:
    "The pooler in front signs in at the server as another role than the one named, whose password would be changed.",
  advice: "Rotate with the server's own host and port.",
  field: "username",
  outcome: "failed",
};

export const HIDDEN_BY_POOLER: Problem = {
  code: "pooler_hides_verifier",
  meaning:
    "A pooler answers in front of the server and does not show how the server keeps the password, so the change could not be taken back exactly.",
  advice: "Rotate with the server's own host and port, then give the pooler the new password.",
  field: "host",
  outcome: "failed",
};

export const UNSTEADY: Problem = {
  code: "verifier_unsteady",
  meaning:
    "Two sign-ins showed the password kept in two ways: somebody set it anew between them, or a pooler in front makes up what it shows.",
  advice: "Rotate again; if it stays, rotate with the server's own host and port.",
  field: "host",
  outcome: "failed",
};

/** What an undo could not do, or not see. */
export const NOT_RESTORED = {
  code: "verifier_not_restored",
  meaning:
    "The old password is set, but the server may keep it with another verifier than before: which one it had could not be seen, or is not shown again.",
  advice:
    "Where something holds a copy of the verifier, such as a pooler's auth_file, give it the server's present one.",
};

export const UNPROVEN = {
  code: "verifier_unproven",
  meaning:
    "The old password is set with the verifier that the pooler in front shows. A pooler shows its own copy, so it could not be seen that the server had the same one before.",
  advice: "If the pooler can no longer sign in at the server, give its auth_file the role's present line of pg_authid.",
};

/** SQLSTATEs with which a server refuses to set a password: insufficient privilege, a rule of its own, a setting, read-only. */
const REFUSED = /^(42501|22023|0A000|P0001|28000)$/;

/**
 * Classes in which somebody in between speaks, or the server of its own trouble: whether the change was made before that,
 * nobody can say.
 */
const UNSURE = /^(08|53|57|58|XX)/;

/** What an error of the change itself means. Only what the server refused for certain is told as failed. */
export function changeProblem(problemOf: (error: unknown) => Problem, error: unknown): Problem {
  const state = String((error as { code?: unknown }).code);
  if (state === "25006") return READ_ONLY;
  if (REFUSED.test(state)) return CHANGE_REFUSED;
  const problem = problemOf(error);
  return UNSURE.test(state) ? { ...problem, outcome: "unreachable" } : problem;
}

const CHANGE_REFUSED: Problem = {
  code: "change_refused",
  meaning: "The server does not let this user change their own password in this way.",
  advice: "Change the password on the server or with its provider, then enter the new one under Edit.",
  outcome: "failed",
};

const READ_ONLY: Problem = {
  code: "server_read_only",
  meaning: "This server only reads: it is a replica, or was set so.",
  advice: "Rotate on the credential of the primary server.",
  field: "host",
  outcome: "failed",
};
