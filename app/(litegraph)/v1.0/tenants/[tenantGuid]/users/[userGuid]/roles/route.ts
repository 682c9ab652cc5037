import { litegraph } from "@/lib/http/litegraph";
import { getPerson } from "@/lib/people";
import { numberedPage, userRoleAssignments } from "@/lib/wire/litegraph/authorization";
import { rolesOfUser } from "@/lib/wire/litegraph/operations/users";
import { guid } from "@/lib/wire/litegraph/shape";
import { inside } from "../../../../../../inside";
import { writesOfRoles } from "../../../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(rolesOfUser, {
  ...writesOfRoles,
  GET: async (call) => {
    const view = await getPerson(await inside(call), guid(call.params.userGuid, "user"));
    return { status: 200 as const, body: numberedPage(userRoleAssignments(view), call.query) };
  },
});
