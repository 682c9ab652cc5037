import { superai } from "@/lib/api/http/superai";
import { newUser } from "@/lib/api/wire/superai/administration";
import { organizationUsers } from "@/lib/api/wire/superai/operations/administration";
import { user } from "@/lib/api/wire/superai/present";
import { idInPath, page } from "@/lib/api/wire/superai/read";
import { listPeople } from "@/lib/identity";
import { administratorOf } from "@/lib/organizations";
import { makeUser } from "../../../users/make-user";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(organizationUsers, {
  GET: async ({ actor, params, query }) => {
    const { offset, limit } = page(query);
    const at = await administratorOf(actor, idInPath(params.organization_id, "organization"));
    const { items } = await listPeople(at, { skip: offset, limit });
    return { status: 200, body: items.map(user) };
  },
  POST: async (call) => {
    const id = idInPath(call.params.organization_id, "organization");
    return makeUser(call, { ...newUser(await call.json()), path: id });
  },
});
