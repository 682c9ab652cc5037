import { Bot } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { FromBefore } from "@/components/access/from-before";
import { type Column, ListTable } from "@/components/list/list-table";
import { NewAccount } from "@/components/service-accounts/new-account";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { programsFromBefore } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import { listServiceAccounts, type ServiceAccountView } from "@/lib/identity/tokens";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { createAccount } from "./actions";

export const metadata: Metadata = { title: "Service accounts" };

const PAGE = 100;

interface Props {
  searchParams: Promise<{ from?: string | string[] }>;
}

export default async function ServiceAccountsPage({ searchParams }: Props) {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "service_account:read"))
    return forbidden("Service accounts are for administrators and auditors.");
  const mayManage = hasPermission(actor.role, undefined, "service_account:manage");
  const { from } = await searchParams;
  const offset = typeof from === "string" && /^\d{1,6}$/.test(from) ? Number(from) : 0;
  const found = await listServiceAccounts(actor, { offset, limit: PAGE + 1 });
  return (
    <>
      <PageHeader
        title="Service accounts"
        description="Programs that fetch secrets, such as workflow engines. Nobody else ever gets one."
        actions={mayManage && <NewAccount create={createAccount} />}
      />
      <FromBefore programs={await programsFromBefore(actor)} mayChange={mayManage} />
      <ListTable
        label="Service accounts"
        columns={columns}
        rows={found.slice(0, PAGE)}
        keyOf={({ id }) => id}
        empty={
          offset === 0 ? (
            <Empty icon={Bot} title="No service accounts yet">
              Make one for each program that needs credentials, so that the audit log can tell them apart.
            </Empty>
          ) : (
            <Empty icon={Bot} title="No older service accounts">
              <Link href="/service-accounts" className="text-accent underline underline-offset-2">
                Back to the newest
              </Link>
            </Empty>
          )
        }
      />
      {found.length > PAGE && (
        <Button asChild size="small" className="mt-3">
          <Link href={`/service-accounts?from=${offset + PAGE}`}>Older service accounts</Link>
        </Button>
      )}
    </>
  );
}

/** What goes without saying does not stand out. */
const AccountStatus = ({ status }: Pick<ServiceAccountView, "status">) =>
  status === "active" ? <span className="text-soft">Active</span> : <Badge>Disabled</Badge>;

const columns: Column<ServiceAccountView>[] = [
  {
    id: "name",
    head: "Name",
    cell: ({ id, name }) => (
      <Link href={`/service-accounts/${id}`} className="wrap-anywhere font-medium text-base hover:underline">
        {name}
      </Link>
    ),
  },
  {
    id: "description",
    head: "Description",
    className: "max-md:hidden",
    cellClass: "wrap-anywhere text-soft",
    cell: ({ description }) => description,
  },
  { id: "status", head: "Status", className: "w-28", cell: ({ status }) => <AccountStatus status={status} /> },
  {
    id: "created",
    head: "Created",
    className: "w-36 max-md:hidden",
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
];
