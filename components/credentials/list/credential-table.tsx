"use client";

import { type SortingState, useTable } from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { useMemo } from "react";
import { cn } from "@/components/ui/class-names";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import type { CredentialWithUses } from "@/lib/plugin-instances";
import { type SortOrder, sortOrders } from "@/lib/vocabulary/credential-view";
import { columnClass, columnsFor, features } from "./columns";
import type { Density } from "./density";
import { defaultSort } from "./list-query";

interface Props {
  rows: CredentialWithUses[];
  density: Density;
  sort: SortOrder;
  onSort: (sort: SortOrder) => void;
  busy: boolean;
  actions: (view: CredentialWithUses) => ReactNode;
  /** Stands where the rows would: loading, empty, an error. */
  instead?: ReactNode;
}

const sortingOf = (sort: SortOrder): SortingState => [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }];
const sortOf = ([first]: SortingState): SortOrder =>
  sortOrders.find((order) => order === `${first?.desc ? "-" : ""}${first?.id}`) ?? defaultSort;

/** Sorting, searching and paging are the server's; this draws what it answered. */
export function CredentialTable({ rows, density, sort, onSort, busy, actions, instead }: Props) {
  const columns = useMemo(() => columnsFor(density), [density]);
  const sorting = useMemo(() => sortingOf(sort), [sort]);
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row) => row.id,
    manualSorting: true,
    enableSortingRemoval: false,
    state: { sorting },
    onSortingChange: (update) => onSort(sortOf(typeof update === "function" ? update(sorting) : update)),
  });
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const pad = density === "compact" ? "py-0.5" : "py-1";
  return (
    <TableFrame busy={busy}>
      <Table className="table-fixed" aria-label="Credentials" aria-busy={busy}>
        <thead className="md:sticky md:top-0 md:z-10 md:bg-surface">
          <tr>
            {headers.map((header) => (
              <HeaderCell key={header.id} className={cn(columnClass[header.id])} aria-sort={ariaSort(header.column)}>
                {header.column.getCanSort() ? (
                  <SortButton state={header.column.getIsSorted()} onClick={header.column.getToggleSortingHandler()}>
                    <table.FlexRender header={header} />
                  </SortButton>
                ) : (
                  <table.FlexRender header={header} />
                )}
              </HeaderCell>
            ))}
            <HeaderCell className={columnClass.actions}>
              <span className="sr-only">Actions</span>
            </HeaderCell>
          </tr>
        </thead>
        <tbody>
          {instead ||
            table.getRowModel().rows.map((row) => (
              <Row key={row.id}>
                {row.getAllCells().map((cell) => (
                  <Cell key={cell.id} className={cn(columnClass[cell.column.id], pad)}>
                    <table.FlexRender cell={cell} />
                  </Cell>
                ))}
                <Cell className={cn(columnClass.actions, "py-0")}>{actions(row.original)}</Cell>
              </Row>
            ))}
        </tbody>
      </Table>
    </TableFrame>
  );
}

interface Sortable {
  getCanSort: () => boolean;
  getIsSorted: () => false | "asc" | "desc";
}

function ariaSort(column: Sortable): "ascending" | "descending" | "none" | undefined {
  if (!column.getCanSort()) return undefined;
  const state = column.getIsSorted();
  return state === false ? "none" : state === "asc" ? "ascending" : "descending";
}

interface SortButtonProps {
  state: false | "asc" | "desc";
  onClick: ((event: unknown) => void) | undefined;
  children: ReactNode;
}

function SortButton({ state, onClick, children }: SortButtonProps) {
  const Icon = state === false ? ChevronsUpDown : state === "asc" ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={onClick}
      className={cn(
        "-mx-1 inline-flex h-7 items-center gap-1 rounded px-1 hover:text-ink",
        state !== false && "font-semibold text-ink",
      )}
    >
      {children}
      <Icon aria-hidden className={cn("size-3.5", state === false && "opacity-55")} />
    </button>
  );
}
