import { litegraph } from "@/lib/api/http/litegraph";
import { details } from "@/lib/api/wire/litegraph/operations/tenants";
import { tokenDetails } from "@/lib/api/wire/litegraph/present";
import { securityTokenDetails } from "@/lib/identity";
import { invalidField } from "@/lib/platform/refusal";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(details, {
  GET: async ({ actor, headers }) => {
    const token = headers.get("x-token");
    if (!token) throw invalidField("x-token", "Send the security token to look at");
    return { status: 200 as const, body: tokenDetails(await securityTokenDetails(actor, token)) };
  },
});
