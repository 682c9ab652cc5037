import "server-only";
import { aboutValue, type Doubt } from "./doubts";
import { type Outcome, type StepId, stepIds, type TestReport, type TestStep } from "./report";

/** Why a step did not go through, in fixed words: a driver's message may hold secrets, or whatever a hostile peer likes. */
export interface Problem {
  code: string;
  meaning: string;
  advice: string;
  /** The form field to look at. */
  field?: string;
  outcome: Exclude<Outcome, "ok">;
}

/** Thrown inside a step to end it with a problem. */
export class StepError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

/** What a step that succeeds may say about itself. */
export interface StepDetails {
  detail?: string;
  /** It worked, and somebody should still look at it. */
  warning?: Omit<Problem, "outcome">;
}

export interface TestRunOptions {
  /** Ends every step, so that no test outlives its time. */
  signal: AbortSignal;
  onBegin?: (id: StepId) => void;
  onStep?: (step: TestStep) => void;
}

const LABELS: Record<StepId, string> = {
  renew: "Get access",
  values: "Check the values",
  resolve: "Look up the host name",
  address: "Check the address",
  connect: "Connect",
  tls: "Encrypt the connection",
  host_key: "Check the server's host key",
  sign_in: "Sign in",
  permission: "Check permissions",
  quota: "Ask what may be sent",
  from_address: "Check the from address",
  configuration_set: "Check the configuration set",
  change: "Change it on the server",
};

/** Walks through the steps of one connection test and writes the report. After a failed step nothing further runs. */
export class TestRun {
  readonly facts: TestReport["facts"] = {};
  /** Which form field a problem's field is called in the form that was used; empty where the form has none. */
  fieldInForm: (field: string) => string = (field) => field;
  /** The names of a form whose provider is tested as another one is: by that one's names. */
  renames: Record<string, string> = {};
  /** What a problem that any kind may have means in this one, by its code. */
  words: Readonly<Record<string, Pick<Problem, "meaning" | "advice">>> = {};
  /** What is doubtful about the values: worth a word where they are looked at, and where they are refused. */
  doubts: readonly Doubt[] = [];
  private readonly steps: TestStep[] = [];
  private readonly startedAt = performance.now();
  private outcome: Outcome = "ok";
  private reason: string | undefined;

  constructor(
    private readonly plan: readonly StepId[],
    private readonly options: TestRunOptions,
  ) {}

  get signal(): AbortSignal {
    return this.options.signal;
  }

  /** Runs one step. @throws StepFailure when it fails, which ends the test */
  async step<T>(id: StepId, run: (notes: StepDetails) => T | Promise<T>): Promise<T> {
    this.options.onBegin?.(id);
    const startedAt = performance.now();
    const notes: StepDetails = {};
    try {
      const value = await this.inTime(async () => run(notes));
      this.record({ id, status: notes.warning ? "warning" : "ok", startedAt, notes });
      return value;
    } catch (error) {
      const general = error instanceof StepError ? error.problem : UNEXPECTED;
      const problem = { ...general, ...this.words[general.code] };
      // After one limit there may be another; the first is the one to name.
      if (this.outcome === "ok" || problem.outcome !== "degraded") {
        this.outcome = problem.outcome;
        this.reason = problem.code;
      }
      const status = problem.outcome === "degraded" ? "warning" : "failed";
      this.record({ id, status, startedAt, notes: { ...notes, warning: problem } });
      throw new StepError(problem);
    }
  }

  /** The report so far; what the plan holds beyond the last step counts as skipped. */
  report(): TestReport {
    const done = new Set(this.steps.map(({ id }) => id));
    const skipped = stepIds.filter((id) => this.plan.includes(id) && !done.has(id)).map(skippedStep);
    return {
      outcome: this.outcome,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      steps: [...this.steps, ...skipped],
      durationMs: elapsed(this.startedAt),
      facts: this.facts,
    };
  }

  private async inTime<T>(run: () => Promise<T>): Promise<T> {
    const { signal } = this.options;
    if (signal.aborted) throw new StepError(TIMED_OUT);
    let onAbort: (() => void) | undefined;
    const expired = new Promise<never>((_, reject) => {
      onAbort = () => reject(new StepError(TIMED_OUT));
      signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      return await Promise.race([run(), expired]);
    } finally {
      if (onAbort) signal.removeEventListener("abort", onAbort);
    }
  }

  /** What the values' own step says of them. Of spaces nothing: some passwords have them, and nobody asked for a warning. */
  private doubtful(): StepDetails["warning"] {
    const doubt = this.doubts.find(({ code }) => code !== "space_around");
    return doubt && doubtfulValue(doubt);
  }

  private named = (field: string): string => this.renames[field] ?? field;

  private record(done: { id: StepId; status: TestStep["status"]; startedAt: number; notes: StepDetails }): void {
    const { detail, warning = done.id === "values" ? this.doubtful() : undefined } = done.notes;
    const field = warning?.field && this.named(this.fieldInForm(warning.field));
    const isRefused = warning?.code === "wrong_credentials";
    const doubt = isRefused ? this.doubts.find((one) => one.field === field) : undefined;
    const step: TestStep = {
      id: done.id,
      label: LABELS[done.id],
      status: warning && done.status === "ok" ? "warning" : done.status,
      durationMs: elapsed(done.startedAt),
      ...(detail === undefined ? {} : { detail }),
      ...(warning ? { code: warning.code, meaning: warning.meaning, advice: adviceWith(warning, doubt) } : {}),
      ...(field ? { field } : {}),
    };
    this.steps.push(step);
    this.options.onStep?.(step);
  }
}

const adviceWith = ({ advice }: { advice: string }, doubt: Doubt | undefined) =>
  doubt ? `${advice} ${aboutValue(doubt)}` : advice;

/** A value that was looked at before anything was sent, in the words of a step. */
export const doubtfulValue = (doubt: Doubt): Problem => ({
  code: doubt.code,
  meaning: aboutValue(doubt),
  advice: doubt.certain ? "Correct it; or test it as it is, if it is right." : "If it is right, nothing need be done.",
  field: doubt.field,
  outcome: "failed",
});

const skippedStep = (id: StepId): TestStep => ({ id, label: LABELS[id], status: "skipped", durationMs: 0 });

/** A step that was taken outside a test run, and went well. */
export const passedStep = (id: StepId, durationMs: number, detail: string): TestStep => ({
  id,
  label: LABELS[id],
  status: "ok",
  durationMs,
  detail,
});

/** One that went well, and somebody should still look at it. */
export const warnedStep = (id: StepId, durationMs: number, warning: Omit<Problem, "outcome">): TestStep => ({
  id,
  label: LABELS[id],
  status: "warning",
  durationMs,
  ...warning,
});

/** A step that was cut off from outside, together with what stopped it. */
export const cutStep = (id: StepId, durationMs: number, problem: Problem): TestStep => ({
  id,
  label: LABELS[id],
  status: "failed",
  durationMs,
  code: problem.code,
  meaning: problem.meaning,
  advice: problem.advice,
  ...(problem.field ? { field: problem.field } : {}),
});

export const TIMED_OUT: Problem = {
  code: "timeout",
  meaning: "The other side did not finish this step in the time that a test may take.",
  advice: "Try again; if it stays, look at the server's load and at firewalls on the way.",
  outcome: "unreachable",
};

const UNEXPECTED: Problem = {
  code: "unexpected",
  meaning: "The test could not make sense of what happened in this step.",
  advice: "Check host and port, and the server's own log at this time.",
  outcome: "failed",
};

const elapsed = (startedAt: number) => Math.round(performance.now() - startedAt);
