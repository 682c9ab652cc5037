import "server-only";
import {
  applicationClient,
  clientSettingNames,
  type OAuthClient,
  operatorClient,
  type Registration,
} from "@/lib/oauth";
import type { Authorization, OwnClient } from "@/lib/providers/authorization";
import type { CredentialData } from "@/lib/providers/define";
import { Refusal } from "@/lib/refusal";

/**
 * As whom this product speaks, for an organisation, to the authorization server of a credential with these data.
 * @throws Refusal "invalid" that says what is missing: the operator's settings, or the credential's own fields
 */
export const clientFor = (orgId: string, authorization: Authorization, data: CredentialData): OAuthClient => ({
  ...registrationFor(authorization, data),
  owner: orgId,
});

function registrationFor({ client, label }: Authorization, data: CredentialData): Registration {
  if ("fields" in client) return ownClient(client.fields, data);
  const tenant = typeof data.tenant_id === "string" ? data.tenant_id : undefined;
  const application = ownApplication(data);
  if (application) return applicationClient(application.tenant, application.id, application.secret);
  if ("application" in client) throw missing("client_secret", "Needs tenant, client ID and client secret");
  const found = operatorClient(client.settings, tenant);
  if (found) return found;
  const [id, secret] = clientSettingNames(client.settings);
  throw new Refusal(
    "invalid",
    `Signing in with ${label} is not set up here. Whoever runs Latchkey registers it there and sets ${id} and ${secret}.`,
    {
      fields: [
        { path: ["credential_type"], message: `Needs ${id} and ${secret}`, code: "authorization_not_configured" },
      ],
    },
  );
}

/** An application of the credential's own, which was not registered by the operator. */
function ownApplication({ tenant_id, client_id, client_secret }: CredentialData) {
  if (typeof tenant_id !== "string" || typeof client_id !== "string" || typeof client_secret !== "string")
    return undefined;
  return { tenant: tenant_id, id: client_id, secret: client_secret };
}

/** Whether the client that these data are used with is the credential's own rather than the operator's. */
export const hasOwnClient = ({ client }: Authorization, data: CredentialData): boolean =>
  !("settings" in client) || ownApplication(data) !== undefined;

/** The settings without which nobody can sign in; none where the credential brings its own client. */
export const missingSettings = ({ client }: Authorization): string[] =>
  "settings" in client && !operatorClient(client.settings) ? clientSettingNames(client.settings) : [];

function ownClient(fields: OwnClient, data: CredentialData): Registration {
  const [clientId, token] = [wanted(fields.clientId, data), endpoint(fields.tokenUrl, data)];
  const [authorization, secret] = [data[fields.authorizationUrl], data[fields.clientSecret]];
  return {
    server: {
      token,
      ...(typeof authorization === "string" && { authorization: endpoint(fields.authorizationUrl, data) }),
    },
    clientId,
    ...(typeof secret === "string" && { clientSecret: secret }),
  };
}

function wanted(name: string, data: CredentialData): string {
  const value = data[name];
  if (typeof value === "string") return value;
  throw missing(name, "Fill it in and save before you sign in");
}

function endpoint(name: string, data: CredentialData): string {
  const value = wanted(name, data);
  // Clear text is for a server on this very machine, where the operator allows that at all.
  if (/^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/i.test(value) && URL.canParse(value)) return value;
  throw missing(name, "Must be an https address");
}

const missing = (name: string, message: string) =>
  new Refusal("invalid", "Some values are not acceptable", {
    fields: [{ path: ["credentials", name], message, code: "value_error" }],
  });
