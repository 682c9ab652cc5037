import "server-only";
import { applicationTokens, type GrantCode, isGrantCode, OAuthFailure } from "@/lib/platform/oauth";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData, Method } from "@/lib/providers/define";
import type { TestStep } from "@/lib/providers/report";
import { cutStep, type Problem, passedStep, warnedStep } from "@/lib/providers/test-run";
import { accessEndMessage } from "@/lib/vocabulary/access-end";
import { methodOfRow } from "../methods";
import type { TestedValues } from "../receipt";
import type { Row } from "../repository";
import { applicationScope, clientFor } from "./clients";
import { applicationMessages, asSentence, clientMessages, grantMessages } from "./refusal-messages";
import { dyingAt, isStale, renewed } from "./renew";
import { failureBehind } from "./renew-refusals";

/** What a test signs in with beside the values: data to add, and the step that got them; or why there are none. */
export type TestAccess =
  | { data: CredentialData; step?: TestStep; problem?: undefined }
  | { step: TestStep; problem: Problem; data?: undefined };

interface ForTest {
  orgId: string;
  values: TestedValues;
  row?: Row;
  /** The values are those of the row. */
  asStored: boolean;
}

/**
 * Access for a connection test, which must not fail for an access token that has ended: an application signs in as itself,
 * and what is stored is renewed, for good (`renewedRow`). Nothing else is got: a refresh token that is not stored could
 * not be replaced by the one that comes for it.
 */
export async function accessForTest({
  orgId,
  values,
  row,
  asStored,
}: ForTest): Promise<{ access: TestAccess; renewedRow: boolean }> {
  const method = methodOfRow(values, values.type);
  const renewal = method.renewal?.(values.data);
  const { authorization } = method;
  if (renewal?.by === "application" && authorization) {
    const work = async () => {
      const client = clientFor(orgId, authorization, values.data);
      const { accessToken } = await applicationTokens(client, renewal.scope ?? applicationScope(authorization));
      return { access_token: accessToken };
    };
    return { access: await timed(work, "The application signed in"), renewedRow: false };
  }
  // Of access that has ended for good only the mark is left.
  if (!row || !(isStale(method, values.data) || (asStored && row.needsReauth)))
    return { access: { data: {}, ...endingStep(method, values.data) }, renewedRow: false };
  const work = async () => {
    await renewed(row.orgId, row.id);
    return {};
  };
  return { access: await timed(work, "Renewed"), renewedRow: true };
}

/** What works now and will not go on working is said before somebody relies on it. */
function endingStep(method: Method, data: CredentialData): { step?: TestStep } {
  const endsAt = dyingAt(method, data);
  if (!endsAt) return {};
  const { what, mend } = accessEndMessage(method.authorization?.label ?? "the provider", endsAt.toISOString());
  return { step: warnedStep("renew", 0, { code: "not_renewable", meaning: what, advice: mend }) };
}

async function timed(work: () => Promise<CredentialData>, detail: string): Promise<TestAccess> {
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    const data = await work();
    return { data, step: passedStep("renew", took(), detail) };
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return { step: cutStep("renew", took(), problem), problem };
  }
}

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof OAuthFailure) return isGrantCode(error.code) ? ofApplication(error.code) : ofFailure(error);
  if (!(error instanceof Refusal)) return undefined;
  const failure = failureBehind(error);
  if (error.code === "reauthorization_required")
    return isGrantCode(failure?.code) ? ofGrant(failure.code) : NEEDS_REAUTH;
  if (error.code === "external_failure") return failure ? ofFailure(failure) : ofClient("client_refused");
  if (error.code !== "unavailable") return undefined;
  return failure ? ofFailure(failure) : NO_ANSWER;
}

function ofFailure({ reason, code }: OAuthFailure): Problem {
  if (code === "in_trouble") return IN_TROUBLE;
  if (code !== undefined && !isGrantCode(code)) return ofClient(code);
  if (reason === "unreachable") return NO_ANSWER;
  return reason === "unreadable" || reason === "malformed" ? UNREADABLE : ofClient("client_refused");
}

function ofClient(code: keyof typeof clientMessages): Problem {
  const { what, mend, field } = clientMessages[code];
  const said = { meaning: asSentence(what("this client")), advice: asSentence(mend) };
  return { code, ...said, ...(field && { field }), outcome: "failed" };
}

function ofApplication(code: GrantCode): Problem {
  const words = applicationMessages[code];
  if (!words) return ofClient("client_refused");
  return { code, meaning: asSentence(words.what), advice: asSentence(words.mend), outcome: "failed" };
}

function ofGrant(code: GrantCode): Problem {
  const { what, mend } = grantMessages[code];
  return {
    ...NEEDS_REAUTH,
    meaning: asSentence(what),
    advice: code === "grant_ended" ? NEEDS_REAUTH.advice : asSentence(mend),
  };
}

const NEEDS_REAUTH: Problem = {
  code: "needs_reauth",
  meaning: "The provider no longer accepts this connection.",
  advice: "Reconnect the credential: sign in at the provider again.",
  outcome: "failed",
};

const NO_ANSWER: Problem = {
  code: "provider_silent",
  meaning: "The provider's sign-in does not answer, or may not be reached from here.",
  advice: "Try again in a moment.",
  outcome: "unreachable",
};

const IN_TROUBLE: Problem = {
  code: "service_trouble",
  meaning: "The provider's sign-in has trouble of its own, or asks to wait.",
  advice: "Try again later; look at the provider's status page.",
  outcome: "unreachable",
};

const UNREADABLE: Problem = {
  code: "unexpected_answer",
  meaning: "The provider's sign-in answered something unreadable.",
  advice: "Check the tenant, its ID or one of its domains, and that nothing stands in between, such as a proxy.",
  field: "tenant_id",
  outcome: "failed",
};
