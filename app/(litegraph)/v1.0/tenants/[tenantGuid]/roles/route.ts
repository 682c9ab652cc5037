import { litegraph } from "@/lib/api/http/litegraph";
import { numberedPage, rolesLike } from "@/lib/api/wire/litegraph/authorization";
import { tenantRoles } from "@/lib/api/wire/litegraph/operations/users";
import { ifMissing, inside } from "../../../../inside";
import { writesOfRoles } from "../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(tenantRoles, {
  ...writesOfRoles,
  GET: async (call) => {
    const actor = await ifMissing(inside(call), null);
    return { status: 200 as const, body: numberedPage(actor ? rolesLike(call.query) : [], call.query) };
  },
});
