import { superai } from "@/lib/http/superai";
import { listOrganizations } from "@/lib/people";
import { organization } from "@/lib/wire/superai/present";
import { page } from "@/lib/wire/superai/read";

/** For the platform administrator. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai("/admin/organizations", {
  GET: async ({ actor, query }) => {
    const views = await listOrganizations(actor, page(query));
    return { status: 200, body: views.map(organization) };
  },
});
