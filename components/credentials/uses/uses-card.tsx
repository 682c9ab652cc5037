"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ListFoot } from "@/components/list/list-foot";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { usesOptions } from "../queries";
import { UsesFailed } from "./uses-failed";
import { UsesTable } from "./uses-table";

/** The tasks that are registered as using it, a stretch at a time. */
export function UsesCard({ id }: { id: string }) {
  const uses = useInfiniteQuery(usesOptions(id));
  const rows = uses.data?.pages.flatMap(({ items }) => items) ?? [];
  const total = uses.data?.pages.at(-1)?.total ?? 0;
  return (
    <Card
      title={total > 0 ? `Used by ${total.toLocaleString("en")} ${total === 1 ? "task" : "tasks"}` : "Used by"}
      description="Tasks of flows that a workflow system has registered here."
      className="xl:col-span-2"
    >
      {uses.isPending && <Skeleton className="h-16" />}
      {uses.isSuccess && rows.length === 0 && <p className="text-soft">No task is registered as using it.</p>}
      {rows.length === 0 && <UsesFailed uses={uses} />}
      {rows.length > 0 && <UsesTable label="Used by" rows={rows} />}
      {rows.length > 0 && <ListFoot list={uses} shown={rows.length} total={total} />}
    </Card>
  );
}
