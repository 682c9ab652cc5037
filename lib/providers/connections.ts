import "server-only";
import { env } from "@/lib/env";
import { withManagedDatabase } from "@/lib/net/managed-database";
import { outboundPolicy } from "@/lib/net/operator-policy";
import type { OutboundPolicy } from "@/lib/net/policy";
import { invalidField } from "@/lib/refusal";
import { type CredentialData, type CredentialType, isTestable } from "./define";
import { findMethod } from "./index";
import type { Step, StepId, TestReport } from "./report";
import { cutStep, type Problem, TIMED_OUT } from "./trail";
import { run } from "./worker/child";
import type { Job, TestSettings } from "./worker/protocol";
import { takeSlot } from "./worker/slots";

/** What a test may use: ten seconds, five of them to connect, and 256 KiB from the other side. */
const LIMITS = { totalMs: 10_000, connectMs: 5_000, maxInboundBytes: 256 * 1024 };
/** The worker ends by itself in time; past this it hangs and is killed. */
const GRACE_MS = 500;

export interface TestOptions {
  orgId: string;
  /** Called as each step is done, for showing progress. */
  onStep?: (step: Step) => void;
  signal?: AbortSignal;
  /** Another policy than the operator's settings make; for tests. */
  policy?: OutboundPolicy;
}

/**
 * Tries a credential out against the real system. Stores nothing. Whatever the other side does is an answer, not an error.
 * @throws Refusal "invalid" where no test exists, "too_many_requests" when too many run, "unavailable" without a worker
 */
export async function testConnection(
  provider: string,
  type: CredentialType,
  data: CredentialData,
  options: TestOptions,
): Promise<TestReport> {
  const method = findMethod(provider, type);
  if (!method || !isTestable(method, data)) throw invalidField("provider", "Credentials of this kind cannot be tested");
  return inSlot(options.orgId, async () => {
    const { report } = await runJob((settings) => ({ kind: "test", provider, data, settings }), {
      provider,
      ...options,
    });
    return report;
  });
}

/**
 * Does work that reaches out for an organisation, in one of the places that it has for that.
 * @throws Refusal "too_many_requests" when none is free
 */
export async function inSlot<T>(orgId: string, work: () => Promise<T>): Promise<T> {
  const giveBack = takeSlot(orgId);
  try {
    return await work();
  } finally {
    giveBack();
  }
}

/**
 * Signs in with these values as a test does, as part of work that has its place already.
 * @throws Refusal "unavailable" without a worker
 */
export const tryAt = async (
  provider: string,
  data: CredentialData,
  options: Pick<TestOptions, "onStep" | "policy"> = {},
): Promise<TestReport> =>
  (await runJob((settings) => ({ kind: "test", provider, data, settings }), { provider, ...options })).report;

/** What an act came to. */
export interface ActReport {
  report: TestReport;
  /** Whether anything may have been changed at the other side. */
  mayHaveChanged: boolean;
  /** What the act answers, if it got to its end. */
  found?: Record<string, string>;
}

/**
 * Changes something at the other side, as a provider's `acts` say, within the limits of a test. Stores nothing.
 * @throws Refusal "unavailable" without a worker, before anything is sent
 */
export async function actAt(
  {
    provider,
    act,
    data,
    extra = {},
  }: { provider: string; act: string; data: CredentialData; extra?: Record<string, string> },
  options: Pick<TestOptions, "onStep" | "policy"> = {},
): Promise<ActReport> {
  const { report, found, ended } = await runJob((settings) => ({ kind: "act", provider, act, data, extra, settings }), {
    provider,
    ...options,
  });
  return { report, mayHaveChanged: !ended || mayHaveChanged(report), ...(found && { found }) };
}

/** Once the change was begun, only the other side's own refusal says that it did not happen. */
function mayHaveChanged({ steps, outcome, reason }: TestReport): boolean {
  const change = steps.find(({ id, status }) => id === "change" && status !== "skipped");
  return change !== undefined && (change.status === "ok" || outcome === "unreachable" || reason === "unexpected");
}

interface JobOptions extends Omit<TestOptions, "orgId"> {
  provider: string;
}

interface JobEnd {
  report: TestReport;
  found?: Record<string, string>;
  /** The worker told the whole of it, rather than being cut off. */
  ended: boolean;
}

async function runJob(
  jobOf: (settings: TestSettings) => Job,
  { provider, onStep, signal, policy = outboundPolicy() }: JobOptions,
): Promise<JobEnd> {
  const startedAt = performance.now();
  const settings: TestSettings = {
    policy: provider === "internal_postgresql" ? withManagedDatabase(policy) : policy,
    sshLegacyAlgorithms: env().SSH_LEGACY_ALGORITHMS,
    apis: { google: env().GOOGLE_API_URL, microsoft: env().MICROSOFT_GRAPH_URL },
    awsEndpoint: env().AWS_ENDPOINT,
    ...LIMITS,
  };
  const steps: Step[] = [];
  const show = (step: Step) => {
    try {
      onStep?.(step);
    } catch {
      // Whoever watched has gone away; the test goes on for whoever waits for the report.
    }
  };
  let current: { id: StepId; startedAt: number } = { id: "values", startedAt };
  const job = run(jobOf(settings), (answer) => {
    if (answer.kind === "begin") current = { id: answer.step, startedAt: performance.now() };
    if (answer.kind !== "step") return;
    steps.push(answer.step);
    show(answer.step);
  });
  const timer = setTimeout(job.kill, LIMITS.totalMs + GRACE_MS);
  signal?.addEventListener("abort", job.kill, { once: true });
  if (signal?.aborted) job.kill();
  const answer = await job.answer.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", job.kill);
  });
  if (answer?.kind === "report")
    return { report: answer.report, ended: true, ...(answer.found && { found: answer.found }) };
  const took = performance.now() - startedAt;
  const problem = signal?.aborted ? CANCELLED : took >= LIMITS.totalMs ? hung(current.id) : CRASHED;
  const last = cutStep(current.id, Math.round(performance.now() - current.startedAt), problem);
  show(last);
  const report: TestReport = {
    outcome: problem.outcome,
    reason: problem.code,
    steps: [...steps, last],
    durationMs: Math.round(took),
    facts: {},
  };
  return { report, ended: false };
}

/** Before anything is sent, only a key's own cost can take this long. */
const hung = (step: StepId): Problem => (step === "values" ? KEY_TOO_COSTLY : TIMED_OUT);

const KEY_TOO_COSTLY: Problem = {
  code: "key_too_costly",
  meaning: "Decrypting the private key takes longer than a test may.",
  advice: "Encrypt it anew with fewer rounds: ssh-keygen -p -a 16.",
  field: "private_key",
  outcome: "failed",
};

const CANCELLED: Problem = {
  code: "cancelled",
  meaning: "The test was called off.",
  advice: "Start it again.",
  outcome: "unreachable",
};

const CRASHED: Problem = {
  code: "test_aborted",
  meaning: "The test ended early: what the other side sent could not be handled.",
  advice: "Check host and port: this is not how the expected server behaves.",
  field: "host",
  outcome: "failed",
};
