import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import { accessToCredential } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { credentialAccess } from "@/lib/api/wire/superai/access";
import { accessToCredential as resource } from "@/lib/api/wire/superai/operations/access";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  GET: async ({ actor, params }) => {
    const view = await accessToCredential(actor, await credentialInPath(actor, params.credential_id));
    return { status: 200, body: credentialAccess(view) };
  },
});
