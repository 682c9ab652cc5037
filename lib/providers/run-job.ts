import "server-only";
import { env } from "@/lib/platform/env";
import { withManagedDatabase } from "@/lib/platform/net/managed-database";
import { outboundPolicy } from "@/lib/platform/net/operator-policy";
import type { OutboundPolicy } from "@/lib/platform/net/policy";
import { Refusal } from "@/lib/platform/refusal";
import { traced } from "@/lib/platform/tracing";
import { isOfNetwork, type StepId, type TestReport, type TestStep } from "./report";
import { cutStep, type Problem, TIMED_OUT } from "./test-run";
import { type RunEnd, run } from "./worker/child";
import type { Job, TestSettings } from "./worker/protocol";

/** What a test may use: ten seconds for the other side, five of them to connect, and 256 KiB from there. */
const LIMITS = { totalMs: 10_000, connectMs: 5_000, maxInboundBytes: 256 * 1024 };
/** The worker ends by itself in time; past this it hangs and is killed. */
const GRACE_MS = 500;
/** Longest that a busy machine may take up to the first word to the other side. What a key may cost is bounded in the worker. */
const BEFORE_MS = 60_000;

export interface JobOptions {
  provider: string;
  onStep?: (step: TestStep) => void;
  signal?: AbortSignal;
  policy?: OutboundPolicy;
}

export interface JobEnd {
  report: TestReport;
  found?: Record<string, string>;
  /** The worker told the whole of it, rather than being cut off. */
  ended: boolean;
}

/**
 * Lets a worker do a job, and makes a report of however it ends.
 * @throws Refusal "unavailable" when it ended, for no fault of the values, before anything was sent
 */
export async function runJob(jobOf: (settings: TestSettings) => Job, options: JobOptions): Promise<JobEnd> {
  const startedAt = performance.now();
  const progress = new Progress(startedAt, options.onStep);
  const job = run(jobOf(settingsFor(options)), (answer) => {
    if (answer.kind === "begin") progress.begin(answer.step, () => job.kill());
    if (answer.kind === "step") progress.done(answer.step);
  });
  const { signal } = options;
  progress.killIn(BEFORE_MS, () => job.kill());
  signal?.addEventListener("abort", job.kill, { once: true });
  if (signal?.aborted) job.kill();
  const end = await traced("outbound", { worker: "test" }, () => job.end).finally(() => {
    progress.stop();
    signal?.removeEventListener("abort", job.kill);
  });
  const { answer } = end;
  if (answer?.kind === "report")
    return { report: answer.report, ended: true, ...(answer.found && { found: answer.found }) };
  return { report: progress.cutBy(signal?.aborted ? CANCELLED : whyCut(progress, end)), ended: false };
}

const settingsFor = ({ provider, policy = outboundPolicy() }: JobOptions): TestSettings => ({
  policy: provider === "internal_postgresql" ? withManagedDatabase(policy) : policy,
  sshLegacyAlgorithms: env().SSH_LEGACY_ALGORITHMS,
  apis: { google: env().GOOGLE_API_URL, microsoft: env().MICROSOFT_GRAPH_URL },
  awsEndpoint: env().AWS_ENDPOINT,
  ...LIMITS,
});

/** How far a job got, and its time: that of the other side runs from the first word to it. */
class Progress {
  reached = false;
  timedOut = false;
  private readonly steps: TestStep[] = [];
  private current: { id: StepId; startedAt: number };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly startedAt: number,
    private readonly onStep: ((step: TestStep) => void) | undefined,
  ) {
    this.current = { id: "values", startedAt };
  }

  begin(id: StepId, kill: () => void): void {
    this.current = { id, startedAt: performance.now() };
    if (this.reached || !isOfNetwork(id)) return;
    this.reached = true;
    this.killIn(LIMITS.totalMs + GRACE_MS, kill);
  }

  killIn(ms: number, kill: () => void): void {
    this.stop();
    this.timer = setTimeout(() => {
      this.timedOut = true;
      kill();
    }, ms);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  done(step: TestStep): void {
    this.steps.push(step);
    this.show(step);
  }

  cutBy(problem: Problem): TestReport {
    const last = cutStep(this.current.id, Math.round(performance.now() - this.current.startedAt), problem);
    this.show(last);
    return {
      outcome: problem.outcome,
      reason: problem.code,
      steps: [...this.steps, last],
      durationMs: Math.round(performance.now() - this.startedAt),
      facts: {},
    };
  }

  private show(step: TestStep): void {
    try {
      this.onStep?.(step);
    } catch {
      // Whoever watched has gone away; the test goes on for whoever waits for the report.
    }
  }
}

/** Before the first word to the other side only the key's own cost is the values' fault; afterwards it is about the other side. */
function whyCut({ reached, timedOut }: Progress, { tooCostly }: RunEnd): Problem {
  if (reached) return timedOut ? TIMED_OUT : CRASHED;
  if (tooCostly) return KEY_TOO_COSTLY;
  throw new Refusal("unavailable", "The test could not be run just now. Try again in a moment.", {
    retryAfterSeconds: 5,
  });
}

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
