"use client";

import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { ReportRow } from "@/lib/vocabulary/import-report";
import type { TestAll, useTestAll } from "./use-test-all";

interface Props {
  rows: ReportRow[];
  tests: ReturnType<typeof useTestAll>;
}

/** What can be tested of what came in. */
export const testableIds = (rows: ReportRow[]): string[] =>
  rows.flatMap(({ testable, credentialId }) => (testable && credentialId !== null ? [credentialId] : []));

/** Offers to test all that can be tested, and says how far it is and how it ended. */
export function TestAllCallout({ rows, tests: { state, start, stop } }: Props) {
  const ids = testableIds(rows);
  if (ids.length === 0) return null;
  const running = state.phase === "running";
  return (
    <Callout
      tone={toneOf(state)}
      live
      title={titleOf(state, ids.length)}
      actions={
        running ? (
          <Button size="small" onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button size="small" onClick={() => void start(ids)}>
            {state.phase === "idle" ? "Test all that can be tested" : "Test all again"}
          </Button>
        )
      }
    >
      {running
        ? "Each signs in with its stored values. Leaving this page stops it."
        : state.phase === "idle"
          ? "An import tests nothing. Each test signs in with the stored values and changes nothing else."
          : "The table says how each ended. One that fails keeps its values: correct them on its page."}
    </Callout>
  );
}

const finished = ({ results }: TestAll) => [...results.values()].filter((result) => result !== "running");
const works = (state: TestAll) => finished(state).filter((one) => "outcome" in one && one.outcome === "ok").length;

function titleOf(state: TestAll, all: number): string {
  const done = finished(state).length;
  switch (state.phase) {
    case "idle":
      return `${all} of what came in can be tested`;
    case "running":
      return `${done} of ${all} tested`;
    case "stopped":
      return `Stopped: ${done} of ${all} tested, ${works(state)} work`;
    case "done":
      return `${all} tested, ${works(state)} work`;
  }
}

function toneOf(state: TestAll): "info" | "good" | "warn" {
  if (state.phase !== "done") return "info";
  return works(state) === state.results.size ? "good" : "warn";
}
