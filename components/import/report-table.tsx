"use client";

import Link from "next/link";
import { useState } from "react";
import { toneText } from "@/components/credentials/health";
import { outcomeMessages, sentence } from "@/components/credentials/messages";
import { type Column, ListTable } from "@/components/list/list-table";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/class-names";
import { Spinner } from "@/components/ui/spinner";
import { type ImportOutcome, outcomeWord, type ReportRow } from "@/lib/vocabulary/import-report";
import type { TestedRow } from "./use-test-all";

const tones: Record<ImportOutcome, Tone> = {
  imported: "good",
  present: "plain",
  undecryptable: "bad",
  unacceptable: "bad",
  over_limit: "warn",
};

/** Rows drawn at once; a database may hold thousands. */
const STEP = 200;

interface Props {
  rows: ReportRow[];
  dryRun: boolean;
  /** How the tests of what came in ended, by the credential's id. */
  tested: ReadonlyMap<string, TestedRow>;
}

export function ReportTable({ rows, dryRun, tested }: Props) {
  const [upTo, setUpTo] = useState(STEP);
  return (
    <>
      <ListTable
        label="Rows of the source"
        columns={columnsOf({ dryRun, testOf: ({ credentialId }) => tested.get(credentialId ?? "") })}
        rows={rows.slice(0, upTo)}
        // An id may stand twice in a source, and rows never move.
        keyOf={(_, index) => index}
        empty={<p className="px-2.5 py-2 text-soft">The source has no rows.</p>}
      />
      {rows.length > upTo && (
        <Button size="small" onClick={() => setUpTo(upTo + STEP)}>
          Show {Math.min(STEP, rows.length - upTo)} more of {rows.length}
        </Button>
      )}
    </>
  );
}

interface Parts {
  dryRun: boolean;
  testOf: (row: ReportRow) => TestedRow | undefined;
}

function columnsOf({ dryRun, testOf }: Parts): Column<ReportRow>[] {
  return [
    {
      id: "credential",
      head: "Credential",
      cellClass: "align-top",
      cell: (row) => (
        <>
          <Name row={row} />
          <span className="wrap-anywhere block text-soft text-xs">{row.sourceId}</span>
          <span className="block text-soft text-xs md:hidden">{row.provider ?? row.kind}</span>
          <Notes row={row} tested={testOf(row)} className="mt-1 lg:hidden" />
        </>
      ),
    },
    {
      id: "becomes",
      head: "Becomes",
      className: "w-44 max-md:hidden",
      cellClass: "wrap-anywhere align-top text-soft",
      cell: ({ provider, kind }) => provider ?? kind,
    },
    {
      id: "outcome",
      head: dryRun ? "What would happen" : "What happened",
      className: "w-44 max-sm:w-34",
      cellClass: "align-top",
      cell: (row) => <Outcome row={row} dryRun={dryRun} tested={testOf(row)} />,
    },
    {
      id: "notes",
      head: "Notes and what is next",
      className: "w-2/5 max-lg:hidden",
      cellClass: "align-top",
      cell: (row) => <Notes row={row} tested={testOf(row)} />,
    },
  ];
}

interface LineProps {
  row: ReportRow;
  tested: TestedRow | undefined;
}

const Outcome = ({ row, dryRun, tested }: LineProps & { dryRun: boolean }) => (
  <>
    <Badge tone={tones[row.outcome]}>{outcomeWord(row.outcome, dryRun)}</Badge>
    {tested && <Tested result={tested} />}
  </>
);

const Name = ({ row }: { row: ReportRow }) =>
  row.credentialId ? (
    <Link href={`/credentials/${row.credentialId}`} className="wrap-anywhere font-medium text-base hover:underline">
      {row.name || "(no name)"}
    </Link>
  ) : (
    <span className="wrap-anywhere font-medium text-base">{row.name || "(no name)"}</span>
  );

const Tested = ({ result }: { result: TestedRow }) => (
  <span className="wrap-anywhere mt-1 flex items-center gap-1.5 text-sm">
    {result === "running" ? (
      <>
        <Spinner /> Testing…
      </>
    ) : "error" in result ? (
      <span className="text-bad">{result.error.message}</span>
    ) : (
      <span>
        <span className={cn("font-medium", toneText[outcomeMessages[result.outcome].tone])}>
          {outcomeMessages[result.outcome].word}
        </span>
        {result.reason && <span className="block text-soft text-xs">{sentence(result.reason)}</span>}
      </span>
    )}
  </span>
);

const Notes = ({ row, tested, className }: LineProps & { className?: string }) => {
  const next = nextOf(row, tested);
  return (
    <div className={className}>
      {row.notes.map((note) => (
        <p key={note} className="wrap-anywhere">
          {note}
        </p>
      ))}
      {next && (
        <p className="wrap-anywhere text-soft">
          <span className="font-medium">Next:</span> {next}
        </p>
      )}
    </div>
  );
};

/** What is tested is not asked to be tested; nothing is left to do for what works. */
function nextOf({ next }: ReportRow, tested: TestedRow | undefined): string | undefined {
  if (tested === undefined || tested === "running" || "error" in tested) return next;
  return tested.outcome === "ok" ? undefined : "Read on its page what the test says to do.";
}
