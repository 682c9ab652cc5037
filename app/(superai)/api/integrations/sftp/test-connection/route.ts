import { superai } from "@/lib/api/http/superai";
import { flatName, inFlatNames } from "@/lib/api/wire/superai/flat";
import { sftpTest as resource } from "@/lib/api/wire/superai/operations/connection-tests";
import { report } from "@/lib/api/wire/superai/present";
import { sftpTest, testOptions } from "@/lib/api/wire/superai/read";
import { testCredential } from "@/lib/credentials";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  POST: async ({ actor, json, query, signal }) => {
    const result = await testCredential(actor, { ...sftpTest(await json()), ...testOptions(query) }, { signal }).catch(
      inFlatNames,
    );
    return { status: 200, body: report(result.report, result.receipt, flatName) };
  },
});
