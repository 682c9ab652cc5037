import { testCredential } from "@/lib/credentials";
import { superai } from "@/lib/http/superai";
import { inFlatNames } from "@/lib/wire/superai/flat";
import { postgresReport, receiptHeader } from "@/lib/wire/superai/present";
import { postgresTest } from "@/lib/wire/superai/read";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(
  "/integrations/plugins/postgres/test-connection",
  {
    POST: async ({ actor, json, signal }) => {
      const { report, receipt } = await testCredential(actor, postgresTest(await json()), { signal }).catch(
        inFlatNames,
      );
      return { status: 200, body: postgresReport(report), headers: receiptHeader(receipt) };
    },
  },
);
