import { type FieldOptions, text } from "./define";

/** Where in SharePoint a credential works, and how Microsoft Graph is asked for it. */
export const siteId = (options: Partial<FieldOptions> = {}) =>
  text({
    label: "Site ID",
    help: "As Microsoft Graph writes it: host name, site collection, site.",
    placeholder: "example.sharepoint.com,1111…,2222…",
    docs: "https://learn.microsoft.com/graph/api/resources/site",
    optional: true,
    advanced: true,
    pattern: { test: /^[A-Za-z0-9.,:/_!$-]{1,512}$/, message: "Must be a Microsoft Graph site ID" },
    ...options,
  });

/** Asks for no more than the id of the site. */
export const siteQuestion = (site: unknown): string => `/sites/${encodeURIComponent(String(site))}?$select=id`;
