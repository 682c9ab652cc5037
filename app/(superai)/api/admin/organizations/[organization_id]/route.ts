import { superai } from "@/lib/http/superai";
import { updateOrganization } from "@/lib/people";
import { organization } from "@/lib/wire/superai/present";
import { idInPath, organizationChange } from "@/lib/wire/superai/read";

/** Limits and settings; limits are the platform administrator's to raise. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai("/admin/organizations/{id}", {
  PATCH: async ({ actor, params, json }) => {
    const id = idInPath(params.organization_id, "organization");
    const view = await updateOrganization(actor, id, organizationChange(await json()));
    return { status: 200, body: organization(view) };
  },
});
