import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import { superai } from "@/lib/api/http/superai";
import { credentialTest } from "@/lib/api/wire/superai/operations/credentials";
import { report } from "@/lib/api/wire/superai/present";
import { testCredential } from "@/lib/credentials";

/** Tests what is stored; nothing is sent along. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(credentialTest, {
  POST: async ({ actor, params, signal }) => {
    const id = await credentialInPath(actor, params.credential_id);
    const result = await testCredential(actor, { id }, { signal });
    return { status: 200, body: report(result.report, result.receipt) };
  },
});
