import { Plus, Shapes } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { type Column, ListTable } from "@/components/list/list-table";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requireConsole } from "@/lib/api/http/console";
import { type KindView, listKinds } from "@/lib/own-kinds";
import { hasPermission } from "@/lib/vocabulary/permissions";

export const metadata: Metadata = { title: "Kinds of your own" };

export default async function KindsPage() {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "kind:manage"))
    return forbidden("Kinds of your own are for administrators.");
  const kinds = await listKinds(actor);
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/settings", label: "Settings" }]} />}
        title="Kinds of your own"
        description="Kinds of credentials that Latchkey does not bring along, for everybody in the organisation."
        actions={add}
      />
      <ListTable
        label="Kinds of your own"
        columns={columns}
        rows={kinds}
        keyOf={({ id }) => id}
        empty={
          <Empty icon={Shapes} title="No kind of your own yet" actions={add}>
            Add one for a service that the picker does not know: it then has a form, a test and the API like any other.
          </Empty>
        }
      />
    </>
  );
}

const add = (
  <Button asChild variant="primary">
    <Link href="/settings/kinds/new">
      <Plus aria-hidden /> Add a kind
    </Link>
  </Button>
);

const columns: Column<KindView>[] = [
  {
    id: "name",
    head: "Name",
    cell: ({ id, listing }) => (
      <>
        <Link href={`/settings/kinds/${id}`} className="font-medium text-accent hover:underline">
          {listing.label}
        </Link>
        <span className="wrap-anywhere block font-mono text-soft text-xs">{id}</span>
      </>
    ),
  },
  {
    id: "credentials",
    head: "Credentials",
    className: "w-28 text-right",
    cellClass: "tabular-nums",
    cell: ({ credentials }) => credentials,
  },
  {
    id: "version",
    head: "Version",
    className: "w-24 max-sm:hidden",
    cellClass: "tabular-nums",
    cell: ({ version }) => version,
  },
  {
    id: "changed",
    head: "Changed",
    className: "w-64 max-sm:hidden",
    cellClass: "wrap-anywhere",
    cell: ({ updatedAt, modifiedBy }) => (
      <>
        <Time at={updatedAt} /> by {modifiedBy}
      </>
    ),
  },
];
