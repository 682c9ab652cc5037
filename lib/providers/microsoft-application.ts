import type { Authorization } from "./authorization";
import { type CredentialData, type FieldOptions, headerText, type Method, secret, text } from "./define";
import { exampleTenant, tenantId } from "./microsoft-tenant";
import { accessTokenExpiry, grantedData, tokenSet, withoutAccess } from "./token-set";

const APP = "https://learn.microsoft.com/entra/identity-platform/quickstart-register-app";

/** The client of an application that is registered in Microsoft Entra. */
export const clientId = (options: Partial<FieldOptions> = {}) =>
  text({
    label: "Application (client) ID",
    placeholder: exampleTenant,
    docs: APP,
    destination: true,
    pattern: { test: /^[0-9A-Za-z-]{1,64}$/, message: "Must be an application ID" },
    ...options,
  });

export const clientSecret = (options: Partial<FieldOptions> = {}) =>
  secret({
    label: "Client secret",
    help: "The secret's value, not its ID.",
    docs: APP,
    max: 512,
    pattern: headerText,
    // Microsoft shows its ID beside it, and of the two only the ID can be read again later.
    holds: "client_secret",
    ...options,
  });

/** Made-up values for the documentation. */
export const exampleApplication: CredentialData = {
  tenant_id: exampleTenant,
  client_id: exampleTenant,
  client_secret: "example-client-secret",
};

/** An application that signs in as itself, and the access that it was given last. */
export const applicationFields = {
  tenant_id: tenantId(),
  client_id: clientId(),
  client_secret: clientSecret(),
  access_token: tokenSet.access_token,
  token_type: tokenSet.token_type,
  expires_at: tokenSet.expires_at,
};

/** @param scope of the interface that access is for; without it Microsoft Graph */
export const signsInAsItself = (
  scope?: string,
): Pick<Method, "authorization" | "renewal" | "tokenExpiresAt" | "obtainedBy"> => ({
  obtainedBy: "values",
  authorization,
  renewal: () => ({ by: "application", ...(scope !== undefined && { scope }) }),
  tokenExpiresAt: accessTokenExpiry,
});

const authorization: Authorization = {
  signIn: "microsoft",
  client: "application",
  label: "Microsoft",
  scopes: [],
  afterDeletion: "The application stays registered. To end its access, remove its secret in Microsoft Entra.",
  // An application has nothing to renew with but its own secret.
  dataOf: ({ refreshToken: _, ...granted }, __, before) => ({ ...withoutAccess(before), ...grantedData(granted) }),
};
