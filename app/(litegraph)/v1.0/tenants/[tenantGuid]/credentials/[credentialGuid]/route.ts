import type { Call } from "@/lib/api/http/call";
import { litegraph } from "@/lib/api/http/litegraph";
import { oneCredential } from "@/lib/api/wire/litegraph/operations/credentials";
import { credential, etag } from "@/lib/api/wire/litegraph/present";
import { credentialChange } from "@/lib/api/wire/litegraph/read";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { readToken, replaceToken, revokeToken, tokenOwner } from "@/lib/identity/tokens";
import { ifMissing, inside, mustExist } from "../../../../../inside";

const read = async (call: Call) => {
  const id = guid(call.params.credentialGuid, "credential");
  const actor = await inside(call);
  const view = await readToken(actor, id);
  return { status: 200 as const, body: credential(view, actor.orgId), headers: etag(view) };
};

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(oneCredential, {
  GET: read,
  HEAD: read,
  PUT: async (call) => {
    const actor = await mustExist(inside(call), "TenantGUID");
    const { ownerId, change } = credentialChange(await call.json(), call.headers);
    if (ownerId !== undefined) await mustExist(tokenOwner(actor, ownerId), "UserGUID");
    const { view, token } = await replaceToken(actor, guid(call.params.credentialGuid, "credential"), change);
    return { status: 200 as const, body: credential(view, actor.orgId, token), headers: etag(view) };
  },
  DELETE: async (call) => {
    const id = guid(call.params.credentialGuid, "credential");
    const actor = await ifMissing(inside(call), null);
    if (actor) await ifMissing(revokeToken(actor, id), undefined);
    return { status: 200 };
  },
});
