import { litegraph } from "@/lib/http/litegraph";
import { NODE } from "@/lib/http/node-name";
import { health } from "@/lib/wire/litegraph/present";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.open("/v1.0/health/live", {
  GET: async () => ({ status: 200, body: health(NODE) }),
});
