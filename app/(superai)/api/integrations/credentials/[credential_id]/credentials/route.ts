import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import { fetchSecret } from "@/lib/credentials";
import type { Call } from "@/lib/http/call";
import { superai } from "@/lib/http/superai";
import { Refusal } from "@/lib/refusal";
import { credentialSecrets } from "@/lib/wire/superai/operations/credentials";
import { secret, secretTag } from "@/lib/wire/superai/present";

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
