import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/class-names";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { UserView } from "@/lib/identity";
import { linkLabels, type PersonStatus, roleLabels, statusLabels, statusOf } from "./messages";

/** Where each column shows up; the name and the status are always there. */
export const columnClass = {
  name: "w-auto",
  role: "w-44 max-md:hidden",
  status: "w-32",
  lastSignIn: "w-32 max-lg:hidden",
  link: "w-44 max-lg:hidden",
  actions: "w-11 px-1",
};

interface Props {
  people: UserView[];
  ownId: string;
  busy: boolean;
  actions: (person: UserView) => ReactNode;
  /** Stands where the rows would: loading, empty, an error. */
  instead?: ReactNode;
}

export const PeopleTable = ({ people, ownId, busy, actions, instead }: Props) => (
  <TableFrame busy={busy}>
    <Table className="table-fixed" aria-label="People" aria-busy={busy}>
      <thead className="md:sticky md:top-0 md:z-10 md:bg-surface">
        <tr>
          <HeaderCell className={columnClass.name}>Name and address</HeaderCell>
          <HeaderCell className={columnClass.role}>Role</HeaderCell>
          <HeaderCell className={columnClass.status}>Status</HeaderCell>
          <HeaderCell className={columnClass.lastSignIn}>Last sign-in</HeaderCell>
          <HeaderCell className={columnClass.link}>Unused link</HeaderCell>
          <HeaderCell className={columnClass.actions}>
            <span className="sr-only">Actions</span>
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {instead ||
          people.map((person) => (
            <Row key={person.id}>
              <Cell className={cn(columnClass.name, "py-1")}>
                <Name person={person} isSelf={person.id === ownId} />
              </Cell>
              <Cell className={columnClass.role}>{roleLabels[person.role]}</Cell>
              <Cell className={columnClass.status}>
                <Status status={statusOf(person)} />
              </Cell>
              <Cell className={columnClass.lastSignIn}>
                {person.lastSignInAt ? <Time at={person.lastSignInAt} /> : <span className="text-soft">Never</span>}
              </Cell>
              <Cell className={columnClass.link}>
                <OpenLink person={person} />
              </Cell>
              <Cell className={cn(columnClass.actions, "py-0")}>{actions(person)}</Cell>
            </Row>
          ))}
      </tbody>
    </Table>
  </TableFrame>
);

/** What goes without saying is there to be read, and does not stand out. */
const Status = ({ status }: { status: PersonStatus }) => {
  const { word, tone } = statusLabels[status];
  return status === "active" ? <span className="text-soft">{word}</span> : <Badge tone={tone}>{word}</Badge>;
};

const Name = ({ person, isSelf }: { person: UserView; isSelf: boolean }) => (
  <div className="min-w-0">
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="truncate font-medium text-base" title={person.name}>
        {person.name}
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
