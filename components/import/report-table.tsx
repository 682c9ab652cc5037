"use client";

import Link from "next/link";
import { useState } from "react";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { type ImportOutcome, outcomeWord, type ReportRow } from "@/lib/importers/report";

const tones: Record<ImportOutcome, Tone> = {
  imported: "good",
  present: "plain",
  undecryptable: "bad",
  unacceptable: "bad",
  over_limit: "warn",
};

/** Rows drawn at once; a database may hold thousands. */
const STEP = 200;

export function ReportTable({ rows, dryRun }: { rows: ReportRow[]; dryRun: boolean }) {
  const [upTo, setUpTo] = useState(STEP);
  return (
    <>
      <TableFrame>
        <Table aria-label="Rows of the source" className="table-fixed">
          <thead>
            <tr>
              <HeaderCell>Credential</HeaderCell>
              <HeaderCell className="w-44 max-md:hidden">Becomes</HeaderCell>
              <HeaderCell className="w-44 max-sm:w-34">{dryRun ? "What would happen" : "What happened"}</HeaderCell>
              <HeaderCell className="w-2/5 max-lg:hidden">Notes</HeaderCell>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, upTo).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an id may stand twice in a source, and rows never move
              <ReportLine key={index} row={row} dryRun={dryRun} />
            ))}
          </tbody>
        </Table>
      </TableFrame>
      {rows.length > upTo && (
        <Button size="small" onClick={() => setUpTo(upTo + STEP)}>
          Show {Math.min(STEP, rows.length - upTo)} more of {rows.length}
        </Button>
      )}
    </>
  );
}

const ReportLine = ({ row, dryRun }: { row: ReportRow; dryRun: boolean }) => (
  <Row>
    <Cell className="align-top">
      <Name row={row} />
      <span className="wrap-anywhere block text-soft text-xs">{row.sourceId}</span>
      <span className="block text-soft text-xs md:hidden">{row.provider ?? row.kind}</span>
      <Notes notes={row.notes} className="mt-1 lg:hidden" />
    </Cell>
    <Cell className="wrap-anywhere align-top text-soft max-md:hidden">{row.provider ?? row.kind}</Cell>
    <Cell className="align-top">
      <Badge tone={tones[row.outcome]}>{outcomeWord(row.outcome, dryRun)}</Badge>
    </Cell>
    <Cell className="align-top max-lg:hidden">
      <Notes notes={row.notes} />
    </Cell>
  </Row>
);

const Name = ({ row }: { row: ReportRow }) =>
  row.credentialId ? (
    <Link href={`/credentials/${row.credentialId}`} className="wrap-anywhere font-medium text-base hover:underline">
      {row.name || "(no name)"}
    </Link>
  ) : (
    <span className="wrap-anywhere font-medium text-base">{row.name || "(no name)"}</span>
  );

const Notes = ({ notes, className }: { notes: string[]; className?: string }) =>
  notes.length > 0 && (
    <div className={className}>
      {notes.map((note) => (
        <p key={note} className="wrap-anywhere">
          {note}
        </p>
      ))}
    </div>
  );
