"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ListFoot } from "@/components/list/list-foot";
import { FailedRows, LoadingRows } from "@/components/list/rows";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { CredentialStatus, CredentialView, Facets } from "@/lib/vocabulary/credential-view";
import type { CredentialActions, CredentialRights } from "../credential-actions";
import { DeleteDialog } from "../delete-dialog";
import { DisableDialog } from "../disable-dialog";
import { TestDialog } from "../test/test-dialog";
import { BrokenUsesNotice } from "../uses/broken-uses-notice";
import { columnClass } from "./columns";
import { CredentialTable } from "./credential-table";
import type { Density } from "./density";
import { activeFilters } from "./filters";
import { facetsOptions, listOptions } from "./list-options";
import { defaultSort, type ListQuery } from "./list-query";
import { FilteredToNothing, NothingYet } from "./list-states";
import { RowActions } from "./row-actions";
import { Toolbar } from "./toolbar";
import { useListQuery } from "./use-list-query";

interface Props {
  rights: CredentialRights;
  actions: Pick<CredentialActions, "setActive" | "remove">;
  density: Density;
}

const columns = Object.values(columnClass);

type Open = { dialog: "test" | "disable" | "delete"; view: CredentialView } | null;

export function CredentialList({ rights, actions, density: remembered }: Props) {
  const [query, change] = useListQuery();
  const [density, setDensity] = useState(remembered);
  const [open, setOpen] = useState<Open>(null);
  const list = useInfiniteQuery({ ...listOptions(query), placeholderData: keepPreviousData });
  const facets = useQuery(facetsOptions());
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  return (
    <>
      <Toolbar
        query={query}
        change={change}
        facets={facets.data}
        density={density}
        onDensity={setDensity}
        mayNarrow={rights.listAll && rights.create}
      />
      <EndedConnections count={countOf(facets.data, "needs_reauth")} query={query} change={change} />
      <BrokenUsesNotice />
      <CredentialTable
        rows={rows}
        density={density}
        sort={query.sort ?? defaultSort}
        onSort={(sort) => change({ sort })}
        busy={list.isPlaceholderData}
        instead={
          rows.length === 0 && (
            <Instead list={list} query={query} change={change} total={facets.data?.total} rights={rights} />
          )
        }
        actions={(view) => (
          <RowActions
            view={view}
            rights={rights}
            setActive={actions.setActive}
            onTest={() => setOpen({ dialog: "test", view })}
            onDisable={() => setOpen({ dialog: "disable", view })}
            onDelete={() => setOpen({ dialog: "delete", view })}
          />
        )}
      />
      <ListFoot
        list={list}
        shown={rows.length}
        total={activeFilters(query).length > 0 ? undefined : facets.data?.total}
      />
      {open?.dialog === "test" && <TestDialog view={open.view} onClose={() => setOpen(null)} />}
      {open?.dialog === "disable" && (
        <DisableDialog view={open.view} setActive={actions.setActive} onClose={() => setOpen(null)} />
      )}
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
}

const countOf = (facets: Facets | undefined, status: CredentialStatus): number =>
  facets?.statuses.find(({ value }) => value === status)?.count ?? 0;

/** Dead connections are not left to be found: they are told of above the list, with the way to them. */
function EndedConnections({ count, query, change }: { count: number } & Pick<InsteadProps, "query" | "change">) {
  if (count === 0 || query.status === "needs_reauth") return null;
  return (
    <Callout
      tone="warn"
      className="mb-3"
      title={count === 1 ? "One connection has ended" : `${count} connections have ended`}
      actions={
        <Button size="small" onClick={() => change({ status: "needs_reauth" })}>
          Show {count === 1 ? "it" : "them"}
        </Button>
      }
    >
      Workflows are refused until somebody signs in at the provider again.
    </Callout>
  );
}

interface InsteadProps {
  list: { isPending: boolean; isError: boolean; error: unknown; refetch: () => Promise<unknown> };
  query: ListQuery;
  change: (changed: Partial<ListQuery>) => void;
  total: number | undefined;
  rights: CredentialRights;
}

/** What stands in the table when there are no rows to show. */
function Instead({ list, query, change, total, rights }: InsteadProps) {
  if (list.isError) return <FailedRows error={list.error} retry={() => void list.refetch()} />;
  if (list.isPending) return <LoadingRows columns={columns} />;
  if (activeFilters(query).length === 0) return <NothingYet mayCreate={rights.create} mayImport={rights.import} />;
  return <FilteredToNothing query={query} total={total} change={change} />;
}
