"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { ListFoot } from "@/components/list/list-foot";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import type { BrokenUse } from "@/lib/plugin-instances";
import { brokenUsesOptions } from "../queries";
import { UsesFailed } from "./uses-failed";
import { UsesTable } from "./uses-table";

/** The tasks whose credential is gone, a stretch at a time. */
export function BrokenUses() {
  const uses = useInfiniteQuery(brokenUsesOptions());
  const rows = uses.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      {uses.isPending && <Skeleton className="h-40" />}
      {uses.isSuccess && rows.length === 0 && (
        <Empty icon={CircleCheck} title="Nothing to mend">
          Every credential that a registered task uses is there.
        </Empty>
      )}
      {rows.length === 0 && <UsesFailed uses={uses} />}
      {rows.length > 0 && <UsesTable label="Uses of deleted credentials" rows={rows} credential={Gone} />}
      <ListFoot list={uses} shown={rows.length} total={uses.data?.pages.at(-1)?.total} />
    </>
  );
}

const Gone = ({ credentialName, credentialId }: BrokenUse) => (
  <>
    <span className="block">{credentialName}</span>
    <span className="block font-mono text-soft text-xs">{credentialId}</span>
  </>
);
