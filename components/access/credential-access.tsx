"use client";

import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { credentialOptions } from "@/components/credentials/queries";
import { type Column, ListTable } from "@/components/list/list-table";
import { roleLabels } from "@/components/people/messages";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import type { CredentialAccess as Access, NamedSubject, Reacher } from "@/lib/access";
import { type Right, withImplied } from "@/lib/vocabulary/access";
import type { AccessActions } from "./access-actions";
import { whoCanOptions } from "./access-query";
import { AskAccess } from "./ask-access";
import { FetchCommand } from "./fetch-command";
import { GiveAccess } from "./give-access";
import { Ends, GivenBy, LastUse, Rights, SubjectName } from "./grant-parts";
import { type GrantRow, rowsOf } from "./grant-rows";
import { TakeAway } from "./take-away";
import { reachWords, rightLabels, wordOfRights } from "./words";

export interface AccessViewer {
  ownId: string;
  /** Gives and takes away what they manage. */
  gives: boolean;
  /** May be given more than to look. */
  asks: boolean;
}

interface Props {
  id: string;
  viewer: AccessViewer;
  /** Where a program fetches it. */
  address: string;
  actions: Omit<AccessActions, "answer" | "narrow">;
}

/** Who may do what with a credential, by what, and the ways to change that or to ask for it. */
export function CredentialAccess({ id, viewer, address, actions }: Props) {
  const { data: view } = useQuery(credentialOptions(id));
  const access = useQuery(whoCanOptions(id));
  const [dialog, setDialog] = useState<"give" | GrantRow | null>(null);
  const close = () => setDialog(null);
  const own = access.data?.own ?? [];
  const manages = viewer.gives && own.includes("manage");
  const lacks = viewer.asks && !own.includes("manage") && !(own.includes("use") && own.includes("edit"));
  return (
    <div className="space-y-5">
      {view && access.data && lacks && (
        <AskAccess credential={view} ownId={viewer.ownId} held={own} actions={actions} />
      )}
      <Card
        title="Who may do what"
        description="By a grant over it, its tag or its kind, over everything, or as its owner."
        actions={
          manages && (
            <Button variant="primary" size="small" onClick={() => setDialog("give")}>
              <UserPlus aria-hidden /> Give access
            </Button>
          )
        }
      >
        <ListTable
          label="Who may do what"
          columns={columnsOf(({ subject, row }) =>
            row && (manages || subject.id === viewer.ownId) ? (
              <Button size="small" onClick={() => setDialog(row)} aria-label={`Take away from ${subject.name}`}>
                Take away…
              </Button>
            ) : null,
          )}
          rows={linesOf(access.data)}
          keyOf={({ key }) => key}
          list={{ ...access, data: access.data?.reachers }}
          loadingRows={2}
          empty={<p className="px-2.5 py-2 text-soft">Nobody reaches it by a grant, and nobody owns it.</p>}
        />
        <ByRole access={access.data} />
      </Card>
      <FetchCommand address={address} />
      {dialog === "give" && (
        <GiveAccess
          title={`Give access to “${view?.name ?? "this credential"}”`}
          grant={actions.grant}
          reach={{ reach: "credential", key: id }}
          onClose={close}
        />
      )}
      {dialog !== null && dialog !== "give" && (
        <TakeAway rows={[dialog]} name={dialog.subject.name} takeAway={actions.takeAway} onClose={close} />
      )}
    </div>
  );
}

interface Line {
  key: string;
  subject: NamedSubject;
  rights: Right[];
  /** None for what an owner has by owning it. */
  row: GrantRow | undefined;
  lastUsedAt: string | null;
}

const linesOf = (access: Access | undefined): Line[] => (access?.reachers ?? []).flatMap(linesOfOne);

function linesOfOne({ subject, grants, isOwner, lastUsedAt }: Reacher): Line[] {
  const byGrant = rowsOf(grants).map((row) => ({
    key: row.key,
    subject,
    rights: withImplied(row.rights),
    row,
    lastUsedAt,
  }));
  if (!isOwner) return byGrant;
  return [{ key: subject.id, subject, rights: withImplied(["manage"]), row: undefined, lastUsedAt }, ...byGrant];
}

const columnsOf = (action: (line: Line) => ReactNode): Column<Line>[] => [
  {
    id: "who",
    head: "Who",
    className: "w-auto",
    cell: ({ subject, rights, row }) => (
      <>
        <SubjectName subject={subject} isOwner={!row} />
        <span className="mt-1 block space-y-1 pl-6 md:hidden">
          <Rights held={rights} />
          {row && (
            <span className="block text-xs">
              {byWords(row)}
              <GivenBy grant={row.first} />
              {row.first.expiresAt && (
                <span className="block">
                  Ends <Ends at={row.first.expiresAt} />
                </span>
              )}
            </span>
          )}
        </span>
      </>
    ),
  },
  { id: "may", head: "May", className: "w-28 max-md:hidden", cell: ({ rights }) => <Rights held={rights} /> },
  {
    id: "by",
    head: "By what",
    className: "w-auto max-md:hidden",
    cell: ({ row }) =>
      row ? (
        <>
          <span className="wrap-anywhere block">{byWords(row)}</span>
          <GivenBy grant={row.first} />
        </>
      ) : (
        "Owns it"
      ),
  },
  {
    id: "ends",
    head: "Ends",
    className: "w-28 max-lg:hidden",
    cell: ({ row }) => <Ends at={row?.first.expiresAt ?? null} />,
  },
  {
    id: "last",
    head: "Last use",
    className: "w-32 max-lg:hidden",
    cell: ({ lastUsedAt }) => <LastUse at={lastUsedAt} />,
  },
  { id: "actions", head: "Actions", headHidden: true, className: "w-28", cellClass: "text-right", cell: action },
];

const byWords = ({ first }: GrantRow): string => (first.reach === "credential" ? "This credential" : reachWords(first));

/** Those who reach everything by their role are counted, not listed. */
function ByRole({ access }: { access: Access | undefined }) {
  if (!access || access.roles.length === 0) return null;
  return (
    <p className="mt-3 text-soft text-sm">
      By their role:{" "}
      {access.roles
        .map(({ role, people, rights }) => {
          const may = wordOfRights(rights).map((right) => rightLabels[right].toLowerCase());
          return `${people} × ${roleLabels[role].toLowerCase()} (${may.join(", ")})`;
        })
        .join("; ")}
      . None of them gets a secret by it.
    </p>
  );
}
