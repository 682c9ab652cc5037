import type { Call } from "@/lib/api/http/call";
import { litegraph } from "@/lib/api/http/litegraph";
import { oneTenant } from "@/lib/api/wire/litegraph/operations/tenants";
import { etag, tenant } from "@/lib/api/wire/litegraph/present";
import { tenantChange } from "@/lib/api/wire/litegraph/read";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { deleteOrganization, ownOrganization, updateOrganization } from "@/lib/organizations";
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
