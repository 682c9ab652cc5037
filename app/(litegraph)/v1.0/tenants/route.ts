import { may } from "@/lib/access/authorize";
import { idempotent } from "@/lib/http/idempotent";
import { litegraph } from "@/lib/http/litegraph";
import type { Handler } from "@/lib/http/route";
import {
  administratorOf,
  createOrganization,
  organizationsByIds,
  ownOrganization,
  pageOfOrganizations,
} from "@/lib/people";
import { etag, tenant } from "@/lib/wire/litegraph/present";
import { listQuery } from "@/lib/wire/litegraph/query";
import { newTenant } from "@/lib/wire/litegraph/read";

/** The platform's administrator sees all of them, an organisation's its own alone. */
const list: Handler = async ({ actor, query }) => {
  const wanted = listQuery(query);
  await administratorOf(actor, actor.orgId);
  if (!may(actor, "platform:manage")) {
    const own = await ownOrganization(actor);
    return { status: 200, body: !wanted.guids || wanted.guids.includes(own.id) ? [tenant(own)] : [] };
  }
  const views = wanted.guids
    ? await organizationsByIds(actor, wanted.guids)
    : (await pageOfOrganizations(actor, wanted)).items;
  return { status: 200, body: views.map(tenant) };
};

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph("/v1.0/tenants", {
  GET: list,
  PUT: async (call) => {
    const input = newTenant(await call.json());
    return idempotent(call, async (reservedId) => {
      const made = await createOrganization(call.actor, { ...input, reservedId });
      return { status: 200, body: tenant(made), headers: etag(made) };
    });
  },
});
