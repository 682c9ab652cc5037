"use client";

import { CircleCheck, CircleDashed, Minus, PlugZap, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import { StickyBar } from "@/components/ui/sticky-bar";
import { useNow } from "@/components/ui/time";
import { ago } from "@/components/ui/time-words";
import { outcomeMessages } from "../messages";
import { showTestReport } from "./test-panel";
import { type Freshness, passed, type useTested } from "./use-tested";

interface Props {
  /** Undefined for what cannot be tested. */
  tested: ReturnType<typeof useTested> | undefined;
  /** In an edit: no value differs from what is stored. */
  unchanged?: boolean;
  /** The organisation saves only what passed its test. */
  mustTest: boolean;
  busy: boolean;
  back: string;
}

/** Always in view: whether these very values were tested, the test where there is no room for it beside the form, and Save. */
export function SaveBar({ tested, unchanged = false, mustTest, busy, back }: Props) {
  const freshness = tested?.freshness;
  const testFirst = mustTest && freshness !== undefined && !(freshness.state === "fresh" && passed(freshness.outcome));
  return (
    <StickyBar
      status={
        !tested || !freshness ? (
          <>
            <Minus aria-hidden className="size-4 text-soft" /> Cannot be tested
          </>
        ) : unchanged && freshness.state === "none" && tested.run.phase === "idle" ? (
          "No value changed"
        ) : (
          <Tested freshness={freshness} running={tested.run.phase === "running"} />
        )
      }
    >
      {tested && <TestHere tested={tested} />}
      <Button asChild>
        <Link href={back}>Cancel</Link>
      </Button>
      <Button variant="primary" type="submit" busy={busy}>
        {testFirst ? "Test and save" : "Save"}
      </Button>
    </StickyBar>
  );
}

/** The test in reach of a thumb, where its panel stands under the whole form. */
function TestHere({ tested: { run, runTest, cancel } }: { tested: ReturnType<typeof useTested> }) {
  const running = run.phase === "running";
  return (
    <>
      {(run.phase === "done" || run.phase === "refused") && (
        <Button variant="quiet" className="lg:hidden" onClick={showTestReport}>
          Report
        </Button>
      )}
      {running ? (
        <Button className="lg:hidden" onClick={cancel}>
          Cancel the test
        </Button>
      ) : (
        <Button className="lg:hidden" onClick={() => void runTest()}>
          <PlugZap aria-hidden />
          {run.phase === "done" ? "Test again" : "Test"}
        </Button>
      )}
    </>
  );
}

function Tested({ freshness, running }: { freshness: Freshness; running: boolean }) {
  const now = useNow();
  if (running) {
    return (
      <>
        <Spinner /> Testing…
      </>
    );
  }
  if (freshness.state === "fresh") {
    const { sentence, tone } = outcomeMessages[freshness.outcome];
    const Icon = passed(freshness.outcome) ? CircleCheck : TriangleAlert;
    return (
      <>
        <Icon
          aria-hidden
          className={tone === "good" ? "size-4 text-good" : tone === "bad" ? "size-4 text-bad" : "size-4 text-warn"}
        />
        Tested {ago(new Date(freshness.at).toISOString(), now)}: {sentence.charAt(0).toLowerCase() + sentence.slice(1)}
      </>
    );
  }
  const words = {
    none: "Not tested",
    changed: "Changed since the test",
    old: "Tested more than ten minutes ago: test again",
  };
  return (
    <>
      <CircleDashed aria-hidden className="size-4 text-soft" />
      {words[freshness.state]}
    </>
  );
}
