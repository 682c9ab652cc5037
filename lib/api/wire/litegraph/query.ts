import type { ListOrder, PageRequest } from "@/lib/platform/pagination";
import { invalidField } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { type orderNames, searchBody } from "./schemas/list";
import { guid, shaped } from "./shape";

/** What lists and pages are asked for, by parameters and by bodies. */
const orders = {
  CreatedAscending: "created_asc",
  CreatedDescending: "created_desc",
  NameAscending: "name_asc",
  NameDescending: "name_desc",
  GuidAscending: "id_asc",
  GuidDescending: "id_desc",
  // Orders of graph objects, which have no meaning here.
  CostAscending: "created_desc",
  CostDescending: "created_desc",
  MostConnected: "created_desc",
  LeastConnected: "created_desc",
} as const satisfies Record<(typeof orderNames)[number], ListOrder>;

/** More than this is not read at once; beyond it there are pages. */
const LIST_MAX = 10_000;
const PAGE_MAX = 1_000;

/** What a list of the first version is asked for: the objects that `guids` names, or a stretch of all. */
export type ListRequest = { paged: boolean } & (
  | (PageRequest & { guids?: undefined })
  | { guids: string[]; limit: number }
);

/**
 * Reads what a list of the first version is asked for. It is answered as a page where the installation or the address says so, and
 * where the request uses what came with pages: no earlier client sends that.
 */
export function listQuery(query: URLSearchParams, pages: boolean): ListRequest {
  const paged = pages || ["max-keys", "maxKeys", "token"].some((name) => query.has(name));
  const guids = single(query, "guids");
  if (guids !== undefined) {
    const named = guids.split(",").map((one) => one.trim().toLowerCase());
    return { paged, guids: named.filter(isUuid).slice(0, PAGE_MAX), limit: PAGE_MAX };
  }
  if (paged) return { paged, ...pageQuery(query) };
  return { paged, order: order(query), skip: whole(query, "skip", 0), limit: LIST_MAX };
}

/** The part of a whole list that is asked for. */
export type Stretch = PageRequest;

export interface Enumeration extends PageRequest {
  ownerId?: string | undefined;
  tenantId?: string | undefined;
}

export function pageQuery(query: URLSearchParams): Enumeration {
  const token = single(query, "token");
  const size = whole(query, "maxKeys", whole(query, "max-keys", PAGE_MAX));
  return {
    limit: pageSize(size),
    skip: whole(query, "skip", 0),
    after: token ? guid(token, "token") : undefined,
    order: order(query),
  };
}

const pageSize = (size: number): number => {
  if (size < 1 || size > PAGE_MAX) throw invalidField("maxKeys", "Must be 1 to 1000");
  return size;
};

export function pageSearch(body: Record<string, unknown>): Enumeration {
  const input = shaped(searchBody, body);
  return {
    limit: pageSize(input.MaxResults ?? PAGE_MAX),
    skip: input.Skip ?? 0,
    after: input.ContinuationToken,
    order: input.Ordering ? orderOf(input.Ordering) : undefined,
    ownerId: input.UserGUID,
    tenantId: input.TenantGUID,
  };
}

const order = (query: URLSearchParams): ListOrder | undefined => {
  const word = single(query, "order");
  return word ? orderOf(word) : undefined;
};

function orderOf(word: string): ListOrder {
  const order = Object.hasOwn(orders, word) ? orders[word as keyof typeof orders] : undefined;
  if (!order) throw invalidField("order", `Must be one of: ${Object.keys(orders).join(", ")}`);
  return order;
}

function whole(query: URLSearchParams, name: string, standard: number): number {
  const given = single(query, name);
  if (given === undefined || given === "") return standard;
  if (!/^\d{1,7}$/.test(given)) throw invalidField(name, "Must be a whole number that is not negative");
  return Number(given);
}

function single(query: URLSearchParams, name: string): string | undefined {
  const given = query.getAll(name);
  if (given.length > 1) throw invalidField(name, "Is given twice");
  return given[0];
}
