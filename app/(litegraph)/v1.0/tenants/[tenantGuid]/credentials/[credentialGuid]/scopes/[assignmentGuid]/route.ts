import { litegraph } from "@/lib/http/litegraph";
import { credentialScopeAssignments, oneOf } from "@/lib/wire/litegraph/authorization";
import { guid } from "@/lib/wire/litegraph/shape";
import { writesOfScopes } from "../../../../../../../read-only";
import { owned } from "../../owned";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v1.0/tenants/{tenant}/credentials/{credential}/scopes/{assignment}",
  {
    ...writesOfScopes,
    GET: async (call) => {
      const id = guid(call.params.assignmentGuid, "assignment");
      const { view, owner, tenantGuid } = await owned(call);
      const all = credentialScopeAssignments(view, tenantGuid, owner?.role ?? "integration");
      return { status: 200, body: oneOf(all, id) };
    },
  },
);
