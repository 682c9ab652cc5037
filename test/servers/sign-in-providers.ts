import { type AuthorizationServer, startAuthorizationServer } from "./authorization-server";
import { type ProviderApis, startProviderApis } from "./provider-apis";

/** Certified authorization servers in the place of Google's and Microsoft's, and stand-ins for their APIs. */
export interface SignInProviders {
  google: AuthorizationServer;
  microsoft: AuthorizationServer;
  apis: ProviderApis;
}

export const DRIVE = "https://www.googleapis.com/auth/drive.file";
/** All that an application may do at Azure Storage. */
export const STORAGE = "https://storage.azure.com/.default";
/** The directory that the server in Microsoft's place names. */
export const TENANT = "33333333-4444-4555-8666-777777777777";

export async function startSignInProviders(): Promise<SignInProviders> {
  const apis = await startProviderApis();
  const google = await startAuthorizationServer({ scopes: ["email", DRIVE] });
  const graph = ["User.Read", "Sites.Read.All", "Files.Read.All", "Mail.Read", `${apis.url}/.default`, STORAGE];
  const microsoft = await startAuthorizationServer({
    scopes: ["email", "profile", ...graph],
    tenant: TENANT,
    revocation: false,
  });
  apis.trust([google, microsoft]);
  return { google, microsoft, apis };
}

/** The settings with which the product finds them. */
export const settingsFor = ({ google, microsoft, apis }: SignInProviders) => ({
  GOOGLE_CLIENT_ID: google.clientId,
  GOOGLE_CLIENT_SECRET: google.clientSecret,
  GOOGLE_ISSUER: google.issuer,
  GOOGLE_API_URL: apis.url,
  MICROSOFT_CLIENT_ID: microsoft.clientId,
  MICROSOFT_CLIENT_SECRET: microsoft.clientSecret,
  MICROSOFT_ISSUER: microsoft.issuer,
  MICROSOFT_GRAPH_URL: apis.url,
});
