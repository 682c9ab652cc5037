import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/class-names";
import { LinkPending } from "@/components/ui/link-pending";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { OrganizationView } from "@/lib/organizations";

const columnClass = {
  name: "w-auto",
  status: "w-24",
  tests: "w-36 max-lg:hidden",
  perProvider: "w-32 max-lg:hidden",
  perPerson: "w-32 max-lg:hidden",
  created: "w-32 max-sm:hidden",
};

export const organizationColumns = Object.values(columnClass);

interface Props {
  organizations: OrganizationView[];
  ownId: string;
  busy: boolean;
  /** Stands where the rows would: loading, empty, an error. */
  instead?: ReactNode;
}

export const OrganizationTable = ({ organizations, ownId, busy, instead }: Props) => (
  <TableFrame busy={busy}>
    <Table className="table-fixed" aria-label="Organisations" aria-busy={busy}>
      <thead className="md:sticky md:top-0 md:z-10 md:bg-surface">
        <tr>
          <HeaderCell className={columnClass.name}>Name</HeaderCell>
          <HeaderCell className={columnClass.status}>Status</HeaderCell>
          <HeaderCell className={columnClass.tests}>Test before saving</HeaderCell>
          <HeaderCell className={columnClass.perProvider}>Limit per provider</HeaderCell>
          <HeaderCell className={columnClass.perPerson}>Limit per person</HeaderCell>
          <HeaderCell className={columnClass.created}>Created</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {instead ||
          organizations.map((organization) => (
            <Row key={organization.id}>
              <Cell className={columnClass.name}>
                <span className="flex min-w-0 items-center gap-1.5">
                  <Link
                    href={`/organizations/${organization.id}`}
                    className="truncate font-medium text-base hover:underline"
                    title={organization.name}
                  >
                    {organization.name}
                    <LinkPending />
                  </Link>
                  {organization.id === ownId && <Badge tone="accent">Yours</Badge>}
                </span>
              </Cell>
              <Cell className={columnClass.status}>
                <OrganizationStatus active={organization.active} />
              </Cell>
              <Cell className={columnClass.tests}>
                {organization.requireTestBeforeSave ? "Required" : <span className="text-soft">Not required</span>}
              </Cell>
              <Cell className={cn(columnClass.perProvider, "tabular-nums")}>{organization.maxPerProvider}</Cell>
              <Cell className={cn(columnClass.perPerson, "tabular-nums")}>{organization.maxPerUser}</Cell>
              <Cell className={columnClass.created}>
                <Time at={organization.createdAt} />
              </Cell>
            </Row>
          ))}
      </tbody>
    </Table>
  </TableFrame>
);

export const OrganizationStatus = ({ active }: Pick<OrganizationView, "active">) => (
  <Badge tone={active ? "good" : "plain"}>{active ? "Active" : "Disabled"}</Badge>
);
