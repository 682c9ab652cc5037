import { idempotent } from "@/lib/api/http/idempotent";
import { superai } from "@/lib/api/http/superai";
import { newOrganization } from "@/lib/api/wire/superai/administration";
import { organizations } from "@/lib/api/wire/superai/operations/administration";
import { organization } from "@/lib/api/wire/superai/present";
import { page } from "@/lib/api/wire/superai/read";
import { createOrganization, listOrganizations } from "@/lib/organizations";

/** For the platform administrator. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(organizations, {
  GET: async ({ actor, query }) => {
    const views = await listOrganizations(actor, page(query));
    return { status: 200, body: views.map(organization) };
  },
  POST: async (call) => {
    const input = newOrganization(await call.json());
    return idempotent(call, async (reservedId) => {
      const view = await createOrganization(call.actor, { ...input, reservedId });
      return { status: 201, body: organization(view) };
    });
  },
});
