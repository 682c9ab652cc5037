import { litegraph } from "@/lib/api/http/litegraph";
import { credentialPermissions } from "@/lib/api/wire/litegraph/authorization";
import { effectivePermissions } from "@/lib/api/wire/litegraph/operations/credentials";
import { graphIn } from "../../../../../../read-only";
import { owned } from "../owned";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(effectivePermissions, {
  GET: async (call) => {
    const { view, owner, tenantGuid } = await owned(call);
    return { status: 200 as const, body: credentialPermissions(view, tenantGuid, owner, graphIn(call.query)) };
  },
});
