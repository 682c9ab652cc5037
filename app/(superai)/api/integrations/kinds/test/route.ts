import { superai } from "@/lib/api/http/superai";
import { kindToTry } from "@/lib/api/wire/superai/kinds";
import { kindTest } from "@/lib/api/wire/superai/operations/kinds";
import { report } from "@/lib/api/wire/superai/present";
import { testKind } from "@/lib/own-kinds";

/** Tries values out by a definition before either is saved. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(kindTest, {
  POST: async ({ actor, json, signal }) => {
    const result = await testKind(actor, kindToTry(await json()), signal ? { signal } : {});
    const { test_receipt: _, ...body } = report(result, "");
    return { status: 200, body };
  },
});
