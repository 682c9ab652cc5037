import { superai } from "@/lib/api/http/superai";
import { deletionOptions, organizationChange, organizationWritten } from "@/lib/api/wire/superai/administration";
import { oneOrganization } from "@/lib/api/wire/superai/operations/administration";
import { organizationAnswer } from "@/lib/api/wire/superai/present";
import { idInPath } from "@/lib/api/wire/superai/read";
import { administratorOf, deleteOrganization, ownOrganization, updateOrganization } from "@/lib/organizations";

/** Settings, limits and the life of an organisation; the last two are the platform administrator's. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneOrganization, {
  GET: async ({ actor, params }) => {
    const id = idInPath(params.organization_id, "organization");
    return organizationAnswer(await ownOrganization(await administratorOf(actor, id)));
  },
  PUT: async ({ actor, params, headers, json }) => {
    const id = idInPath(params.organization_id, "organization");
    const before = await ownOrganization(await administratorOf(actor, id));
    const change = organizationWritten(await json(), before, headers.get("if-match"));
    return organizationAnswer(await updateOrganization(actor, id, change));
  },
  PATCH: async ({ actor, params, headers, json }) => {
    const id = idInPath(params.organization_id, "organization");
    return organizationAnswer(
      await updateOrganization(actor, id, organizationChange(await json(), headers.get("if-match"))),
    );
  },
  DELETE: async ({ actor, params, query }) => {
    const id = idInPath(params.organization_id, "organization");
    await deleteOrganization(actor, id, deletionOptions(query));
    return { status: 204 };
  },
});
