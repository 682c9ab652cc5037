"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { ListTable } from "@/components/list/list-table";
import { Empty } from "@/components/ui/empty";
import type { BrokenUse } from "@/lib/plugin-instances";
import { brokenUsesOptions } from "../queries";
import { usesColumns } from "./uses-columns";

/** The tasks whose credential is gone, a stretch at a time. */
export function BrokenUses() {
  const uses = useInfiniteQuery(brokenUsesOptions());
  return (
    <ListTable
      label="Uses of deleted credentials"
      columns={columns}
      rows={uses.data?.pages.flatMap(({ items }) => items) ?? []}
      keyOf={(use) => use.id}
      list={uses}
      total={uses.data?.pages.at(-1)?.total}
      empty={
        <Empty icon={CircleCheck} title="Nothing to mend">
          Every credential that a registered task uses is there.
        </Empty>
      }
    />
  );
}

const columns = usesColumns(({ credentialName, credentialId }: BrokenUse) => (
  <>
    <span className="block">{credentialName}</span>
    <span className="block font-mono text-soft text-xs">{credentialId}</span>
  </>
));
