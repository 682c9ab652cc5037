import { litegraph } from "@/lib/http/litegraph";
import { oneOf, roles } from "@/lib/wire/litegraph/authorization";
import { oneRole } from "@/lib/wire/litegraph/operations/users";
import { guid } from "@/lib/wire/litegraph/shape";
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
