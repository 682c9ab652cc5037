import { defineProvider } from "../define";
import { applicationFields, exampleApplication, signsInAsItself } from "../microsoft-application";
import { pasteServicePrincipal } from "../service-principal";
import { siteId } from "../sharepoint-place";

export const definition = defineProvider({
  id: "sharepoint_client_secret",
  label: "SharePoint (application)",
  description: "Files and lists of SharePoint, as an application of your own with a client secret: nobody signs in.",
  category: "storage",
  aliases: ["microsoft", "office 365", "microsoft 365", "graph", "client secret", "client credentials", "entra"],
  docs: "https://learn.microsoft.com/graph/auth-v2-service",
  methods: [
    {
      type: "client_credentials",
      label: "Application",
      help: "Register an application in Microsoft Entra and give it application permissions such as Sites.Selected.",
      fields: { ...applicationFields, site_id: siteId({ advanced: false }) },
      example: { ...exampleApplication, site_id: "example.sharepoint.com" },
      paste: pasteServicePrincipal,
      summary: (data) => `application ${data.client_id} in tenant ${data.tenant_id}`,
      testable: true,
      ...signsInAsItself(),
    },
  ],
});
