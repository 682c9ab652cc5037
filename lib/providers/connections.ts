import "server-only";
import type { OutboundPolicy } from "@/lib/platform/net/policy";
import { invalidField } from "@/lib/platform/refusal";
import { formOf } from "./catalog/kind-form";
import { providerOf } from "./catalog/provider";
import { findKind } from "./catalog/registry";
import type { Kind } from "./catalog/schema";
import { type CredentialData, type CredentialType, isTestable } from "./define";
import { doubtsAbout, spacesIn } from "./doubts";
import { findMethod } from "./index";
import type { TestReport, TestStep } from "./report";
import { runJob } from "./run-job";
import { inSlot } from "./worker/slots";

export { inSlot };

export interface TestOptions {
  orgId: string;
  /** Who asks, in that organisation. */
  person?: string;
  /** Called as each step is done, for showing progress. */
  onStep?: (step: TestStep) => void;
  signal?: AbortSignal;
  /** The kind, where the catalogue does not know it. */
  definition?: Kind | undefined;
  /** Another policy than the operator's settings make; for tests. */
  policy?: OutboundPolicy;
}

/**
 * Tries a credential out against the real system. Stores nothing. Whatever the other side does is an answer, not an error.
 * @throws Refusal "invalid" where no test exists; "too_many_requests" when too many of one's own run; "unavailable" when
 * the machine has no place for it, without a worker, and when it could not be run for no fault of the values
 */
export async function testConnection(
  provider: string,
  type: CredentialType,
  data: CredentialData,
  options: TestOptions,
): Promise<TestReport> {
  const method = options.definition
    ? providerOf(formOf(options.definition)).methods.find((one) => one.type === type)
    : findMethod(provider, type);
  if (!method || !isTestable(method, data)) throw invalidField("provider", "Credentials of this kind cannot be tested");
  const { orgId, person: id, signal, definition = findKind(provider) } = options;
  return inSlot({ orgId, id, signal }, async () => {
    const doubts = doubtsAbout(method, data);
    const { report } = await runJob((settings) => ({ kind: "test", provider, definition, data, doubts, settings }), {
      provider,
      ...options,
    });
    return report;
  });
}

/**
 * Signs in with these values as a test does, as part of work that has its place already.
 * @throws Refusal "unavailable" without a worker
 */
export const testSignIn = async (
  provider: string,
  data: CredentialData,
  options: Pick<TestOptions, "onStep" | "policy"> = {},
): Promise<TestReport> =>
  (
    await runJob(
      (settings) => ({
        kind: "test",
        provider,
        definition: findKind(provider),
        data,
        doubts: spacesIn(data),
        settings,
      }),
      {
        provider,
        ...options,
      },
    )
  ).report;

/** What an act came to. */
export interface OperationReport {
  report: TestReport;
  /** Whether anything may have been changed at the other side. */
  mayHaveChanged: boolean;
  /** What the act answers, if it got to its end. */
  found?: Record<string, string>;
}

/**
 * Changes something at the other side, as a provider's `operations` say, within the limits of a test. Stores nothing.
 * @throws Refusal "unavailable" without a worker, before anything is sent
 */
export async function runOperation(
  {
    provider,
    act,
    data,
    extra = {},
  }: { provider: string; act: string; data: CredentialData; extra?: Record<string, string> },
  options: Pick<TestOptions, "onStep" | "policy"> = {},
): Promise<OperationReport> {
  const doubts = spacesIn(data);
  const { report, found, ended } = await runJob(
    (settings) => ({ kind: "act", provider, act, data, extra, doubts, settings }),
    { provider, ...options },
  );
  return { report, mayHaveChanged: !ended || mayHaveChanged(report), ...(found && { found }) };
}

/** Once the change was begun, only the other side's own refusal says that it did not happen. */
function mayHaveChanged({ steps, outcome, reason }: TestReport): boolean {
  const change = steps.find(({ id, status }) => id === "change" && status !== "skipped");
  return (
    change !== undefined &&
    (outcome === "ok" || change.status === "ok" || outcome === "unreachable" || reason === "unexpected")
  );
}
