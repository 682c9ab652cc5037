import { litegraph } from "@/lib/api/http/litegraph";
import { oneOf, userRoleAssignments } from "@/lib/api/wire/litegraph/authorization";
import { roleOfUser } from "@/lib/api/wire/litegraph/operations/users";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { getPerson } from "@/lib/identity";
import { inside } from "../../../../../../../inside";
import { writesOfRoles } from "../../../../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(roleOfUser, {
  ...writesOfRoles,
  GET: async (call) => {
    const id = guid(call.params.assignmentGuid, "assignment");
    const view = await getPerson(await inside(call), guid(call.params.userGuid, "user"));
    return { status: 200 as const, body: oneOf(userRoleAssignments(view), id) };
  },
});
