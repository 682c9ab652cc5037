import type { Call } from "@/lib/http/call";
import { litegraph } from "@/lib/http/litegraph";
import { deleteOrganization, ownOrganization, updateOrganization } from "@/lib/people";
import { oneTenant } from "@/lib/wire/litegraph/operations/tenants";
import { etag, tenant } from "@/lib/wire/litegraph/present";
import { tenantChange } from "@/lib/wire/litegraph/read";
import { guid } from "@/lib/wire/litegraph/shape";
import { ifMissing, inside } from "../../../inside";

const read = async (call: Call) => {
  const view = await ownOrganization(await inside(call));
  return { status: 200 as const, body: tenant(view), headers: etag(view) };
};

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(oneTenant, {
  GET: read,
  HEAD: read,
  PUT: async (call) => {
    const actor = await inside(call);
    const { active, ...change } = tenantChange(await call.json(), call.headers);
    const before = await ownOrganization(actor);
    // Sent along by clients that write back what they read: no wish to switch anything.
    const switched = active === before.active ? {} : { active };
    const view = await updateOrganization(actor, actor.orgId, { ...change, ...switched });
    return { status: 200 as const, body: tenant(view), headers: etag(view) };
  },
  DELETE: async ({ actor, params, query }) => {
    const force = query.has("force") && query.get("force")?.toLowerCase() !== "false";
    const id = guid(params.tenantGuid, "tenant");
    await ifMissing(deleteOrganization(actor, id, { force }), undefined);
    return { status: 200 };
  },
});
