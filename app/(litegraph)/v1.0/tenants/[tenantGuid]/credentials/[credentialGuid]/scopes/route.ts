import { litegraph } from "@/lib/api/http/litegraph";
import { credentialScopeAssignments, numberedPage } from "@/lib/api/wire/litegraph/authorization";
import { scopes } from "@/lib/api/wire/litegraph/operations/credentials";
import { writesOfScopes } from "../../../../../../read-only";
import { owned } from "../owned";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(scopes, {
  ...writesOfScopes,
  GET: async (call) => {
    const { view, owner, tenantGuid } = await owned(call);
    const all = credentialScopeAssignments(view, tenantGuid, owner?.role ?? "integration");
    return { status: 200 as const, body: numberedPage(all, call.query) };
  },
});
