import Link from "next/link";
import type { ReactNode } from "react";
import type { Column } from "@/components/list/list-table";
import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import type { UserView } from "@/lib/identity";
import { linkLabels, type PersonStatus, roleLabels, statusLabels, statusOf } from "./messages";

interface Parts {
  ownId: string;
  /** Whether each of them has a page: those of one's own organisation do. */
  hasPages: boolean;
  actions: (person: UserView) => ReactNode;
}

/** The name and the status are always there. */
export const peopleColumns = ({ ownId, hasPages, actions }: Parts): Column<UserView>[] => [
  {
    id: "name",
    head: "Name and address",
    className: "w-auto",
    cellClass: "py-1",
    cell: (person) => <Name person={person} isSelf={person.id === ownId} hasPage={hasPages} />,
  },
  { id: "role", head: "Role", className: "w-44 max-md:hidden", cell: ({ role }) => roleLabels[role] },
  { id: "status", head: "Status", className: "w-32", cell: (person) => <Status status={statusOf(person)} /> },
  {
    id: "last_sign_in",
    head: "Last sign-in",
    className: "w-32 max-lg:hidden",
    cell: ({ lastSignInAt }) => (lastSignInAt ? <Time at={lastSignInAt} /> : <span className="text-soft">Never</span>),
  },
  {
    id: "link",
    head: "Unused link",
    className: "w-44 max-lg:hidden",
    cell: (person) => <OpenLink person={person} />,
  },
  { id: "actions", head: "Actions", headHidden: true, className: "w-11 px-1", cellClass: "py-0", cell: actions },
];

/** What goes without saying is there to be read, and does not stand out. */
const Status = ({ status }: { status: PersonStatus }) => {
  const { word, tone } = statusLabels[status];
  return status === "active" ? <span className="text-soft">{word}</span> : <Badge tone={tone}>{word}</Badge>;
};

const Name = ({ person, isSelf, hasPage }: { person: UserView; isSelf: boolean; hasPage: boolean }) => (
  <div className="min-w-0">
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="truncate font-medium text-base" title={person.name}>
        {hasPage ? (
          <Link href={`/people/${person.id}`} className="hover:underline">
            {person.name}
          </Link>
        ) : (
          person.name
        )}
      </span>
      {isSelf && <Badge tone="accent">You</Badge>}
    </span>
    <span className="block truncate text-soft text-xs" title={person.email}>
      {person.email}
    </span>
    <span className="block text-soft text-xs md:hidden">{roleLabels[person.role]}</span>
    {person.link && (
      <span className="block text-soft text-xs lg:hidden">
        <OpenLink person={person} />
      </span>
    )}
  </div>
);

function OpenLink({ person: { link, status } }: { person: UserView }) {
  if (link) {
    return (
      <>
        {linkLabels[link.kind]}, ends <Time at={link.expiresAt} form="until" />
      </>
    );
  }
  return status === "pending" ? (
    <span className="text-warn">None: invite again</span>
  ) : (
    <span className="text-soft">None</span>
  );
}
