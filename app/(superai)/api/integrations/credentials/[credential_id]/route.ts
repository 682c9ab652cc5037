import { deleteCredential, getCredential, updateCredential } from "@/lib/credentials";
import { mediaType } from "@/lib/http/media-type";
import { superai } from "@/lib/http/superai";
import { credential, etag } from "@/lib/wire/superai/present";
import { credentialChange, expectedVersion, idInPath } from "@/lib/wire/superai/read";

const MERGE = "application/merge-patch+json";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai("/integrations/credentials/{credential_id}", {
  GET: async ({ actor, params }) => {
    const view = await getCredential(actor, idInPath(params.credential_id, "credential"));
    return { status: 200, body: credential(view), headers: { ETag: etag(view) } };
  },
  PATCH: async ({ actor, params, headers, json }) => {
    const id = idInPath(params.credential_id, "credential");
    const merge = mediaType(headers) === MERGE;
    const change = credentialChange(await json("application/json", MERGE), merge, headers.get("if-match"));
    const view = await updateCredential(actor, id, change);
    return { status: 200, body: credential(view), headers: { ETag: etag(view) } };
  },
  DELETE: async ({ actor, params, headers }) => {
    const id = idInPath(params.credential_id, "credential");
    await deleteCredential(actor, id, { expectedVersion: expectedVersion(headers.get("if-match")) });
    return { status: 204 };
  },
});
