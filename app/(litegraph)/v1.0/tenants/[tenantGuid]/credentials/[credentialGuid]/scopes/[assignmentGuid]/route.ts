import { litegraph } from "@/lib/http/litegraph";
import { credentialScopeAssignments, oneOf } from "@/lib/wire/litegraph/authorization";
import { oneScope } from "@/lib/wire/litegraph/operations/credentials";
import { guid } from "@/lib/wire/litegraph/shape";
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
