import { litegraph } from "@/lib/http/litegraph";
import { listPeople } from "@/lib/people";
import { user } from "@/lib/wire/litegraph/present";
import { EMPTY, ifMissing, inside } from "../../../../inside";
import { enumeration } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v2.0/tenants/{tenant}/users",
  enumeration(async (call, wanted) => {
    const actor = await ifMissing(inside(call), null);
    if (!actor) return EMPTY;
    const found = await listPeople(actor, wanted);
    return { ...found, items: found.items.map(user) };
  }),
);
