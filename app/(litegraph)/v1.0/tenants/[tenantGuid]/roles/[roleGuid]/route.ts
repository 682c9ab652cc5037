import { litegraph } from "@/lib/api/http/litegraph";
import { oneOf, roles } from "@/lib/api/wire/litegraph/authorization";
import { oneRole } from "@/lib/api/wire/litegraph/operations/users";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { inside } from "../../../../../inside";
import { writesOfRoles } from "../../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(oneRole, {
  ...writesOfRoles,
  GET: async (call) => {
    const id = guid(call.params.roleGuid, "role");
    await inside(call);
    return { status: 200 as const, body: oneOf(roles(), id) };
  },
});
