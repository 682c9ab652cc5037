import { fetchSecret } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { etag, secret } from "@/lib/wire/superai/present";

/** Plaintext, for service accounts alone. The core asks who it is before it looks at the id. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(
  "/integrations/credentials/{credential_id}/credentials",
  {
    GET: async ({ actor, params }) => {
      const fetched = await fetchSecret(actor, params.credential_id ?? "");
      return { status: 200, body: secret(fetched), headers: { ETag: etag(fetched) } };
    },
  },
);
