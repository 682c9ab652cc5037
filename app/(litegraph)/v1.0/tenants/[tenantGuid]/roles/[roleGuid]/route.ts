import { litegraph } from "@/lib/http/litegraph";
import { oneOf, roles } from "@/lib/wire/litegraph/authorization";
import { guid } from "@/lib/wire/litegraph/shape";
import { inside } from "../../../../../inside";
import { writesOfRoles } from "../../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph("/v1.0/tenants/{tenant}/roles/{role}", {
  ...writesOfRoles,
  GET: async (call) => {
    const id = guid(call.params.roleGuid, "role");
    await inside(call);
    return { status: 200, body: oneOf(roles(), id) };
  },
});
