import { litegraph } from "@/lib/http/litegraph";
import { credentialPermissions } from "@/lib/wire/litegraph/authorization";
import { graphIn } from "../../../../../../read-only";
import { owned } from "../owned";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v1.0/tenants/{tenant}/credentials/{credential}/permissions",
  {
    GET: async (call) => {
      const { view, owner, tenantGuid } = await owned(call);
      return { status: 200, body: credentialPermissions(view, tenantGuid, owner, graphIn(call.query)) };
    },
  },
);
