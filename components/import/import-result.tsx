"use client";

import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Segmented } from "@/components/ui/segmented";
import { type ImportOutcome, type ImportReport, importOutcomes, outcomeWord } from "@/lib/vocabulary/import-report";
import { ReportTable } from "./report-table";
import { TestAllCallout } from "./test-all";
import { useTestAll } from "./use-test-all";

interface Props {
  report: ImportReport;
  /** Of a preview: goes through with it. */
  onImport: () => void;
}

/** What would happen, or happened, to each row. */
export function ImportResult({ report, onImport }: Props) {
  const { rows, counts, dryRun } = report;
  const [only, show] = useState<ImportOutcome | "all">("all");
  const tests = useTestAll();
  const title = useRef<HTMLHeadingElement>(null);
  // The result stands below the form: whoever works by keyboard or screen reader is taken to it.
  useEffect(() => title.current?.focus(), []);
  const shown = only === "all" ? rows : rows.filter(({ outcome }) => outcome === only);
  const present = importOutcomes.filter((outcome) => counts[outcome] > 0);
  return (
    <section aria-labelledby="import-result" className="space-y-3">
      <h2 id="import-result" ref={title} tabIndex={-1} className="font-semibold text-lg outline-none">
        {dryRun ? "Preview" : "Result"}
      </h2>
      <Sum report={report} onImport={onImport} />
      {!dryRun && <TestAllCallout rows={rows} tests={tests} />}
      {rows.length > 0 && (
        <>
          <Segmented
            label="Show rows"
            value={only}
            options={[
              { value: "all", label: `All ${rows.length}` },
              ...present.map((outcome) => ({
                value: outcome,
                label: `${outcomeWord(outcome, dryRun)} ${counts[outcome]}`,
              })),
            ]}
            onChange={show}
          />
          <ReportTable key={only} rows={shown} dryRun={dryRun} tested={tests.state.results} />
        </>
      )}
    </section>
  );
}

function Sum({ report: { rows, counts, dryRun }, onImport }: Props) {
  const left = rows.length - counts.imported - counts.present;
  const leftWords = left > 0 ? `${count(left)} ${dryRun ? "cannot" : "could not"} be taken; the table says why.` : "";
  if (!dryRun) {
    return (
      <Callout
        tone={left > 0 ? "warn" : "good"}
        title={`${count(counts.imported)} imported`}
        actions={
          <Button asChild size="small">
            <Link href="/credentials">To the credentials</Link>
          </Button>
        }
      >
        {leftWords || "The table says what is left to do for each."}
      </Callout>
    );
  }
  if (counts.imported === 0) {
    return (
      <Callout tone={left > 0 ? "warn" : "info"} title="There is nothing to import">
        {leftWords || (rows.length === 0 ? "The source holds no credentials." : "Everything in it is here already.")}
      </Callout>
    );
  }
  return (
    <Callout
      tone={left > 0 ? "warn" : "info"}
      title={`${count(counts.imported)} can be imported`}
      actions={
        <Button variant="primary" onClick={onImport}>
          Import {count(counts.imported)}
        </Button>
      }
    >
      {leftWords || "Nothing has been changed yet."}
    </Callout>
  );
}

const count = (number: number) => `${number} ${number === 1 ? "credential" : "credentials"}`;
