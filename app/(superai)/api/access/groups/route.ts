import { createGroup, listGroups } from "@/lib/access";
import { idempotent } from "@/lib/api/http/idempotent";
import { superai } from "@/lib/api/http/superai";
import { group, newGroup } from "@/lib/api/wire/superai/access";
import { groups } from "@/lib/api/wire/superai/operations/access";

/** Groups of people, to whom something is granted together. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(groups, {
  GET: async ({ actor }) => ({ status: 200, body: (await listGroups(actor)).map(group) }),
  POST: async (call) => {
    const input = newGroup(await call.json());
    return idempotent(call, async (reservedId) => {
      return { status: 201, body: group(await createGroup(call.actor, { ...input, reservedId })) };
    });
  },
});
