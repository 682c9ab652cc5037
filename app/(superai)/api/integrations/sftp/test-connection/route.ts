import { testCredential } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { flatName, inFlatNames } from "@/lib/wire/superai/flat";
import { sftpTest as resource } from "@/lib/wire/superai/operations/connection-tests";
import { report } from "@/lib/wire/superai/present";
import { sftpTest, testOptions } from "@/lib/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  POST: async ({ actor, json, query, signal }) => {
    const result = await testCredential(actor, { ...sftpTest(await json()), ...testOptions(query) }, { signal }).catch(
      inFlatNames,
    );
    return { status: 200, body: report(result.report, result.receipt, flatName) };
  },
});
