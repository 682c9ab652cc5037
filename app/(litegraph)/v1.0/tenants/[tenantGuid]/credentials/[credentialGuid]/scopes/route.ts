import { litegraph } from "@/lib/http/litegraph";
import { credentialScopeAssignments, numberedPage } from "@/lib/wire/litegraph/authorization";
import { writesOfScopes } from "../../../../../../read-only";
import { owned } from "../owned";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v1.0/tenants/{tenant}/credentials/{credential}/scopes",
  {
    ...writesOfScopes,
    GET: async (call) => {
      const { view, owner, tenantGuid } = await owned(call);
      const all = credentialScopeAssignments(view, tenantGuid, owner?.role ?? "integration");
      return { status: 200, body: numberedPage(all, call.query) };
    },
  },
);
