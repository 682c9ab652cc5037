import { superai } from "@/lib/api/http/superai";
import { organizationDeactivation } from "@/lib/api/wire/superai/operations/administration";
import { organizationAnswer } from "@/lib/api/wire/superai/present";
import { idInPath } from "@/lib/api/wire/superai/read";
import { deactivateOrganization } from "@/lib/organizations";
import { versionsIn } from "@/lib/platform/expected-version";

/** Shuts an organisation out with all its people; the answer says how many that were. Nothing is sent along. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(organizationDeactivation, {
  PATCH: async ({ actor, params, headers }) => {
    const id = idInPath(params.organization_id, "organization");
    const expectedVersion = versionsIn(headers.get("if-match"));
    const done = await deactivateOrganization(actor, id, { expectedVersion });
    const answer = organizationAnswer(done.organization);
    return { ...answer, body: { ...answer.body, deactivated_users: done.people } };
  },
});
