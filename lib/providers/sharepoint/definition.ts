import { type CredentialType, defineProvider, type Method, text } from "../define";
import { exampleTenant, microsoftAccount, signedInTenant, tenantId } from "../microsoft-tenant";
import { siteId } from "../sharepoint-place";
import { signInForm } from "../sign-in-forms";
import { authorizationBy } from "../sign-in-method";
import {
  accessTokenExpiry,
  exampleTokens,
  renewedByRefreshToken,
  tokenData,
  tokenSet,
  tokenSetProblems,
} from "../token-set";

const signIn = (type: CredentialType): Method => ({
  type,
  label: "Sign in with Microsoft",
  help: "You are sent to Microsoft to sign in and to agree; the tokens come back from there.",
  fields: {
    ...tokenSet,
    tenant_id: tenantId({ obtained: true }),
    email: microsoftAccount,
    site_id: siteId(),
    drive_id: text({
      label: "Drive ID",
      docs: "https://learn.microsoft.com/graph/api/resources/drive",
      optional: true,
      advanced: true,
      pattern: { test: /^[A-Za-z0-9_!$.-]{1,512}$/, message: "Must be a Microsoft Graph drive ID" },
    }),
  },
  example: { ...exampleTokens, scope: "Sites.Read.All offline_access", tenant_id: exampleTenant },
  check: tokenSetProblems,
  summary: (data) => (data.email ? `SharePoint as ${data.email}` : `SharePoint of tenant ${data.tenant_id}`),
  account: (data) => (typeof data.email === "string" ? data.email : undefined),
  tokenExpiresAt: accessTokenExpiry,
  obtainedBy: "authorization",
  authorization: authorizationBy(signInForm("sharepoint"), (granted, asked, before) => ({
    ...tokenData(granted, asked, before),
    ...signedInTenant(granted, before),
    ...(typeof before.site_id === "string" && { site_id: before.site_id }),
    ...(typeof before.drive_id === "string" && { drive_id: before.drive_id }),
  })),
  renewal: renewedByRefreshToken,
  testable: true,
});

export const definition = defineProvider({
  id: "sharepoint",
  label: "SharePoint",
  description: "Files and lists of a SharePoint site in Microsoft 365.",
  category: "storage",
  aliases: ["microsoft", "office", "office 365", "microsoft 365", "onedrive", "graph"],
  docs: "https://learn.microsoft.com/graph/api/resources/sharepoint",
  methods: [signIn("sharepoint_oauth"), signIn("oauth2")],
});
