import "server-only";
import { env } from "@/lib/env";
import type { Registration } from "./configuration";

/** The settings of one authorization server begin with this. */
export type ClientPrefix = "GOOGLE" | "MICROSOFT" | "SHAREPOINT";

/** Who signs in without naming a tenant: any work or school account. */
const ANY_TENANT = "organizations";

/**
 * This installation's client at a server, as the operator registered it; undefined where nobody has. `tenant` narrows
 * Microsoft's servers to one directory.
 */
export function operatorClient(prefix: ClientPrefix, tenant?: string): Registration | undefined {
  const settings = env();
  const issuer = (template: string) => ({ issuer: template.replace("{tenant}", tenant ?? ANY_TENANT) });
  const client = (server: Registration["server"], clientId?: string, clientSecret?: string) =>
    clientId ? { server, clientId, clientSecret } : undefined;
  switch (prefix) {
    case "GOOGLE":
      return client({ issuer: settings.GOOGLE_ISSUER }, settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET);
    case "MICROSOFT":
      return client(issuer(settings.MICROSOFT_ISSUER), settings.MICROSOFT_CLIENT_ID, settings.MICROSOFT_CLIENT_SECRET);
    case "SHAREPOINT":
      // One registration usually serves both.
      return settings.SHAREPOINT_CLIENT_ID
        ? client(issuer(settings.MICROSOFT_ISSUER), settings.SHAREPOINT_CLIENT_ID, settings.SHAREPOINT_CLIENT_SECRET)
        : operatorClient("MICROSOFT", tenant);
  }
}

/** A client of a credential's own at Microsoft, which signs in as an application. */
export const applicationClient = (tenant: string, clientId: string, clientSecret: string): Registration => ({
  server: { issuer: env().MICROSOFT_ISSUER.replace("{tenant}", tenant) },
  clientId,
  clientSecret,
});

/** All that an application was given at Microsoft Graph (its cloud's own, for a national one). */
export const applicationScope = (): string => `${new URL(env().MICROSOFT_GRAPH_URL).origin}/.default`;

/** The names of the settings that a missing client needs. */
export const clientSettingNames = (prefix: ClientPrefix): [string, string] => [
  `${prefix}_CLIENT_ID`,
  `${prefix}_CLIENT_SECRET`,
];
