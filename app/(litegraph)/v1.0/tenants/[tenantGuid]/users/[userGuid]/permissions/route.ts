import { litegraph } from "@/lib/http/litegraph";
import { getPerson } from "@/lib/people";
import { userPermissions } from "@/lib/wire/litegraph/authorization";
import { permissionsOfUser } from "@/lib/wire/litegraph/operations/users";
import { guid } from "@/lib/wire/litegraph/shape";
import { inside } from "../../../../../../inside";
import { graphIn } from "../../../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(permissionsOfUser, {
  GET: async (call) => {
    const view = await getPerson(await inside(call), guid(call.params.userGuid, "user"));
    return { status: 200 as const, body: userPermissions(view, graphIn(call.query)) };
  },
});
