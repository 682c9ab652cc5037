import { litegraph } from "@/lib/api/http/litegraph";
import { NODE } from "@/lib/api/http/node-name";
import { live } from "@/lib/api/wire/litegraph/operations/tenants";
import { health } from "@/lib/api/wire/litegraph/present";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.public(live, {
  GET: async () => ({ status: 200, body: health(NODE) }),
});
