import type { FieldProblem } from "@/lib/platform/refusal";
import { type CredentialData, defineProvider } from "../define";
import { clientId, clientSecret, exampleApplication } from "../microsoft-application";
import { microsoftAccount, signedInTenant, tenantId } from "../microsoft-tenant";
import { pasteServicePrincipal } from "../service-principal";
import { signInForm } from "../sign-in-forms";
import { authorizationBy } from "../sign-in-method";
import {
  accessTokenExpiry,
  grantedData,
  renewedByRefreshToken,
  tokenData,
  tokenSet,
  tokenSetProblems,
  withoutAccess,
} from "../token-set";
import { applicationFields, isApplication } from "./application";

export const definition = defineProvider({
  id: "microsoft",
  label: "Microsoft",
  description: "Microsoft 365 and Microsoft Graph: as an application of your own, or as a person.",
  category: "automation",
  aliases: ["office", "office 365", "microsoft 365", "graph", "outlook", "teams", "entra", "azure ad"],
  docs: "https://learn.microsoft.com/graph/auth/auth-concepts",
  methods: [
    {
      type: "oauth2",
      label: "Person or application",
      help: "Register an application in Microsoft Entra and give it application permissions.",
      fields: {
        tenant_id: tenantId(),
        client_id: clientId({ optional: true }),
        client_secret: clientSecret({ optional: true }),
        ...tokenSet,
        email: microsoftAccount,
      },
      example: exampleApplication,
      check,
      paste: pasteServicePrincipal,
      summary: (data) =>
        isApplication(data)
          ? `application ${data.client_id} in tenant ${data.tenant_id}`
          : data.email
            ? `Microsoft account ${data.email}`
            : `Microsoft account in tenant ${data.tenant_id}`,
      account: (data) => (typeof data.email === "string" ? data.email : undefined),
      tokenExpiresAt: accessTokenExpiry,
      authorization: authorizationBy(signInForm("microsoft"), (granted, asked, before) =>
        isApplication(before)
          ? { ...withoutAccess(before), ...grantedData(granted) }
          : { ...tokenData(granted, asked, before), ...signedInTenant(granted, before) },
      ),
      renewal: (data) => (isApplication(data) ? { by: "application" } : renewedByRefreshToken(data)),
      obtainedBy: { valuesWith: applicationFields },
      testable: true,
    },
  ],
});

function check(data: CredentialData): FieldProblem[] {
  if (!isApplication(data)) return tokenSetProblems(data);
  const missing = (name: string, label: string): FieldProblem[] =>
    data[name] === undefined ? [{ path: [name], message: `${label} is required`, code: "missing" }] : [];
  return [...missing("client_id", "Application (client) ID"), ...missing("client_secret", "Client secret")];
}
