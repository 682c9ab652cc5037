"use client";

import type { ReactNode } from "react";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { cn } from "@/components/ui/class-names";
import { Spinner } from "@/components/ui/spinner";
import { useNow } from "@/components/ui/time";
import { took } from "@/components/ui/time-words";
import type { TestStep } from "@/lib/providers/report";
import { outcomeIcons, toneText } from "../health";
import { outcomeMessages } from "../messages";
import { StepList } from "./step-list";
import type { TestRun } from "./use-connection-test";

interface Props {
  run: TestRun;
  /** What stands here before the first test. */
  idle?: ReactNode;
}

/** A test as it runs and when it has run. Its outcome is read out; the single steps are there to be read. */
export function TestReport({ run, idle }: Props) {
  return (
    <div>
      <p role="status" className="sr-only">
        {spoken(run)}
      </p>
      {run.phase === "idle" && idle}
      {run.phase === "running" && <Running steps={run.steps} since={run.since} />}
      {run.phase === "refused" && (
        <RefusalCallout error={run.error} extra={run.error.fields.map((field) => field.message)} />
      )}
      {run.phase === "done" && (
        <div className="space-y-3">
          <OutcomeLine run={run} />
          <StepList steps={run.report.steps} />
        </div>
      )}
    </div>
  );
}

function spoken(run: TestRun): string {
  if (run.phase === "running") return "The connection test is running";
  return run.phase === "done" ? `Connection test finished. ${outcomeMessages[run.report.outcome].sentence}.` : "";
}

function Running({ steps, since }: { steps: TestStep[]; since: number }) {
  const seconds = Math.max(0, Math.round((useNow(1_000) - since) / 1_000));
  return (
    <div className="space-y-2">
      <StepList steps={steps} />
      <p className="flex items-center gap-2 text-soft">
        <Spinner /> {steps.length === 0 ? "Testing…" : "Next step…"}
        {seconds > 0 && <span className="text-xs tabular-nums">{seconds} s</span>}
      </p>
    </div>
  );
}

function OutcomeLine({ run }: { run: Extract<TestRun, { phase: "done" }> }) {
  const { sentence, tone } = outcomeMessages[run.report.outcome];
  const Icon = outcomeIcons[run.report.outcome];
  return (
    <p className={cn("flex items-center gap-2 font-semibold", toneText[tone])}>
      <Icon aria-hidden className="size-4.5" />
      <span>{sentence}</span>
      <span className="font-normal text-soft text-xs tabular-nums">{took(run.report.durationMs)} in all</span>
    </p>
  );
}
