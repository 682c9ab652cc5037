import { litegraph } from "@/lib/http/litegraph";
import { noHead } from "@/lib/http/route";
import { issueSecurityToken } from "@/lib/people";
import { token } from "@/lib/wire/litegraph/operations/tenants";
import { securityToken } from "@/lib/wire/litegraph/present";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(token, {
  ...noHead,
  GET: async ({ actor }) => ({ status: 200, body: securityToken(await issueSecurityToken(actor)) }),
});
