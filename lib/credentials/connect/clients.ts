import "server-only";
import {
  addressFor,
  clientSettingNames,
  type OAuthClient,
  operatorClient,
  type Registration,
} from "@/lib/platform/oauth";
import { Refusal } from "@/lib/platform/refusal";
import type { Authorization } from "@/lib/providers/authorization";
import { signInOf } from "@/lib/providers/catalog/registry";
import type { OAuth2 } from "@/lib/providers/catalog/schema-oauth2";
import type { CredentialData } from "@/lib/providers/define";

/**
 * As whom this product speaks, for an organisation, to the authorization server of a credential with these data.
 * @throws Refusal "invalid" that says what is missing: the operator's settings, or the credential's own fields
 */
export function clientFor(orgId: string, authorization: Authorization, data: CredentialData): OAuthClient {
  const signIn = signInOf(authorization.signIn);
  return {
    server: serverOf(signIn, data),
    ...identityOf(authorization, signIn, data),
    ...(signIn.refusals && { refusals: signIn.refusals }),
    claims: { account: signIn.identity?.account, tenant: signIn.tenant?.claim },
    owner: orgId,
  };
}

type Identity = Pick<Registration, "clientId" | "clientSecret">;

function identityOf(authorization: Authorization, signIn: OAuth2, data: CredentialData): Identity {
  const application = ownApplication(signIn, data);
  if (application) return application;
  if (authorization.client === "application")
    throw missing(signIn.application?.secret ?? "client_secret", "Needs tenant, client ID and client secret");
  if (!("settings" in signIn.client)) return ownClient(signIn.client, data);
  const found = operatorClient(signIn.client.settings);
  if (found) return found;
  const settings = clientSettingNames(signIn.client.settings).join(" and ");
  throw new Refusal(
    "invalid",
    `Signing in with ${signIn.label} is not set up here. Whoever runs Latchkey registers it there and sets ${settings}.`,
    {
      fields: [{ path: ["credential_type"], message: `Needs ${settings}`, code: "authorization_not_configured" }],
    },
  );
}

/** An application of the credential's own, which was not registered by the operator. */
function ownApplication({ application, tenant }: OAuth2, data: CredentialData): Identity | undefined {
  if (!application || (tenant && typeof data[tenant.field] !== "string")) return undefined;
  const [clientId, clientSecret] = [data[application.id], data[application.secret]];
  return typeof clientId === "string" && typeof clientSecret === "string" ? { clientId, clientSecret } : undefined;
}

/** Whether the client that these data are used with is the credential's own rather than the operator's. */
export const hasOwnClient = ({ client, signIn }: Authorization, data: CredentialData): boolean =>
  client !== "operator" || ownApplication(signInOf(signIn), data) !== undefined;

/** The settings without which nobody can sign in; none where the credential brings its own client. */
export function missingSettings({ signIn }: Authorization): string[] {
  const { client } = signInOf(signIn);
  return "settings" in client && !operatorClient(client.settings) ? clientSettingNames(client.settings) : [];
}

/** What an application is asked to be given where its kind names nothing: all that it may do at the usual resource. */
export function applicationScope({ signIn }: Authorization): string {
  const { application } = signInOf(signIn);
  if (!application) throw new Error(`${signIn} knows no applications`);
  const { url, setting } = application.resource;
  return application.scope.replace("{resource}", new URL(addressFor(url, setting)).origin);
}

function serverOf({ server, tenant }: OAuth2, data: CredentialData): Registration["server"] {
  if ("issuer" in server) {
    const named = tenant && data[tenant.field];
    const issuer = addressFor(server.issuer, server.setting);
    return {
      issuer: tenant ? issuer.replace("{tenant}", typeof named === "string" ? named : tenant.otherwise) : issuer,
    };
  }
  const token = addressIn(server.token, data);
  if (token === undefined) throw missing(fieldOf(server.token), TO_FILL_IN);
  const [authorization, revocation] = [server.authorization, server.revocation].map(
    (one) => one && addressIn(one, data),
  );
  return {
    token,
    ...(authorization !== undefined && { authorization }),
    ...(revocation !== undefined && { revocation }),
  };
}

type Endpoint = string | { field: string };
const fieldOf = (endpoint: Endpoint) => (typeof endpoint === "string" ? "" : endpoint.field);

function addressIn(endpoint: Endpoint, data: CredentialData): string | undefined {
  const value = typeof endpoint === "string" ? endpoint : data[endpoint.field];
  if (typeof value !== "string") return undefined;
  // Clear text is for a server on this very machine, where the operator allows that at all.
  if (/^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/i.test(value) && URL.canParse(value)) return value;
  throw missing(fieldOf(endpoint), "Must be an https address");
}

function ownClient(
  { id, secret: secretField }: { id: string; secret?: string | undefined },
  data: CredentialData,
): Identity {
  const [clientId, secret] = [data[id], secretField === undefined ? undefined : data[secretField]];
  if (typeof clientId !== "string") throw missing(id, TO_FILL_IN);
  return { clientId, ...(typeof secret === "string" && { clientSecret: secret }) };
}

const TO_FILL_IN = "Fill it in and save before you sign in";

const missing = (name: string, message: string) =>
  new Refusal("invalid", "Some values are not acceptable", {
    fields: [{ path: ["credentials", name], message, code: "value_error" }],
  });
