import { litegraph } from "@/lib/api/http/litegraph";
import { NODE } from "@/lib/api/http/node-name";
import { notReady } from "@/lib/api/http/readiness";
import { readiness } from "@/lib/api/wire/litegraph/operations/tenants";
import { health } from "@/lib/api/wire/litegraph/present";

/** Says what `/api/health` says, in this dialect's words. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.public(readiness, {
  GET: async () => {
    const failing = await notReady();
    const body = health(NODE, failing);
    return failing.size === 0 ? { status: 200, body } : { status: 503, body, headers: { "Retry-After": "2" } };
  },
});
