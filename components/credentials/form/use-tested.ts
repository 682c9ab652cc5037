"use client";

import { useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useNow } from "@/components/ui/time";
import type { TestRequest } from "@/lib/credentials/input";
import type { Outcome, TestReport, TestStep } from "@/lib/providers/report";
import { useConnectionTest } from "../test/use-connection-test";
import type { CredentialValues } from "./values";

/** A receipt is good for ten minutes; a little less here, so that a save is not overtaken by its end. */
const GOOD_MS = 9.5 * 60_000;

interface Tested {
  signature: string;
  at: number;
  outcome: Outcome;
  receipt: string | null;
}

export type Freshness = { state: "none" | "changed" | "old" } | { state: "fresh"; at: number; outcome: Outcome };

interface Options {
  form: UseFormReturn<CredentialValues>;
  /** The test of what is typed now. */
  requestOf: (values: CredentialValues) => TestRequest;
  /** What is typed now. */
  values: CredentialValues;
}

/** Knows whether the values in the form are those that were tested, and holds the proof of it. */
export function useTested({ form, requestOf, values }: Options) {
  const { state, start, cancel } = useConnectionTest();
  const [tested, setTested] = useState<Tested | null>(null);
  const now = useNow();

  /** `asEntered`: also what was stopped because it looks like a placeholder. */
  const runTest = async (asEntered = false): Promise<Tested | undefined> => {
    if (!(await form.trigger("data"))) {
      focusFirstProblem(form);
      return undefined;
    }
    const request = requestOf(form.getValues());
    const result = await start({ ...request, ...(asEntered && { asEntered }) });
    if (!result?.ok) {
      if (result) markRefused(form, result.error.fields);
      return undefined;
    }
    const { report, receipt } = result.value;
    const done = { signature: JSON.stringify(request), at: Date.now(), outcome: report.outcome, receipt };
    setTested(done);
    markFailedStep(form, report.steps);
    return done;
  };
  const forget = () => {
    cancel();
    setTested(null);
  };
  return { run: state, runTest, cancel, forget, tested, freshness: judge() };

  function judge(): Freshness {
    if (!tested) return { state: "none" };
    if (tested.signature !== JSON.stringify(requestOf(values))) return { state: "changed" };
    return now - tested.at > GOOD_MS ? { state: "old" } : { state: "fresh", at: tested.at, outcome: tested.outcome };
  }
}

/** Nothing was sent: a value looks as if it were not the one that is meant. */
export const isStoppedByDoubt = ({ reason, steps }: TestReport): boolean =>
  steps.length === 1 && (reason === "placeholder" || reason === "other_value");

export const passed = (outcome: Outcome): boolean => outcome === "ok" || outcome === "degraded";

/** Brings the first field with a problem into view, also out of a fold that opens because of it. */
export function focusFirstProblem(form: UseFormReturn<CredentialValues>): void {
  const { name, data } = form.formState.errors;
  const first = name ? ("name" as const) : data && (`data.${Object.keys(data)[0]}` as const);
  if (first) requestAnimationFrame(() => form.setFocus(first));
}

export function markFailedStep(form: UseFormReturn<CredentialValues>, steps: TestStep[]): void {
  const step = steps.find((one) => one.status === "failed");
  if (step?.field && step.meaning) form.setError(`data.${step.field}`, { type: "test", message: step.meaning });
}

function markRefused(
  form: UseFormReturn<CredentialValues>,
  fields: { path: (string | number)[]; message: string; code: string }[],
): void {
  for (const { path, message, code } of fields) {
    if (path[0] === "credentials") form.setError(`data.${path[1]}`, { type: code, message });
  }
}
