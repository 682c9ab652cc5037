import { Plus, Shapes } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { requireConsole } from "@/lib/api/http/console";
import { listKinds } from "@/lib/kinds";
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
      <TableFrame>
        {kinds.length === 0 ? (
          <Empty icon={Shapes} title="No kind of your own yet" actions={add}>
            Add one for a service that the picker does not know: it then has a form, a test and the API like any other.
          </Empty>
        ) : (
          <Table aria-label="Kinds of your own">
            <thead>
              <tr>
                <HeaderCell>Name</HeaderCell>
                <HeaderCell className="text-right">Credentials</HeaderCell>
                <HeaderCell className="max-sm:hidden">Version</HeaderCell>
                <HeaderCell className="max-sm:hidden">Changed</HeaderCell>
              </tr>
            </thead>
            <tbody>
              {kinds.map((kind) => (
                <Row key={kind.id}>
                  <Cell>
                    <Link href={`/settings/kinds/${kind.id}`} className="font-medium text-accent hover:underline">
                      {kind.listing.label}
                    </Link>
                    <span className="wrap-anywhere block font-mono text-soft text-xs">{kind.id}</span>
                  </Cell>
                  <Cell className="text-right tabular-nums">{kind.credentials}</Cell>
                  <Cell className="tabular-nums max-sm:hidden">{kind.version}</Cell>
                  <Cell className="max-sm:hidden">
                    <Time at={kind.updatedAt} /> by {kind.modifiedBy}
                  </Cell>
                </Row>
              ))}
            </tbody>
          </Table>
        )}
      </TableFrame>
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
