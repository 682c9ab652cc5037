import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import { superai } from "@/lib/api/http/superai";
import { credentialRotation as resource } from "@/lib/api/wire/superai/operations/credentials";
import { etag } from "@/lib/api/wire/superai/present";
import { rotation } from "@/lib/api/wire/superai/rotation";
import { callOffRotation, credentialRotation, getCredential, rotateCredential } from "@/lib/credentials";
import { versionsIn } from "@/lib/platform/expected-version";
import { notFound } from "@/lib/platform/refusal";

/** POST begins a rotation, or goes on with the one that is open; GET tells where it stands; DELETE calls it off. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  GET: async ({ actor, params }) => {
    const id = await credentialInPath(actor, params.credential_id);
    const found = await credentialRotation(actor, id);
    if (!found) throw notFound();
    return { status: 200, body: rotation(found, await getCredential(actor, id)) };
  },
  POST: async ({ actor, params, headers }) => {
    const id = await credentialInPath(actor, params.credential_id);
    const done = await rotateCredential(actor, id, { expectedVersion: versionsIn(headers.get("if-match")) });
    const view = await getCredential(actor, id);
    return { status: 200, body: rotation(done, view), headers: { ETag: etag(view) } };
  },
  DELETE: async ({ actor, params }) => {
    const id = await credentialInPath(actor, params.credential_id);
    const ended = await callOffRotation(actor, id);
    return { status: 200, body: rotation(ended, await getCredential(actor, id)) };
  },
});
