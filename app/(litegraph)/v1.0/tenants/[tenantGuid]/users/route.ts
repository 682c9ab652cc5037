import { idempotent } from "@/lib/api/http/idempotent";
import { litegraph } from "@/lib/api/http/litegraph";
import { users as resource } from "@/lib/api/wire/litegraph/operations/users";
import { etag, user } from "@/lib/api/wire/litegraph/present";
import { newUser } from "@/lib/api/wire/litegraph/read";
import { createUser, peopleByIds } from "@/lib/identity";
import { ifMissing, inside, mustExist } from "../../../../inside";
import { users } from "../../../../kinds";
import { list } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(resource, {
  GET: list({
    all: users,
    some: async (call, guids) => {
      const actor = await ifMissing(inside(call), null);
      return actor ? (await peopleByIds(actor, guids)).map(user) : [];
    },
  }),
  PUT: async (call) => {
    const actor = await mustExist(inside(call), "TenantGUID");
    const input = newUser(await call.json());
    return idempotent(call, async (reservedId) => {
      const made = await createUser(actor, { ...input, reservedId });
      return { status: 200 as const, body: user(made), headers: etag(made) };
    });
  },
});
