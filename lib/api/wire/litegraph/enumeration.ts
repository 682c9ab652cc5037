import type { ListOrder, Page, PageRequest } from "@/lib/platform/pagination";
import { invalidField, notFound } from "@/lib/platform/refusal";
import type { Enumeration } from "./query";

/**
 * The tenant of the address counts, always. A body that names another one is refused: whoever sent it would read the
 * answer as that one's.
 * @throws Refusal "invalid"
 */
export function refuseOtherTenant(wanted: Enumeration, tenantGuid: string | undefined): Enumeration {
  if (wanted.tenantId !== undefined && tenantGuid !== undefined && wanted.tenantId !== tenantGuid.toLowerCase()) {
    throw invalidField("TenantGUID", "Must be the tenant of the address, or left out");
  }
  return wanted;
}

interface Sortable {
  GUID: string;
  Name: string;
  CreatedUtc: string;
}

const columns = { created: "CreatedUtc", name: "Name", id: "GUID" } as const;

/** A list that is held whole, in this order; the GUID tells equal ones apart. */
export function ordered<T extends Sortable>(all: T[], order: ListOrder | undefined): T[] {
  if (!order) return all;
  const [by, direction] = order.split("_") as [keyof typeof columns, "asc" | "desc"];
  const compare = (one: T, other: T) =>
    one[columns[by]].localeCompare(other[columns[by]]) || one.GUID.localeCompare(other.GUID);
  return all.toSorted((one, other) => (direction === "asc" ? compare(one, other) : compare(other, one)));
}

/** A page of a list that is held whole, in the order that it comes in. @throws Refusal "not_found" when `after` is not in it */
export function stretch<T extends { GUID: string }>(all: T[], { skip = 0, after, limit }: PageRequest): Page<T> {
  const last = after === undefined ? -1 : all.findIndex(({ GUID }) => GUID === after);
  if (after !== undefined && last < 0) throw notFound();
  const from = last + 1 + skip;
  const items = all.slice(from, from + limit);
  return { items, total: all.length, remaining: Math.max(0, all.length - from - items.length) };
}
