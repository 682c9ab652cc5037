import "server-only";
import { applicationScope, applicationTokens, OAuthFailure } from "@/lib/oauth";
import type { CredentialData } from "@/lib/providers/define";
import type { Step } from "@/lib/providers/report";
import { cutStep, type Problem, passedStep } from "@/lib/providers/trail";
import { Refusal, type RefusalCode } from "@/lib/refusal";
import { methodOfRow } from "../judge";
import type { TestedValues } from "../receipt";
import type { Row } from "../repository";
import { clientFor } from "./clients";
import { isStale, renewed } from "./renew";

/** What a test signs in with beside the values: data to add, and the step that got them; or why there are none. */
export type TestAccess =
  | { data: CredentialData; step?: Step; problem?: undefined }
  | { step: Step; problem: Problem; data?: undefined };

interface ForTest {
  orgId: string;
  values: TestedValues;
  row?: Row;
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
}: ForTest): Promise<{ access: TestAccess; renewedRow: boolean }> {
  const method = methodOfRow(values, values.type);
  const renewal = method.renewal?.(values.data);
  if (renewal?.by === "application" && method.authorization) {
    const client = () =>
      clientFor(orgId, method.authorization as NonNullable<typeof method.authorization>, values.data);
    const work = async () => {
      const { accessToken } = await applicationTokens(client(), applicationScope());
      return { access_token: accessToken };
    };
    return { access: await timed(work, "The application signed in"), renewedRow: false };
  }
  if (!row || !isStale(method, values.data)) return { access: { data: {} }, renewedRow: false };
  const work = async () => {
    await renewed(row.orgId, row.id);
    return {};
  };
  return { access: await timed(work, "Renewed"), renewedRow: true };
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
  if (error instanceof OAuthFailure) return byCode[error.code ?? ""] ?? byFailure[error.reason];
  return error instanceof Refusal ? byRefusal[error.code] : undefined;
}

const CLIENT_REFUSED: Problem = {
  code: "client_refused",
  meaning: "The provider refuses this client.",
  advice: "Check client ID and client secret, that the secret has not expired, and the tenant.",
  field: "client_secret",
  outcome: "failed",
};

/** What Microsoft says of a secret, where it says it. */
const byCode: Partial<Record<string, Problem>> = {
  client_secret_expired: {
    ...CLIENT_REFUSED,
    code: "client_secret_expired",
    meaning: "The client secret has expired at the provider.",
    advice: "Make a new one where the application is registered, and enter its value here.",
  },
  client_secret_wrong: {
    ...CLIENT_REFUSED,
    code: "client_secret_wrong",
    meaning: "The provider does not know this client secret.",
    advice: "Enter the secret's value, not its ID: the value is shown once, when the secret is made.",
  },
};

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

const UNUSABLE: Problem = {
  code: "unexpected_answer",
  meaning: "What answers in the place of the provider's sign-in makes no sense.",
  advice: "Check the tenant: its ID, or one of its domains.",
  field: "tenant_id",
  outcome: "failed",
};

const byFailure: Record<OAuthFailure["reason"], Problem> = {
  denied: CLIENT_REFUSED,
  invalid_grant: CLIENT_REFUSED,
  rejected: CLIENT_REFUSED,
  unreachable: NO_ANSWER,
  unreadable: UNUSABLE,
  malformed: UNUSABLE,
};

const byRefusal: Partial<Record<RefusalCode, Problem>> = {
  reauthorization_required: NEEDS_REAUTH,
  external_failure: CLIENT_REFUSED,
  unavailable: NO_ANSWER,
};
