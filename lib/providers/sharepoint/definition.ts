import { type CredentialType, defineProvider, type Method, text } from "../define";
import { exampleTenant, tenantId } from "../microsoft-tenant";
import { accessTokenExpiry, exampleTokens, tokenSet, tokenSetProblems } from "../token-set";

const signIn = (type: CredentialType): Method => ({
  type,
  label: "Sign in with Microsoft",
  help: "You are sent to Microsoft to sign in and to agree; the tokens come back from there.",
  fields: {
    ...tokenSet,
    tenant_id: tenantId({ obtained: true }),
    site_id: text({
      label: "Site ID",
      help: "As Microsoft Graph writes it: host name, site collection, site.",
      placeholder: "example.sharepoint.com,1111…,2222…",
      docs: "https://learn.microsoft.com/graph/api/resources/site",
      optional: true,
      advanced: true,
      pattern: { test: /^[A-Za-z0-9.,:/_!$-]{1,512}$/, message: "Must be a Microsoft Graph site ID" },
    }),
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
  summary: (data) => `SharePoint of tenant ${data.tenant_id}`,
  tokenExpiresAt: accessTokenExpiry,
  obtainedBy: "authorization",
  testable: false,
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
