import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import { superai } from "@/lib/api/http/superai";
import { storedPostgresTest } from "@/lib/api/wire/superai/operations/connection-tests";
import { postgresReport, testHeaders } from "@/lib/api/wire/superai/present";
import { requirePostgres } from "@/lib/api/wire/superai/read";
import { getCredential, testCredential } from "@/lib/credentials";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(storedPostgresTest, {
  POST: async ({ actor, params, signal }) => {
    const id = await credentialInPath(actor, params.credential_id);
    requirePostgres(await getCredential(actor, id));
    const { report, receipt } = await testCredential(actor, { id }, { signal });
    return { status: 200, body: postgresReport(report), headers: testHeaders(report, receipt) };
  },
});
