import { litegraph } from "@/lib/api/http/litegraph";
import { credentialScopeAssignments, oneOf } from "@/lib/api/wire/litegraph/authorization";
import { oneScope } from "@/lib/api/wire/litegraph/operations/credentials";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { writesOfScopes } from "../../../../../../../read-only";
import { owned } from "../../owned";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(oneScope, {
  ...writesOfScopes,
  GET: async (call) => {
    const id = guid(call.params.assignmentGuid, "assignment");
    const { view, owner, tenantGuid } = await owned(call);
    const all = credentialScopeAssignments(view, tenantGuid, owner?.role ?? "integration");
    return { status: 200 as const, body: oneOf(all, id) };
  },
});
