"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { refusalOf } from "@/components/feed";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { CredentialView } from "@/lib/credentials/view";
import type { CredentialActions, CredentialRights } from "../credential-actions";
import { DeleteDialog } from "../delete-dialog";
import { facetsOptions, listOptions } from "../queries";
import { TestDialog } from "../test/test-dialog";
import { CredentialTable } from "./credential-table";
import type { Density } from "./density";
import { activeFilters } from "./filters";
import { defaultSort } from "./list-query";
import { FailedRows, FilteredToNothing, LoadingRows, NothingYet } from "./list-states";
import { RowActions } from "./row-actions";
import { Toolbar } from "./toolbar";
import { useListQuery } from "./use-list-query";

interface Props {
  rights: CredentialRights;
  actions: Pick<CredentialActions, "setActive" | "remove">;
  density: Density;
}

type Open = { dialog: "test" | "delete"; view: CredentialView } | null;

export function CredentialList({ rights, actions, density: remembered }: Props) {
  const [query, change] = useListQuery();
  const [density, setDensity] = useState(remembered);
  const [open, setOpen] = useState<Open>(null);
  const list = useInfiniteQuery({ ...listOptions(query), placeholderData: keepPreviousData });
  const facets = useQuery(facetsOptions());
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const filtered = activeFilters(query).length > 0;
  return (
    <>
      <Toolbar
        query={query}
        change={change}
        facets={facets.data}
        density={density}
        onDensity={setDensity}
        seesAll={rights.listAll}
      />
      <CredentialTable
        rows={rows}
        density={density}
        sort={query.sort ?? defaultSort}
        onSort={(sort) => change({ sort })}
        busy={list.isPlaceholderData}
        instead={instead()}
        actions={(view) => (
          <RowActions
            view={view}
            rights={rights}
            setActive={actions.setActive}
            onTest={() => setOpen({ dialog: "test", view })}
            onDelete={() => setOpen({ dialog: "delete", view })}
          />
        )}
      />
      <Foot list={list} shown={rows.length} total={filtered ? undefined : facets.data?.total} />
      {open?.dialog === "test" && <TestDialog view={open.view} onClose={() => setOpen(null)} />}
      {open?.dialog === "delete" && (
        <DeleteDialog
          view={open.view}
          actions={actions}
          onClose={() => setOpen(null)}
          onDeleted={() => setOpen(null)}
        />
      )}
    </>
  );

  function instead(): ReactNode {
    if (list.isError && rows.length === 0) {
      return <FailedRows error={refusalOf(list.error)} retry={() => void list.refetch()} />;
    }
    if (list.isPending) return <LoadingRows />;
    if (rows.length > 0) return undefined;
    return filtered ? (
      <FilteredToNothing query={query} total={facets.data?.total} change={change} />
    ) : (
      <NothingYet mayCreate={rights.create} />
    );
  }
}

interface FootProps {
  list: Pick<
    ReturnType<typeof useInfiniteQuery>,
    "isError" | "error" | "hasNextPage" | "isFetchingNextPage" | "refetch"
  > & {
    fetchNextPage: () => Promise<unknown>;
  };
  shown: number;
  total: number | undefined;
}

/** How many there are, and the way to more of them. */
function Foot({ list, shown, total }: FootProps) {
  if (shown === 0) return null;
  const all = total === undefined ? "" : ` of ${Math.max(total, shown)}`;
  return (
    <div className="mt-3 space-y-2">
      {list.isError && (
        <Callout
          tone="bad"
          live
          title={refusalOf(list.error).message}
          actions={
            <Button size="small" onClick={() => void list.refetch()}>
              Try again
            </Button>
          }
        />
      )}
      <div className="flex items-center gap-3 text-soft text-sm">
        <p role="status">
          {shown}
          {all} shown{list.hasNextPage ? "" : ", that is all"}
        </p>
        {list.hasNextPage && (
          <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </div>
  );
}
