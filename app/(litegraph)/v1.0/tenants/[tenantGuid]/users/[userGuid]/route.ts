import type { Call } from "@/lib/api/http/call";
import { litegraph } from "@/lib/api/http/litegraph";
import { oneUser } from "@/lib/api/wire/litegraph/operations/users";
import { etag, user } from "@/lib/api/wire/litegraph/present";
import { ownChange, userChange } from "@/lib/api/wire/litegraph/read";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { can } from "@/lib/authorization/authorize";
import { deletePerson, getPerson, ownProfile, type UserView, updateOwnProfile, updatePerson } from "@/lib/identity";
import { ifMissing, inside, mustExist } from "../../../../../inside";

/** Whether somebody who looks after nobody here asks for their own record. */
function isOwn({ actor, params }: Call): boolean {
  const own = actor.kind === "user" && params.userGuid?.toLowerCase() === actor.id;
  return own && params.tenantGuid?.toLowerCase() === actor.orgId && !can(actor, "organization:administer");
}

const shown = (view: UserView) => ({ status: 200 as const, body: user(view), headers: etag(view) });

const read = async (call: Call) => {
  if (isOwn(call)) return shown(await ownProfile(call.actor));
  return shown(await getPerson(await inside(call), guid(call.params.userGuid, "user")));
};

async function updateOwn({ actor, json, headers }: Call) {
  const change = ownChange(await json(), headers, await ownProfile(actor));
  return shown(await updateOwnProfile(actor, change));
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(oneUser, {
  GET: read,
  HEAD: read,
  PUT: async (call) => {
    if (isOwn(call)) return updateOwn(call);
    const actor = await mustExist(inside(call), "TenantGUID");
    const change = userChange(await call.json(), call.headers);
    return shown(await updatePerson(actor, guid(call.params.userGuid, "user"), change));
  },
  DELETE: async (call) => {
    const id = guid(call.params.userGuid, "user");
    const actor = await ifMissing(inside(call), null);
    if (actor) await ifMissing(deletePerson(actor, id), undefined);
    return { status: 200 };
  },
});
