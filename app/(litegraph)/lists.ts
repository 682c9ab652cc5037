import { answersPages } from "@/lib/http/litegraph-prefix";
import type { Answer, Call, Handler, HttpMethod, OpenCall } from "@/lib/http/route";
import { refuseOtherTenant } from "@/lib/wire/litegraph/enumeration";
import { page } from "@/lib/wire/litegraph/present";
import { type Enumeration, listQuery, pageQuery, pageSearch, type Stretch } from "@/lib/wire/litegraph/query";

export interface Items {
  items: { GUID: string }[];
  total: number;
  remaining: number;
}

/** The ways to read a list of the first version. */
interface Reading<C> {
  /** A stretch of all there are. */
  all: (call: C, wanted: Stretch) => Promise<Items>;
  /** Those of these that are there. */
  some: (call: C, guids: string[]) => Promise<Items["items"]>;
}

/** A list of the first version: an array or a page, as its caller's release expects it. */
export const list =
  <C extends Pick<OpenCall, "path" | "query">>({ all, some }: Reading<C>) =>
  async (call: C): Promise<Answer> => {
    const began = new Date();
    const wanted = listQuery(call.query, answersPages(call.path));
    const found = wanted.guids ? whole(await some(call, wanted.guids)) : await all(call, wanted);
    const body = wanted.paged ? page(found, wanted.limit, began, new Date()) : found.items;
    return { status: 200, body };
  };

const whole = (items: Items["items"]): Items => ({ items, total: items.length, remaining: 0 });

/** Both ways to ask for pages of one kind: by query parameters, and by a body. */
export function enumeration(read: (call: Call, wanted: Enumeration) => Promise<Items>) {
  const answering =
    (wantedBy: (call: Call) => Promise<Enumeration>): Handler =>
    async (call) => {
      const began = new Date();
      const wanted = await wantedBy(call);
      const result = await read(call, wanted);
      return { status: 200, body: page(result, wanted.limit, began, new Date()) };
    };
  return {
    GET: answering(async ({ query }) => pageQuery(query)),
    POST: answering(async ({ json, params }) => refuseOtherTenant(pageSearch(await json()), params.tenantGuid)),
  } satisfies Partial<Record<HttpMethod, Handler>>;
}
