import { litegraph } from "@/lib/api/http/litegraph";
import { noHead } from "@/lib/api/http/route";
import { token } from "@/lib/api/wire/litegraph/operations/tenants";
import { securityToken } from "@/lib/api/wire/litegraph/present";
import { issueSecurityToken } from "@/lib/identity";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(token, {
  ...noHead,
  GET: async ({ actor }) => ({ status: 200, body: securityToken(await issueSecurityToken(actor)) }),
});
