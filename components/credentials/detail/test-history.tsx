"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight, PlugZap } from "lucide-react";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/class-names";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { took } from "@/components/ui/time-words";
import type { StoredTest } from "@/lib/vocabulary/credential-view";
import { outcomeIcons, toneText } from "../health";
import { outcomeMessages, sentence } from "../messages";
import { testsOptions } from "../queries";
import { StepList } from "../test/step-list";

/** The last twenty tests, the newest one unfolded. */
export function TestHistory({ id }: { id: string }) {
  const tests = useQuery(testsOptions(id));
  if (tests.isPending) return <Skeleton className="h-40" />;
  if (tests.isError) {
    return (
      <RefusalCallout
        error={refusalOf(tests.error)}
        actions={<Button onClick={() => void tests.refetch()}>Try again</Button>}
      />
    );
  }
  if (tests.data.length === 0) {
    return (
      <TableFrame>
        <Empty icon={PlugZap} title="Never tested">
          Where a test is possible, the button “Test” above signs in with the stored values and keeps the result here.
        </Empty>
      </TableFrame>
    );
  }
  return (
    <section aria-label="The last tests">
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {tests.data.map((test, index) => (
          <li key={test.id}>
            <OneTest test={test} open={index === 0} />
          </li>
        ))}
      </ul>
      <p className="mt-2 text-soft text-sm">The last 20 tests are kept here; the audit log keeps all.</p>
    </section>
  );
}

function OneTest({ test, open }: { test: StoredTest; open: boolean }) {
  const { word, tone } = outcomeMessages[test.outcome];
  const Icon = outcomeIcons[test.outcome];
  const of = test.testedVersion === null ? "values that were not saved" : "the values stored then";
  return (
    <details open={open} className="group/test">
      <summary className="flex list-none flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2.5 -outline-offset-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 text-soft transition-transform group-open/test:rotate-90" />
        <span className={cn("inline-flex items-center gap-1.5 font-medium", toneText[tone])}>
          <Icon aria-hidden className="size-4" />
          {word}
          {test.reason && `: ${sentence(test.reason).toLowerCase()}`}
        </span>
        <span className="text-soft text-sm">
          <Time at={test.at} /> by {test.actorName} · {of} · {took(test.durationMs)}
        </span>
      </summary>
      <div className="px-4 pb-4 sm:pl-11">
        <StepList steps={test.steps} />
      </div>
    </details>
  );
}
