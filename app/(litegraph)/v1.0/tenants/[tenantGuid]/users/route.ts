import { idempotent } from "@/lib/http/idempotent";
import { litegraph } from "@/lib/http/litegraph";
import { createUser, listPeople, peopleByIds } from "@/lib/people";
import { etag, user } from "@/lib/wire/litegraph/present";
import { listQuery } from "@/lib/wire/litegraph/query";
import { newUser } from "@/lib/wire/litegraph/read";
import { EMPTY, ifMissing, inside, mustExist } from "../../../../inside";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph("/v1.0/tenants/{tenant}/users", {
  GET: async (call) => {
    const wanted = listQuery(call.query);
    const actor = await ifMissing(inside(call), null);
    if (!actor) return { status: 200, body: EMPTY.items };
    const views = wanted.guids ? await peopleByIds(actor, wanted.guids) : (await listPeople(actor, wanted)).items;
    return { status: 200, body: views.map(user) };
  },
  PUT: async (call) => {
    const actor = await mustExist(inside(call), "TenantGUID");
    const input = newUser(await call.json());
    return idempotent(call, async (reservedId) => {
      const made = await createUser(actor, { ...input, reservedId });
      return { status: 200, body: user(made), headers: etag(made) };
    });
  },
});
