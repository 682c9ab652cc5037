import type { Call } from "@/lib/api/http/call";
import { inFlatNames } from "@/lib/api/wire/superai/flat";
import { postgresReport, testHeaders } from "@/lib/api/wire/superai/present";
import { postgresTest, testOptions } from "@/lib/api/wire/superai/read";
import { testCredential } from "@/lib/credentials";

/** Tries out what a body names: one test, which this dialect has at two addresses. */
export const testPostgres = async ({ actor, json, query, signal }: Call) => {
  const request = { ...postgresTest(await json()), ...testOptions(query) };
  const { report, receipt } = await testCredential(actor, request, { signal }).catch(inFlatNames);
  return { status: 200 as const, body: postgresReport(report), headers: testHeaders(report, receipt) };
};
