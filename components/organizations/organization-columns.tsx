import Link from "next/link";
import type { Column } from "@/components/list/list-table";
import { Badge } from "@/components/ui/badge";
import { LinkPending } from "@/components/ui/link-pending";
import { Time } from "@/components/ui/time";
import type { OrganizationView } from "@/lib/organizations";

export const organizationColumns = (ownId: string): Column<OrganizationView>[] => [
  {
    id: "name",
    head: "Name",
    className: "w-auto",
    cell: (organization) => <Name organization={organization} isOwn={organization.id === ownId} />,
  },
  { id: "status", head: "Status", className: "w-24", cell: ({ active }) => <OrganizationStatus active={active} /> },
  {
    id: "tests",
    head: "Test before saving",
    className: "w-36 max-lg:hidden",
    cell: ({ requireTestBeforeSave }) =>
      requireTestBeforeSave ? "Required" : <span className="text-soft">Not required</span>,
  },
  {
    id: "per_provider",
    head: "Limit per provider",
    className: "w-32 max-lg:hidden",
    cellClass: "tabular-nums",
    cell: ({ maxPerProvider }) => maxPerProvider,
  },
  {
    id: "per_person",
    head: "Limit per person",
    className: "w-32 max-lg:hidden",
    cellClass: "tabular-nums",
    cell: ({ maxPerUser }) => maxPerUser,
  },
  {
    id: "created",
    head: "Created",
    className: "w-32 max-sm:hidden",
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
];

const Name = ({ organization, isOwn }: { organization: OrganizationView; isOwn: boolean }) => (
  <span className="flex min-w-0 items-center gap-1.5">
    <Link
      href={`/organizations/${organization.id}`}
      className="truncate font-medium text-base hover:underline"
      title={organization.name}
    >
      {organization.name}
      <LinkPending />
    </Link>
    {isOwn && <Badge tone="accent">Yours</Badge>}
  </span>
);

export const OrganizationStatus = ({ active }: Pick<OrganizationView, "active">) => (
  <Badge tone={active ? "good" : "plain"}>{active ? "Active" : "Disabled"}</Badge>
);
