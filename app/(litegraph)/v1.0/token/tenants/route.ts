import { litegraph } from "@/lib/http/litegraph";
import { organizationsOfAddress } from "@/lib/people";
import { invalidField } from "@/lib/refusal";
import { tenant } from "@/lib/wire/litegraph/present";

/** Asked before anybody has signed in. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.open("/v1.0/token/tenants", {
  GET: async ({ headers, address }) => {
    const email = headers.get("x-email");
    if (!email) throw invalidField("x-email", "Send the e-mail address to look for");
    return { status: 200, body: (await organizationsOfAddress(email.slice(0, 320), address)).map(tenant) };
  },
});
