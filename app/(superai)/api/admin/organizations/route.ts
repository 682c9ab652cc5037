import { idempotent } from "@/lib/http/idempotent";
import { superai } from "@/lib/http/superai";
import { createOrganization, listOrganizations } from "@/lib/people";
import { newOrganization } from "@/lib/wire/superai/administration";
import { organizations } from "@/lib/wire/superai/operations/administration";
import { organization } from "@/lib/wire/superai/present";
import { page } from "@/lib/wire/superai/read";

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
