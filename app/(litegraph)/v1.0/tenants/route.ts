import { idempotent } from "@/lib/api/http/idempotent";
import { litegraph } from "@/lib/api/http/litegraph";
import { tenants as resource } from "@/lib/api/wire/litegraph/operations/tenants";
import { etag, tenant } from "@/lib/api/wire/litegraph/present";
import { newTenant } from "@/lib/api/wire/litegraph/read";
import { can } from "@/lib/authorization/authorize";
import { administratorOf, createOrganization, organizationsByIds, ownOrganization } from "@/lib/organizations";
import { tenants } from "../../kinds";
import { list } from "../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(resource, {
  /** The platform's administrator sees all of them, an organisation's its own alone. */
  GET: list({
    all: tenants,
    some: async ({ actor }, guids) => {
      await administratorOf(actor, actor.orgId);
      if (can(actor, "platform:manage")) return (await organizationsByIds(actor, guids)).map(tenant);
      return guids.includes(actor.orgId) ? [tenant(await ownOrganization(actor))] : [];
    },
  }),
  PUT: async (call) => {
    const input = newTenant(await call.json());
    return idempotent(call, async (reservedId) => {
      const made = await createOrganization(call.actor, { ...input, reservedId });
      return { status: 200 as const, body: tenant(made), headers: etag(made) };
    });
  },
});
