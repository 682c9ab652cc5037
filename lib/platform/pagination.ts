import { notFound } from "@/lib/platform/refusal";

/** A stretch of a list: after `skip` rows, or after the row whose id is `after`; at most `limit` rows. */
export interface PageRequest {
  order?: ListOrder | undefined;
  skip?: number | undefined;
  after?: string | undefined;
  limit: number;
}

export const listOrders = ["created_desc", "created_asc", "name_asc", "name_desc", "id_asc", "id_desc"] as const;
export type ListOrder = (typeof listOrders)[number];

export interface Page<T> {
  items: T[];
  /** All rows of the list, this page's and the others'. */
  total: number;
  /** Rows behind this page. */
  remaining: number;
}

/** What a table is asked for; the id breaks ties, so equal times or names are never passed over. */
interface Window {
  orderBy: Record<string, Direction>[];
  skip: number;
  take: number;
}
type Direction = "asc" | "desc";
/** Rows behind one row, as a condition; empty for all of them. */
type Beyond = { OR?: Record<string, unknown>[] };

interface Source<Row> {
  find: (beyond: Beyond, window: Window) => Promise<Row[]>;
  count: (beyond: Beyond) => Promise<number>;
  at: (id: string) => Promise<Row | null>;
}

/** The largest page. */
export const PAGE_MAX = 10_000;

/**
 * Reads one page from a table.
 * @throws Refusal "not_found" when `after` is not in the list
 */
export async function readPage<Row extends Sortable>(request: PageRequest, source: Source<Row>): Promise<Page<Row>> {
  const [column, direction] = sortedBy[request.order ?? "created_desc"];
  const beyond = request.after === undefined ? {} : behind(await source.at(request.after), column, direction);
  const orderBy = [...new Set([column, "id"])].map((one) => ({ [one]: direction }));
  const skip = request.skip ?? 0;
  const rows = await source.find(beyond, { orderBy, skip, take: Math.min(request.limit, PAGE_MAX) });
  const total = await source.count({});
  const behindHere = request.after === undefined ? total : await source.count(beyond);
  return { items: rows, total, remaining: Math.max(0, behindHere - skip - rows.length) };
}

interface Sortable {
  id: string;
  name: string;
  createdAt: Date;
}

/** Written out, not left to the library: its own cursor reads the whole list where the key has two columns. */
function behind(row: Sortable | null, column: keyof Sortable, direction: Direction): Beyond {
  if (!row) throw notFound();
  const past = direction === "asc" ? "gt" : "lt";
  const farther = { [column]: { [past]: row[column] } };
  return { OR: column === "id" ? [farther] : [farther, { [column]: row[column], id: { [past]: row.id } }] };
}

const sortedBy = {
  created_desc: ["createdAt", "desc"],
  created_asc: ["createdAt", "asc"],
  name_asc: ["name", "asc"],
  name_desc: ["name", "desc"],
  id_asc: ["id", "asc"],
  id_desc: ["id", "desc"],
} as const satisfies Record<ListOrder, readonly [string, "asc" | "desc"]>;
