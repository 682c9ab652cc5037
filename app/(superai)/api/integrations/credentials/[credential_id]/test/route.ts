import { testCredential } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { report } from "@/lib/wire/superai/present";
import { idInPath } from "@/lib/wire/superai/read";

/** Tests what is stored; nothing is sent along. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(
  "/integrations/credentials/{credential_id}/test",
  {
    POST: async ({ actor, params, signal }) => {
      const id = idInPath(params.credential_id, "credential");
      const result = await testCredential(actor, { id }, { signal });
      return { status: 200, body: report(result.report, result.receipt) };
    },
  },
);
