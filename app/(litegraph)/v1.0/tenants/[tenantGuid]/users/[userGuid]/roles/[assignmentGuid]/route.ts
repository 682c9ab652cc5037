import { litegraph } from "@/lib/http/litegraph";
import { getPerson } from "@/lib/people";
import { oneOf, userRoleAssignments } from "@/lib/wire/litegraph/authorization";
import { guid } from "@/lib/wire/litegraph/shape";
import { inside } from "../../../../../../../inside";
import { writesOfRoles } from "../../../../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v1.0/tenants/{tenant}/users/{user}/roles/{assignment}",
  {
    ...writesOfRoles,
    GET: async (call) => {
      const id = guid(call.params.assignmentGuid, "assignment");
      const view = await getPerson(await inside(call), guid(call.params.userGuid, "user"));
      return { status: 200, body: oneOf(userRoleAssignments(view), id) };
    },
  },
);
