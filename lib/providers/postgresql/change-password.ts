import "server-only";
import type { CredentialData } from "../define";
import type { Network, Rotation } from "../define-connection";
import { type Problem, StepFailure, type Trail } from "../trail";
import { CONNECT_DENIED } from "./problems";
import { isPrintableAscii, newPassword, scramVerifier, verifierLiteral } from "./scram";
import { openSession, type Session } from "./session";
import { targetOf, withPassword } from "./target";

const plan = ["values", "resolve", "address", "connect", "tls", "sign_in", "permission", "change"] as const;

/**
 * The role that signs in gives itself another password, by its verifier alone. It names itself, so no name of it stands in
 * SQL; what the server says is turned into fixed words.
 */
export const passwordRotation: Rotation = {
  prepare: {
    plan: ["values"],
    run: ({ data }, trail) => trail.step("values", () => ({ data: JSON.stringify(withPassword(data, newPassword())) })),
  },
  change: {
    plan,
    run: async ({ data, extra }, trail, network) =>
      setPassword(data, targetOf(JSON.parse(String(extra.data))).password, trail, network),
  },
  // Said again, it also overtakes a change that was cut off and may still be on its way.
  undo: { plan, run: ({ data }, trail, network) => setPassword(data, targetOf(data).password, trail, network) },
};

async function setPassword(
  data: CredentialData,
  password: string,
  trail: Trail,
  network: Network,
): Promise<Record<string, string>> {
  const { target, literal } = await trail.step("values", () => {
    const target = targetOf(data);
    if (![password, target.password].every(isPrintableAscii)) throw new StepFailure(NOT_ASCII);
    return { target, literal: verifierLiteral(scramVerifier(password)) };
  });
  const session = await openSession(trail, target, network);
  try {
    await trail.step("permission", () => requireVerifiers(session));
    await trail.step("change", async (notes) => {
      await session.client
        .query(`ALTER ROLE SESSION_USER PASSWORD ${literal}`)
        .catch((error: unknown) => Promise.reject(new StepFailure(changeProblem(session, error))));
      notes.detail = "ALTER ROLE, with a SCRAM verifier";
    });
    session.client.end().catch(() => undefined);
  } finally {
    session.close();
  }
  return {};
}

const NOT_ASCII: Problem = {
  code: "password_not_ascii",
  meaning: "The present password has letters beyond ASCII, so it could not be set again if something goes wrong.",
  advice: "Change it by hand once: on the server, then under Edit.",
  field: "password",
  outcome: "failed",
};

/** An older server would take the verifier itself for the password. */
async function requireVerifiers({ client, denied, problemOf }: Session): Promise<void> {
  if (denied) throw new StepFailure(CONNECT_DENIED);
  const { rows } = await client
    .query("SELECT current_setting('server_version_num')::int AS version")
    .catch((error: unknown) => Promise.reject(new StepFailure(problemOf(error))));
  if (Number(rows[0]?.version) < 100_000) throw new StepFailure(TOO_OLD);
}

const TOO_OLD: Problem = {
  code: "server_too_old",
  meaning: "The server is older than PostgreSQL 10, which first knew the safe way to set a password.",
  advice: "Change the password on the server, then enter the new one under Edit.",
  outcome: "failed",
};

/** SQLSTATEs with which a server refuses to set a password: insufficient privilege, a rule of its own, a setting, read-only. */
const REFUSED = /^(42501|22023|0A000|P0001|28000)$/;

function changeProblem(session: Session, error: unknown): Problem {
  const state = String((error as { code?: unknown }).code);
  if (state === "25006") return READ_ONLY;
  return REFUSED.test(state) ? CHANGE_REFUSED : session.problemOf(error);
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
