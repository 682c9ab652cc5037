"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ListTable } from "@/components/list/list-table";
import { Card } from "@/components/ui/card";
import { usesOptions } from "../queries";
import { usesColumns } from "./uses-columns";

const columns = usesColumns();

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
      <ListTable
        label="Used by"
        columns={columns}
        rows={rows}
        keyOf={(use) => use.id}
        list={uses}
        total={total}
        loadingRows={1}
        empty={<p className="px-2.5 py-2 text-soft">No task is registered as using it.</p>}
      />
    </Card>
  );
}
