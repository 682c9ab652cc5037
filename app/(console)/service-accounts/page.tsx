import { Bot } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { NewAccount } from "@/components/service-accounts/new-account";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
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
      {found.length === 0 && offset === 0 ? (
        <TableFrame>
          <Empty icon={Bot} title="No service accounts yet">
            Make one for each program that needs credentials, so that the audit log can tell them apart.
          </Empty>
        </TableFrame>
      ) : (
        <AccountTable accounts={found.slice(0, PAGE)} />
      )}
      {found.length > PAGE && (
        <Button asChild size="small" className="mt-3">
          <Link href={`/service-accounts?from=${offset + PAGE}`}>Older service accounts</Link>
        </Button>
      )}
    </>
  );
}

const AccountTable = ({ accounts }: { accounts: ServiceAccountView[] }) => (
  <TableFrame>
    <Table aria-label="Service accounts" className="table-fixed">
      <thead>
        <tr>
          <HeaderCell>Name</HeaderCell>
          <HeaderCell className="max-md:hidden">Description</HeaderCell>
          <HeaderCell className="w-28">Status</HeaderCell>
          <HeaderCell className="w-36 max-md:hidden">Created</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <Row key={account.id}>
            <Cell>
              <Link
                href={`/service-accounts/${account.id}`}
                className="wrap-anywhere font-medium text-base hover:underline"
              >
                {account.name}
              </Link>
            </Cell>
            <Cell className="wrap-anywhere text-soft max-md:hidden">{account.description}</Cell>
            <Cell>
              <AccountStatus status={account.status} />
            </Cell>
            <Cell className="max-md:hidden">
              <Time at={account.createdAt} />
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  </TableFrame>
);

/** What goes without saying does not stand out. */
const AccountStatus = ({ status }: Pick<ServiceAccountView, "status">) =>
  status === "active" ? <span className="text-soft">Active</span> : <Badge>Disabled</Badge>;
