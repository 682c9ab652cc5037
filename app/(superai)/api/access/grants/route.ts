import { credentialInQuery } from "@/app/(superai)/api/credential-in-path";
import { grantAccess, listGrants } from "@/lib/access";
import { idempotent } from "@/lib/api/http/idempotent";
import { superai } from "@/lib/api/http/superai";
import { grant, grantQuery, newGrant } from "@/lib/api/wire/superai/access";
import { grants } from "@/lib/api/wire/superai/operations/access";
import { pageHeaders } from "@/lib/api/wire/superai/paging";

/** Each right that is granted to somebody over something is one of them. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(grants, {
  GET: async ({ actor, query }) => {
    const { subject_id, credential_id, limit, cursor } = grantQuery(query);
    const credentialId = credential_id === undefined ? undefined : await credentialInQuery(actor, credential_id);
    const { items, next } = await listGrants(actor, { subjectId: subject_id, credentialId, limit, cursor });
    return { status: 200, body: items.map(grant), headers: pageHeaders(query, next) };
  },
  POST: async (call) => {
    const input = newGrant(await call.json());
    // The same grant made twice is one: no id is needed to know it by.
    return idempotent(call, async () => ({ status: 201, body: (await grantAccess(call.actor, input)).map(grant) }));
  },
});
