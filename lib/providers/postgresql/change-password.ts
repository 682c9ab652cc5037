import "server-only";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { CredentialData } from "../define";
import type { Network, RotationDriver } from "../define-connection";
import { StepError, TestRun } from "../test-run";
import {
  changeProblem,
  HIDDEN_BY_POOLER,
  NOT_ASCII,
  NOT_RESTORED,
  OTHER_ROLE,
  TOO_OLD,
  UNPROVEN,
  UNSTEADY,
} from "./change-problems";
import { type KeptForm, verifierIn } from "./kept-form";
import { CONNECT_DENIED } from "./refusal-messages";
import { isPrintableAscii, newPassword, scramVerifier, verifierLiteral } from "./scram";
import { openSession, type Session } from "./session";
import { type Target, targetOf, withPassword } from "./target";

const lookPlan = ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"] as const;
const plan = [...lookPlan, "change"] as const;

/**
 * The role that signs in gives itself another password, by its verifier alone, and takes that back by the very verifier that
 * was there. It names itself, so no name of it stands in SQL; what the server says is turned into fixed words.
 */
export const passwordRotation: RotationDriver = {
  prepare: {
    plan: ["values"],
    run: ({ data }, testRun) =>
      testRun.step("values", () => ({ data: JSON.stringify(withPassword(data, newPassword())) })),
  },
  look: {
    plan: lookPlan,
    run: ({ data }, testRun, network) =>
      signedIn(data, testRun, network, async (session, target) => ({
        kept: JSON.stringify(
          await testRun.step("permission", async () => keptAt(session, await ownRole(session, target))),
        ),
      })),
  },
  change: {
    plan,
    run: ({ data, extra }, testRun, network) =>
      signedIn(data, testRun, network, async (session, target) => {
        const { password } = targetOf(JSON.parse(String(extra.data)));
        if (!isPrintableAscii(password)) throw new StepError(NOT_ASCII);
        await testRun.step("permission", async () => {
          const kept = keptAt(session, await ownRole(session, target));
          // A pooler that makes up a salt for each sign-in shows nothing of the server's.
          if (!isDeepStrictEqual(kept, readKept(extra.kept_before))) throw new StepError(UNSTEADY);
        });
        await testRun.step("change", async (notes) => {
          await setVerifier(session, scramVerifier(password));
          notes.detail = "ALTER ROLE, with a SCRAM verifier";
        });
        return {};
      }),
  },
  undo: {
    plan,
    run: ({ data, extra }, testRun, network) =>
      signedIn(data, testRun, network, (session, target) =>
        setBack(session, target, readKept(extra.kept_before)?.form, testRun, network),
      ),
  },
};

/** What an undo must know: how the password is kept, and whether it was the server itself that showed it. */
interface Kept {
  form?: KeptForm;
  isDirect: boolean;
}

const keptSchema: z.ZodType<Kept> = z.object({
  form: z
    .discriminatedUnion("way", [
      z.object({ way: z.literal("scram"), salt: z.string(), iterations: z.number() }),
      z.object({ way: z.literal("md5") }),
    ])
    .exactOptional(),
  isDirect: z.boolean(),
});

const readKept = (text: string | undefined): Kept | undefined =>
  text ? keptSchema.parse(JSON.parse(text)) : undefined;

/** @throws StepFailure behind a pooler that does not show what the server may have */
function keptAt({ shown }: Session, { isDirect }: OwnRole): Kept {
  // A pooler asks for MD5 whatever the server keeps, where it has the password itself.
  if (!isDirect && shown?.way !== "scram") throw new StepError(HIDDEN_BY_POOLER);
  return { ...(shown && { form: shown }), isDirect };
}

/**
 * Said again, it also overtakes a change that was cut off and may still be on its way; and where nothing was changed, it sets
 * what is there. Without anything seen before, what the server shows now is kept: the old password has just signed in with it.
 */
