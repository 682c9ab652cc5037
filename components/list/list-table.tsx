import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { Key, ReactNode } from "react";
import { cn } from "@/components/ui/class-names";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { type AskedList, ListFoot } from "./list-foot";
import { FailedRows, LoadingRows, WholeRow } from "./rows";

/** One column of a list. */
export interface Column<Item, Order extends string = never> {
  id: string;
  head: string;
  /** The head is only read out: what stands below it speaks for itself. */
  headHidden?: boolean;
  /** How wide it is and from which width of the screen on it shows, for its head, its cells and what loads in them. */
  className?: string;
  cellClass?: string | ((item: Item) => string);
  cell: (item: Item) => ReactNode;
  /** The orders that the server knows for it, the one first that a first press asks for. */
  orders?: readonly [Order, Order];
}

interface Props<Item, Order extends string> {
  /** Read out as the table's name. */
  label: string;
  columns: readonly Column<Item, Order>[];
  rows: readonly Item[];
  keyOf: (item: Item, index: number) => Key;
  /** What stands in place of the rows where there are none: why, and what to do about it. */
  empty: ReactNode;
  /** The question that the rows answer; left out where they came with the page. */
  list?: AskedList;
  total?: number | undefined;
  /** The foot says nothing where all is well and shown. */
  quiet?: boolean;
  /** The words on the way to more rows. */
  more?: string;
  loadingRows?: number;
  sort?: Order;
  onSort?: (order: Order) => void;
}

/**
 * Every list of things, in each of its states: rows on their way in the room that they will take, none, an error that
 * leaves the rest of the page in use, and the way to more. Ordering, searching and paging are the server's; this draws
 * what it answered. It uses no hooks, so that a page may draw it on the server as well.
 */
export function ListTable<Item, Order extends string = never>({
  label,
  columns,
  rows,
  keyOf,
  sort,
  onSort,
  list,
  total,
  quiet,
  more,
  ...states
}: Props<Item, Order>) {
  const busy = list?.isPlaceholderData === true;
  return (
    <>
      <TableFrame busy={busy}>
        <Table className="table-fixed" aria-label={label} aria-busy={busy || list?.isPending === true}>
          <thead className="md:sticky md:top-0 md:z-10 md:bg-surface">
            <tr>
              {columns.map((column) => (
                <Head key={column.id} column={column} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.length === 0 ? (
              <Instead {...states} list={list} columns={columns.map(({ className }) => className)} />
            ) : (
              rows.map((item, index) => (
                <Row key={keyOf(item, index)}>
                  {columns.map((column) => (
                    <Cell key={column.id} className={cn(column.className, cellClassOf(column, item))}>
                      {column.cell(item)}
                    </Cell>
                  ))}
                </Row>
              ))
            )}
          </tbody>
        </Table>
      </TableFrame>
      {list && <ListFoot list={list} shown={rows.length} total={total} quiet={quiet} more={more} />}
    </>
  );
}

const cellClassOf = <Item, Order extends string>({ cellClass }: Column<Item, Order>, item: Item) =>
  typeof cellClass === "function" ? cellClass(item) : cellClass;

interface InsteadProps {
  list: AskedList | undefined;
  columns: (string | undefined)[];
  empty: ReactNode;
  loadingRows?: number;
}

function Instead({ list, columns, empty, loadingRows }: InsteadProps) {
  if (list?.isError) return <FailedRows error={list.error} retry={() => void list.refetch()} />;
  if (list?.isPending) return <LoadingRows columns={columns} rows={loadingRows} />;
  return <WholeRow>{empty}</WholeRow>;
}

type HeadProps<Item, Order extends string> = Pick<Props<Item, Order>, "sort" | "onSort"> & {
  column: Column<Item, Order>;
};

function Head<Item, Order extends string>({ column, sort, onSort }: HeadProps<Item, Order>) {
  const { head, headHidden, className, orders } = column;
  if (!orders || !onSort) {
    return <HeaderCell className={className}>{headHidden ? <span className="sr-only">{head}</span> : head}</HeaderCell>;
  }
  const [first, second] = orders;
  const current = orders.find((order) => order === sort);
  const state = current === undefined ? "none" : current.startsWith("-") ? "descending" : "ascending";
  const Icon = { none: ChevronsUpDown, ascending: ArrowUp, descending: ArrowDown }[state];
  return (
    <HeaderCell className={className} aria-sort={state}>
      <button
        type="button"
        onClick={() => onSort(current === first ? second : first)}
        className={cn(
          "-mx-1 inline-flex h-7 items-center gap-1 rounded px-1 hover:text-ink",
          current !== undefined && "font-semibold text-ink",
        )}
      >
        {head}
        <Icon aria-hidden className={cn("size-3.5", current === undefined && "opacity-55")} />
      </button>
    </HeaderCell>
  );
}
