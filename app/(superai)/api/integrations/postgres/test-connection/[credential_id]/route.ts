import { credentialInPath } from "@/app/(superai)/api/credential-in-path";
import { getCredential, testCredential } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { storedPostgresTest } from "@/lib/wire/superai/operations/connection-tests";
import { postgresReport, testHeaders } from "@/lib/wire/superai/present";
import { requirePostgres } from "@/lib/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(storedPostgresTest, {
  POST: async ({ actor, params, signal }) => {
    const id = await credentialInPath(actor, params.credential_id);
    requirePostgres(await getCredential(actor, id));
    const { report, receipt } = await testCredential(actor, { id }, { signal });
    return { status: 200, body: postgresReport(report), headers: testHeaders(report, receipt) };
  },
});
