"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type Column, ListTable } from "@/components/list/list-table";
import { Card } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { Subject, SubjectAccess } from "@/lib/access";
import { whatCanOptions } from "./access-query";

type Used = SubjectAccess["used"][number];

/** What somebody worked with in the last ninety days. */
export function UsedLately({ subject, title, empty }: { subject: Subject; title: string; empty: string }) {
  const access = useQuery(whatCanOptions(subject));
  return (
    <Card title={title} description="In the last 90 days, the latest first.">
      <ListTable
        label={title}
        columns={columns}
        rows={access.data?.used ?? []}
        keyOf={({ id }) => id}
        list={{ ...access, data: access.data?.used }}
        loadingRows={2}
        empty={<p className="px-2.5 py-2 text-soft">{empty}</p>}
      />
    </Card>
  );
}

const columns: Column<Used>[] = [
  {
    id: "name",
    head: "Credential",
    cell: ({ id, name }) => (
      <Link href={`/credentials/${id}`} className="wrap-anywhere font-medium hover:underline">
        {name}
      </Link>
    ),
  },
  { id: "used", head: "Fetched", className: "w-32", cell: ({ usedAt }) => <At at={usedAt} /> },
  { id: "changed", head: "Changed", className: "w-32 max-sm:hidden", cell: ({ changedAt }) => <At at={changedAt} /> },
];

const At = ({ at }: { at: string | null }) => (at ? <Time at={at} /> : <span className="text-soft">No</span>);
