"use client";

import { PlugZap } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import type { Method } from "@/lib/providers/define";
import { TestReport } from "../test/test-report";
import { isStoppedByDoubt, type useTested } from "./use-tested";
import { type CredentialValues, isTestableNow, missingForTest } from "./values";

interface Props {
  method: Method | undefined;
  values: CredentialValues;
  tested: ReturnType<typeof useTested>;
}

/** The test beside the form: it works before anything is saved. */
export function TestAside({ method, values, tested }: Props) {
  if (isTestableNow(method, values)) return <TestPanel tested={tested} />;
  const missing = method?.testable ? missingForTest(method, values) : undefined;
  return (
    <Card title="Connection test">
      <p className="text-soft">
        {missing
          ? `Without “${missing.label}” there is nowhere to test against. Fill it in, or check the values before you save.`
          : "Latchkey cannot test this kind of credential. Check the values before you save."}
      </p>
    </Card>
  );
}

const PANEL = "connection-test";

/** Brings the report into view and the focus to it, from where it is out of sight. */
export function showTestReport(): void {
  const panel = document.getElementById(PANEL);
  panel?.scrollIntoView({ block: "start" });
  panel?.focus({ preventScroll: true });
}

function TestPanel({ tested: { run, runTest, cancel, freshness } }: Pick<Props, "tested">) {
  const running = run.phase === "running";
  return (
    <Card
      title="Connection test"
      actions={
        // Where the panel stands under the form, the bar has these.
        <div className="flex gap-2 max-lg:hidden">
          {running && (
            <Button size="small" onClick={cancel}>
              Cancel the test
            </Button>
          )}
          <Button size="small" busy={running} onClick={() => void runTest()}>
            {!running && <PlugZap aria-hidden />}
            {run.phase === "done" ? "Test again" : "Test"}
          </Button>
        </div>
      }
    >
      <div id={PANEL} tabIndex={-1} className="min-h-32 scroll-mt-28 scroll-mb-28 outline-none">
        {freshness.state === "changed" && run.phase === "done" && (
          <p className="mb-3 rounded-md bg-warn-soft px-2.5 py-1.5 text-sm text-warn">
            You changed values since this test.
          </p>
        )}
        <TestReport
          run={run}
          idle={
            <p className="text-soft">
              Signs in with the values in the form and tells each step. Nothing is saved by it.
            </p>
          }
        />
        {run.phase === "done" && isStoppedByDoubt(run.report) && (
          <p className="mt-3 flex flex-wrap items-center gap-2">
            Nothing was sent. <Button onClick={() => void runTest(true)}>Test as entered</Button>
          </p>
        )}
      </div>
    </Card>
  );
}
