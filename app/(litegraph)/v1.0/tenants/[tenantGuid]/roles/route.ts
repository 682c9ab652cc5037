import { litegraph } from "@/lib/http/litegraph";
import { numberedPage, rolesLike } from "@/lib/wire/litegraph/authorization";
import { ifMissing, inside } from "../../../../inside";
import { writesOfRoles } from "../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph("/v1.0/tenants/{tenant}/roles", {
  ...writesOfRoles,
  GET: async (call) => {
    const actor = await ifMissing(inside(call), null);
    return { status: 200, body: numberedPage(actor ? rolesLike(call.query) : [], call.query) };
  },
});
