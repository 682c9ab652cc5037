"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ListTable } from "@/components/list/list-table";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { CredentialStatus, CredentialView, Facets } from "@/lib/vocabulary/credential-view";
import type { CredentialActions, CredentialRights } from "../credential-actions";
import { DeleteDialog } from "../delete-dialog";
import { DisableDialog } from "../disable-dialog";
import { TestDialog } from "../test/test-dialog";
import { BrokenUsesNotice } from "../uses/broken-uses-notice";
import { columnsFor } from "./columns";
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

type Open = { dialog: "test" | "disable" | "delete"; view: CredentialView } | null;

export function CredentialList({ rights, actions, density: remembered }: Props) {
  const [query, change] = useListQuery();
  const [density, setDensity] = useState(remembered);
  const [open, setOpen] = useState<Open>(null);
  const list = useInfiniteQuery({ ...listOptions(query), placeholderData: keepPreviousData });
  const facets = useQuery(facetsOptions());
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const isFiltered = activeFilters(query).length > 0;
  const columns = columnsFor(density, (view) => (
    <RowActions
      view={view}
      rights={rights}
      setActive={actions.setActive}
      onTest={() => setOpen({ dialog: "test", view })}
      onDisable={() => setOpen({ dialog: "disable", view })}
      onDelete={() => setOpen({ dialog: "delete", view })}
    />
  ));
  return (
    <>
      <Toolbar
        query={query}
        change={change}
        facets={facets.data}
        density={density}
        onDensity={setDensity}
        mayNarrow={rights.create}
      />
      <EndedConnections count={countOf(facets.data, "needs_reauth")} query={query} change={change} />
      <BrokenUsesNotice />
      <ListTable
        label="Credentials"
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        list={list}
        total={isFiltered ? undefined : facets.data?.total}
        loadingRows={12}
        sort={query.sort ?? defaultSort}
        onSort={(sort) => change({ sort })}
        empty={
          isFiltered ? (
            <FilteredToNothing query={query} total={facets.data?.total} change={change} />
          ) : (
            <NothingYet mayCreate={rights.create} mayImport={rights.import} seesAll={rights.seesAll} />
          )
        }
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

interface EndedProps {
  count: number;
  query: ListQuery;
  change: (changed: Partial<ListQuery>) => void;
}

/** Dead connections are not left to be found: they are told of above the list, with the way to them. */
function EndedConnections({ count, query, change }: EndedProps) {
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
