import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import { mediaType } from "@/lib/api/http/media-type";
import { superai } from "@/lib/api/http/superai";
import { oneCredential } from "@/lib/api/wire/superai/operations/credentials";
import { credentialAnswer } from "@/lib/api/wire/superai/present";
import { credentialChange } from "@/lib/api/wire/superai/read";
import { deleteCredential, getCredential, updateCredential } from "@/lib/credentials";
import { versionsIn } from "@/lib/platform/expected-version";
import { hintsAbout } from "@/lib/providers/hints";

const MERGE = "application/merge-patch+json";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneCredential, {
  GET: async ({ actor, params }) => {
    const view = await getCredential(actor, await credentialInPath(actor, params.credential_id));
    return credentialAnswer(200, view);
  },
  PATCH: async ({ actor, params, headers, json }) => {
    const id = await credentialInPath(actor, params.credential_id);
    const merge = mediaType(headers) === MERGE;
    const change = credentialChange(await json("application/json", MERGE), merge, headers.get("if-match"));
    const view = await updateCredential(actor, id, change);
    return credentialAnswer(200, view, hintsAbout({ ...view, data: change.data?.values ?? {} }));
  },
  DELETE: async ({ actor, params, headers }) => {
    const id = await credentialInPath(actor, params.credential_id);
    await deleteCredential(actor, id, { expectedVersion: versionsIn(headers.get("if-match")) });
    return { status: 204 };
  },
});
