import { litegraph } from "@/lib/http/litegraph";
import { securityTokenDetails } from "@/lib/people";
import { invalidField } from "@/lib/refusal";
import { details } from "@/lib/wire/litegraph/operations/tenants";
import { tokenDetails } from "@/lib/wire/litegraph/present";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(details, {
  GET: async ({ actor, headers }) => {
    const token = headers.get("x-token");
    if (!token) throw invalidField("x-token", "Send the security token to look at");
    return { status: 200 as const, body: tokenDetails(await securityTokenDetails(actor, token)) };
  },
});
