import { getCredential, testCredential } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { postgresReport, receiptHeader } from "@/lib/wire/superai/present";
import { idInPath, requirePostgres } from "@/lib/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(
  "/integrations/postgres/test-connection/{credential_id}",
  {
    POST: async ({ actor, params, signal }) => {
      const id = idInPath(params.credential_id, "credential");
      requirePostgres(await getCredential(actor, id));
      const { report, receipt } = await testCredential(actor, { id }, { signal });
      return { status: 200, body: postgresReport(report), headers: receiptHeader(receipt) };
    },
  },
);
