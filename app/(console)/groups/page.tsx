import { UsersRound } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { NewGroup } from "@/components/groups/new-group";
import { type Column, ListTable } from "@/components/list/list-table";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { type GroupView, listGroups } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { makeGroup } from "./actions";

export const metadata: Metadata = { title: "Groups" };

export default async function GroupsPage() {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "group:read"))
    return forbidden("Groups are for administrators and auditors.");
  const mayManage = hasPermission(actor.role, undefined, "group:manage");
  return (
    <>
      <PageHeader
        title="Groups"
        description="People who need the same: what is given to a group, each of its members may."
        actions={mayManage && <NewGroup create={makeGroup} />}
      />
      <ListTable
        label="Groups"
        columns={columns}
        rows={await listGroups(actor)}
        keyOf={({ id }) => id}
        empty={
          <Empty icon={UsersRound} title="No groups yet">
            Make one for people who need the same credentials, so that whoever joins them gets all of it at once.
          </Empty>
        }
      />
    </>
  );
}

const columns: Column<GroupView>[] = [
  {
    id: "name",
    head: "Name",
    cell: ({ id, name }) => (
      <Link href={`/groups/${id}`} className="wrap-anywhere font-medium text-base hover:underline">
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
  {
    id: "members",
    head: "Members",
    className: "w-24",
    cellClass: "tabular-nums",
    cell: ({ members }) => members,
  },
  {
    id: "changed",
    head: "Changed",
    className: "w-36 max-md:hidden",
    cell: ({ updatedAt }) => <Time at={updatedAt} />,
  },
];
