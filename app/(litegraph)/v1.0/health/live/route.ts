import { litegraph } from "@/lib/http/litegraph";
import { NODE } from "@/lib/http/node-name";
import { live } from "@/lib/wire/litegraph/operations/tenants";
import { health } from "@/lib/wire/litegraph/present";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.open(live, {
  GET: async () => ({ status: 200, body: health(NODE) }),
});
