"use client";

import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { type Column, ListTable } from "@/components/list/list-table";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import type { HeldGrant, Subject } from "@/lib/access";
import { type Reach, type ReachKind, withImplied } from "@/lib/vocabulary/access";
import type { AccessActions } from "./access-actions";
import { whatCanOptions } from "./access-query";
import { GiveAccess } from "./give-access";
import { Ends, GivenBy, LastUse, Rights } from "./grant-parts";
import { type GrantRow, rowsOf } from "./grant-rows";
import { ReachChoice } from "./reach-choice";
import { TakeAway } from "./take-away";
import { reachWords } from "./words";

interface Props {
  subject: Subject & { name: string };
  title: string;
  /** Over what the viewer may give and take away; nothing for who may not. */
  gives: readonly ReachKind[];
  actions: Pick<AccessActions, "grant" | "takeAway">;
  empty: ReactNode;
}

type Row = GrantRow<HeldGrant>;

/** What a person, group or program may do by grants, what is made of each, and the way to take several away at once. */
export function HeldAccess({ subject, title, gives, actions, empty }: Props) {
  const access = useQuery(whatCanOptions(subject));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"give" | "take" | null>(null);
  const rows = rowsOf(access.data?.grants ?? []);
  const mine = rows.filter(({ first }) => first.via === null);
  const quiet = mine.filter(isQuiet);
  const selected = mine.filter(({ key }) => chosen.has(key));
  const close = () => setDialog(null);
  const toggle = (key: string) =>
    setChosen((now) => new Set(now.has(key) ? [...now].filter((one) => one !== key) : [...now, key]));
  return (
    <Card
      title={title}
      description="By grants; how each was of use in the last 90 days."
      actions={
        gives.length > 0 && (
          <Button variant="primary" size="small" onClick={() => setDialog("give")}>
            <KeyRound aria-hidden /> Give access
          </Button>
        )
      }
    >
      {gives.length > 0 && mine.length > 0 && (
        <div className="mb-2 flex flex-wrap items-center gap-2">
          {quiet.length > 0 && (
            <Button size="small" onClick={() => setChosen(new Set(quiet.map(({ key }) => key)))}>
              Select {quiet.length === 1 ? "the one" : `the ${quiet.length}`} not used for 90 days
            </Button>
          )}
          <Button size="small" onClick={() => setDialog("take")} disabled={selected.length === 0}>
            {selected.length > 0 ? `Take away ${selected.length}…` : "Take away…"}
          </Button>
        </div>
      )}
      <ListTable
        label={title}
        columns={columnsOf(gives.length > 0 ? { chosen, toggle } : undefined)}
        rows={rows}
        keyOf={({ key }) => key}
        list={{ ...access, data: access.data?.grants }}
        loadingRows={2}
        empty={<div className="px-2.5 py-2 text-soft">{empty}</div>}
      />
      {dialog === "give" && <GiveOver subject={subject} gives={gives} grant={actions.grant} onClose={close} />}
      {dialog === "take" && (
        <TakeAway
          rows={selected}
          name={subject.name}
          takeAway={actions.takeAway}
          onClose={() => {
            setChosen(new Set());
            close();
          }}
        />
      )}
    </Card>
  );
}

const isQuiet = ({ grants }: Row) =>
  grants.every((grant) => grant.isQuiet || grant.right === "see") && grants.some((grant) => grant.isQuiet);

interface GiveProps {
  subject: Subject & { name: string };
  gives: readonly ReachKind[];
  grant: AccessActions["grant"];
  onClose: () => void;
}

function GiveOver({ subject, gives, grant, onClose }: GiveProps) {
  const [reach, setReach] = useState<Reach>();
  return (
    <GiveAccess
      title={`Give access to ${subject.name}`}
      grant={grant}
      subject={subject}
      reach={reach}
      reachChoice={(error) => <ReachChoice offered={gives} onChoose={setReach} error={error} />}
      onClose={onClose}
    />
  );
}

interface Selection {
  chosen: ReadonlySet<string>;
  toggle: (key: string) => void;
}

const lastOf = ({ grants }: Row): string | null =>
  grants
    .map(({ lastUsedAt }) => lastUsedAt ?? "")
    .sort()
    .at(-1) || null;

const columnsOf = (selection: Selection | undefined): Column<Row>[] => [
  ...(selection ? [selectColumn(selection)] : []),
  {
    id: "over",
    head: "Over what",
    className: "w-auto",
    cell: (row) => (
      <>
        <span className="wrap-anywhere block font-medium">
          <Over row={row} /> {row.first.fromBefore && <Badge tone="warn">From before</Badge>}{" "}
          {isQuiet(row) && <Badge>Not used for 90 days</Badge>}
        </span>
        {row.first.via && <span className="block text-soft text-xs">Through the group {row.first.via.name}</span>}
        <GivenBy grant={row.first} />
        <span className="mt-1 block md:hidden">
          <Rights held={withImplied(row.rights)} />
        </span>
      </>
    ),
  },
  {
    id: "may",
    head: "May",
    className: "w-28 max-md:hidden",
    cell: ({ rights }) => <Rights held={withImplied(rights)} />,
  },
  { id: "ends", head: "Ends", className: "w-28 max-lg:hidden", cell: ({ first }) => <Ends at={first.expiresAt} /> },
  { id: "last", head: "Last use", className: "w-28", cell: (row) => <LastUse at={lastOf(row)} /> },
];

const selectColumn = ({ chosen, toggle }: Selection): Column<Row> => ({
  id: "select",
  head: "Select",
  headHidden: true,
  className: "w-9",
  cell: ({ key, first }) =>
    first.via === null && (
      <input
        type="checkbox"
        className="size-4 accent-accent"
        aria-label={`Select: ${reachWords(first)}`}
        checked={chosen.has(key)}
        onChange={() => toggle(key)}
      />
    ),
});

const Over = ({ row: { first } }: { row: Row }) =>
  first.reach === "credential" ? (
    <Link href={`/credentials/${first.key}/access`} className="hover:underline">
      {first.reachName}
    </Link>
  ) : (
    reachWords(first)
  );
