import type { Call, PublicCall } from "@/lib/api/http/call";
import { answersPages } from "@/lib/api/http/litegraph-prefix";
import { refuseOtherTenant } from "@/lib/api/wire/litegraph/enumeration";
import { page } from "@/lib/api/wire/litegraph/present";
import { type Enumeration, listQuery, pageQuery, pageSearch, type Stretch } from "@/lib/api/wire/litegraph/query";

interface Named {
  GUID: string;
}

export interface Items<Item extends Named> {
  items: Item[];
  total: number;
  remaining: number;
}

/** The ways to read a list of the first version. */
interface Reading<C, Item extends Named> {
  /** A stretch of all there are. */
  all: (call: C, wanted: Stretch) => Promise<Items<Item>>;
  /** Those of these that are there. */
  some: (call: C, guids: string[]) => Promise<Item[]>;
}

/** A list of the first version: an array or a page, as its caller's release expects it. */
export const list =
  <C extends Pick<PublicCall, "path" | "query">, Item extends Named>({ all, some }: Reading<C, Item>) =>
  async (call: C) => {
    const began = new Date();
    const wanted = listQuery(call.query, answersPages(call.path));
    const found = wanted.guids ? whole(await some(call, wanted.guids)) : await all(call, wanted);
    const body = wanted.paged ? page(found, wanted.limit, began, new Date()) : found.items;
    return { status: 200 as const, body };
  };

const whole = <Item extends Named>(items: Item[]): Items<Item> => ({ items, total: items.length, remaining: 0 });

/** Both ways to ask for pages of one kind: by query parameters, and by a body. */
export function enumeration<Item extends Named>(read: (call: Call, wanted: Enumeration) => Promise<Items<Item>>) {
  const answering = (wantedBy: (call: Call) => Promise<Enumeration>) => async (call: Call) => {
    const began = new Date();
    const wanted = await wantedBy(call);
    const result = await read(call, wanted);
    return { status: 200 as const, body: page(result, wanted.limit, began, new Date()) };
  };
  return {
    GET: answering(async ({ query }) => pageQuery(query)),
    POST: answering(async ({ json, params }) => refuseOtherTenant(pageSearch(await json()), params.tenantGuid)),
  };
}
