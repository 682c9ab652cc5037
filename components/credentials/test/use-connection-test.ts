"use client";

import { useRef, useState } from "react";
import { z } from "zod";
import { refusalIn } from "@/components/feed";
import { refusalBody } from "@/components/feeds/refusal";
import { jsonLines } from "@/components/json-lines";
import { useSessionGuard } from "@/components/session/session-guard";
import { unreachable } from "@/components/session/unreachable";
import type { ActionResult, PublicError } from "@/lib/api/http/public-error";
import type { TestRequest } from "@/lib/credentials/input";
import type { TestReport, TestStep } from "@/lib/providers/report";
import { reportSchema, stepSchema } from "@/lib/providers/report-schema";

export interface TestOutcome {
  report: TestReport;
  /** Goes with the save of these very values. */
  receipt: string | null;
}

export type TestRun =
  | { phase: "idle" }
  | { phase: "running"; steps: TestStep[]; since: number }
  | { phase: "done"; report: TestReport; at: number }
  | { phase: "refused"; error: PublicError };

/** Runs a connection test and shows each step as it ends. */
export function useConnectionTest() {
  const [state, setState] = useState<TestRun>({ phase: "idle" });
  const abort = useRef<AbortController>(undefined);
  const guard = useSessionGuard();

  const start = async (request: TestRequest): Promise<ActionResult<TestOutcome> | undefined> => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    const result = await guard(() => {
      setState({ phase: "running", steps: [], since: Date.now() });
      const onStep = (step: TestStep) =>
        setState((now) => (now.phase === "running" ? { ...now, steps: [...now.steps, step] } : now));
      return runTest(request, onStep, own.signal);
    });
    // Cancelled, or overtaken by a newer test: whoever did that has set the state.
    if (own.signal.aborted) return undefined;
    setState(
      result.ok
        ? { phase: "done", report: result.value.report, at: Date.now() }
        : { phase: "refused", error: result.error },
    );
    return result;
  };
  const cancel = () => {
    abort.current?.abort();
    setState({ phase: "idle" });
  };
  return { state, start, cancel };
}

/** One test, from its first step to its outcome or refusal. */
export async function runTest(
  request: TestRequest,
  onStep: (step: TestStep) => void,
  signal: AbortSignal,
): Promise<ActionResult<TestOutcome>> {
  const answer = await fetch("/credentials/test", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    signal,
  });
  if (!answer.ok || !answer.body) return { ok: false, error: await refusalIn(answer) };
  for await (const told of jsonLines(line, answer.body)) {
    if ("step" in told) onStep(told.step);
    else if ("error" in told) return { ok: false, error: told.error };
    else return { ok: true, value: told };
  }
  return { ok: false, error: unreachable };
}

const line = z.union([
  z.object({ step: stepSchema }),
  z.object({ error: refusalBody }),
  z.object({ report: reportSchema, receipt: z.string().nullable() }),
]);
