import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import { testCredential } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { credentialTest } from "@/lib/wire/superai/operations/credentials";
import { report } from "@/lib/wire/superai/present";

/** Tests what is stored; nothing is sent along. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(credentialTest, {
  POST: async ({ actor, params, signal }) => {
    const id = await credentialInPath(actor, params.credential_id);
    const result = await testCredential(actor, { id }, { signal });
    return { status: 200, body: report(result.report, result.receipt) };
  },
});
