import { credentialInBody } from "@/app/(superai)/api/credential-in-path";
import { askForAccess, listRequests } from "@/lib/access";
import { idempotent } from "@/lib/api/http/idempotent";
import { superai } from "@/lib/api/http/superai";
import { accessRequest, newRequest, requestQuery } from "@/lib/api/wire/superai/access";
import { accessRequests } from "@/lib/api/wire/superai/operations/access";

/** What people ask of those who manage a credential. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(accessRequests, {
  GET: async ({ actor, query }) => {
    const views = await listRequests(actor, requestQuery(query));
    return { status: 200, body: views.map(accessRequest) };
  },
  POST: async (call) => {
    const { credential_id, right, reason } = newRequest(await call.json());
    const credentialId = await credentialInBody(call.actor, credential_id);
    return idempotent(call, async (reservedId) => {
      const view = await askForAccess(call.actor, { credentialId, right, reason, reservedId });
      return { status: 201, body: accessRequest(view) };
    });
  },
});
