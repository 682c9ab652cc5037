import { litegraph } from "@/lib/api/http/litegraph";
import { userPermissions } from "@/lib/api/wire/litegraph/authorization";
import { permissionsOfUser } from "@/lib/api/wire/litegraph/operations/users";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { getPerson } from "@/lib/identity";
import { inside } from "../../../../../../inside";
import { graphIn } from "../../../../../../read-only";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(permissionsOfUser, {
  GET: async (call) => {
    const view = await getPerson(await inside(call), guid(call.params.userGuid, "user"));
    return { status: 200 as const, body: userPermissions(view, graphIn(call.query)) };
  },
});
