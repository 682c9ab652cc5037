import { litegraph } from "@/lib/http/litegraph";
import type { Handler } from "@/lib/http/route";
import { deletePerson, getPerson, updatePerson } from "@/lib/people";
import { etag, user } from "@/lib/wire/litegraph/present";
import { userChange } from "@/lib/wire/litegraph/read";
import { guid } from "@/lib/wire/litegraph/shape";
import { ifMissing, inside, mustExist } from "../../../../../inside";

const read: Handler = async (call) => {
  const view = await getPerson(await inside(call), guid(call.params.userGuid, "user"));
  return { status: 200, body: user(view), headers: etag(view) };
};

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph("/v1.0/tenants/{tenant}/users/{user}", {
  GET: read,
  HEAD: read,
  PUT: async (call) => {
    const actor = await mustExist(inside(call), "TenantGUID");
    const change = userChange(await call.json(), call.headers);
    const view = await updatePerson(actor, guid(call.params.userGuid, "user"), change);
    return { status: 200, body: user(view), headers: etag(view) };
  },
  DELETE: async (call) => {
    const id = guid(call.params.userGuid, "user");
    const actor = await ifMissing(inside(call), null);
    if (actor) await ifMissing(deletePerson(actor, id), undefined);
    return { status: 200 };
  },
});
