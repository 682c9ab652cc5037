import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import type { Call } from "@/lib/api/http/call";
import { superai } from "@/lib/api/http/superai";
import { credentialSecrets } from "@/lib/api/wire/superai/operations/credentials";
import { secret, secretTag } from "@/lib/api/wire/superai/present";
import { fetchSecret } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";

/** What names nothing is left as it is: who may fetch is asked before what. */
const named = (actor: Call["actor"], segment: string) =>
  credentialInPath(actor, segment).catch((error: unknown) => {
    if (error instanceof Refusal && (error.code === "invalid" || error.code === "forbidden")) return segment;
    throw error;
  });

/** Plaintext, for service accounts alone. The core asks who it is before it looks at the id. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(credentialSecrets, {
  GET: async ({ actor, params }) => {
    const fetched = await fetchSecret(actor, await named(actor, params.credential_id ?? ""));
    return { status: 200, body: secret(fetched), headers: { ETag: secretTag(fetched) } };
  },
});
