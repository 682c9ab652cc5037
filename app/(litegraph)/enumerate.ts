import type { Call, Handler, HttpMethod } from "@/lib/http/route";
import { refuseOtherTenant } from "@/lib/wire/litegraph/enumeration";
import { page } from "@/lib/wire/litegraph/present";
import { type Enumeration, pageQuery, pageSearch } from "@/lib/wire/litegraph/query";

interface Items {
  items: { GUID: string }[];
  total: number;
  remaining: number;
}

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