async function setBack(
  session: Session,
  target: Target,
  before: KeptForm | undefined,
  testRun: TestRun,
  network: Network,
): Promise<Record<string, string>> {
  const own = await testRun.step("permission", () => ownRole(session, target));
  const form = before ?? session.shown;
  await testRun.step("change", async (notes) => {
    const isAsBefore = own.isDirect && before !== undefined && isDeepStrictEqual(session.shown, before);
    try {
      const { password } = target;
      await setVerifier(session, form ? verifierIn(form, password, own.role) : scramVerifier(password));
      notes.detail = before ? "ALTER ROLE, with the verifier of before" : "ALTER ROLE, with the old password";
    } catch (error) {
      if (!isAsBefore || !isRefusal(error)) throw error;
      notes.detail = "The server takes no ALTER ROLE, and shows the verifier of before";
      return;
    }
    if (before === undefined) notes.warning = NOT_RESTORED;
    // What a pooler shows is its own copy, whatever the server has.
    else if (!own.isDirect) notes.warning = UNPROVEN;
    else if (!isDeepStrictEqual(await shownNow(target, testRun, network), before)) notes.warning = NOT_RESTORED;
  });
  return {};
}

const isRefusal = (error: unknown) => error instanceof StepError && error.problem.outcome !== "unreachable";

/** A second sign-in, which shows what the server keeps after the change. @throws StepFailure when it cannot be reached */
async function shownNow(target: Target, testRun: TestRun, network: Network): Promise<KeptForm | undefined> {
  try {
    const { client, shown, close } = await openSession(new TestRun([], { signal: testRun.signal }), target, network);
    client.end().catch(() => undefined);
    close();
    return shown;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

async function signedIn(
  data: CredentialData,
  testRun: TestRun,
  network: Network,
  work: (session: Session, target: Target) => Promise<Record<string, string>>,
): Promise<Record<string, string>> {
  const target = await testRun.step("values", () => {
    const target = targetOf(data);
    if (!isPrintableAscii(target.password)) throw new StepError(NOT_ASCII);
    return target;
  });
  const session = await openSession(testRun, target, network);
  try {
    const answer = await work(session, target);
    session.client.end().catch(() => undefined);
    return answer;
  } finally {
    session.close();
  }
}

const setVerifier = ({ client, problemOf }: Session, verifier: string): Promise<unknown> =>
  client
    .query(`ALTER ROLE SESSION_USER PASSWORD ${verifierLiteral(verifier)}`)
    .catch((error: unknown) => Promise.reject(new StepError(changeProblem(problemOf, error))));

interface OwnRole {
  /** As the server calls it. */
  role: string;
  /** The process that does the work is the one that was dialled, so what the sign-in showed is the server's own. */
  isDirect: boolean;
}

/** An older server would take the verifier itself for the password. @throws StepFailure */
async function ownRole({ client, denied, problemOf }: Session, { user }: Target): Promise<OwnRole> {
  if (denied) throw new StepError(CONNECT_DENIED);
  const { rows } = await client
    .query(
      "SELECT current_setting('server_version_num')::int AS version, session_user::text AS role, pg_backend_pid() AS pid",
    )
    .catch((error: unknown) => Promise.reject(new StepError(problemOf(error))));
  const { version, role, pid } = rows[0] ?? {};
  if (Number(version) < 100_000) throw new StepError(TOO_OLD);
  if (!isNameOf(String(role), user)) throw new StepError(OTHER_ROLE);
  // The driver's types leave out which process greeted it; a pooler greets as itself.
  const { processID } = client as unknown as { processID: number | null };
  return { role: String(role), isDirect: processID === Number(pid) };
}

/** Hosted servers and poolers take the server's or the tenant's name behind the role's own. */
const isNameOf = (role: string, user: string) =>
  user === role || user.startsWith(`${role}@`) || user.startsWith(`${role}.`);
