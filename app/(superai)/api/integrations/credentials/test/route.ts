import { superai } from "@/lib/api/http/superai";
import { valuesTest } from "@/lib/api/wire/superai/operations/credentials";
import { report } from "@/lib/api/wire/superai/present";
import { anyTest, testOptions } from "@/lib/api/wire/superai/read";
import { testCredential } from "@/lib/credentials";

/** Tests values of any provider before they are saved; the answer's receipt proves it to the save. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(valuesTest, {
  POST: async ({ actor, json, query, signal }) => {
    const result = await testCredential(actor, { ...anyTest(await json()), ...testOptions(query) }, { signal });
    return { status: 200, body: report(result.report, result.receipt) };
  },
});
