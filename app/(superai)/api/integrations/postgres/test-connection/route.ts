import { testCredential } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { inFlatNames } from "@/lib/wire/superai/flat";
import { postgresReport, testHeaders } from "@/lib/wire/superai/present";
import { postgresTest, testOptions } from "@/lib/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai("/integrations/postgres/test-connection", {
  POST: async ({ actor, json, query, signal }) => {
    const { report, receipt } = await testCredential(
      actor,
      { ...postgresTest(await json()), ...testOptions(query) },
      { signal },
    ).catch(inFlatNames);
    return { status: 200, body: postgresReport(report), headers: testHeaders(report, receipt) };
  },
});
