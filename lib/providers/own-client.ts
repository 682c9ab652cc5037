import type { Authorization } from "./authorization";
import type { CredentialData, Method } from "./define";
import { grantedData, renewedByRefreshToken, withoutAccess } from "./token-set";

/**
 * Kinds that hold a client of their own at an authorization server: its addresses, id and secret are fields of the
 * credential, and what signing in yields is kept beside them under the names that these systems know.
 */
const authorization: Authorization = {
  client: {
    fields: {
      clientId: "clientId",
      clientSecret: "clientSecret",
      authorizationUrl: "authorizationUrl",
      tokenUrl: "accessTokenUrl",
      scope: "scope",
      parameters: "additionalParameters",
    },
  },
  label: "the provider",
  scopes: [],
  afterDeletion: "The provider is not told. To end the access there, remove the application from the account.",
  dataOf: (granted, _asked, before) => ({
    ...withoutAccess(before),
    ...grantedData(granted),
    ...(granted.scope && { granted_scope: granted.scope }),
    token_received_at: new Date().toISOString(),
  }),
};

const expiryOf = ({ expires_at, access_token }: CredentialData): Date | undefined =>
  typeof expires_at === "string" && access_token !== undefined && !Number.isNaN(Date.parse(expires_at))
    ? new Date(expires_at)
    : undefined;

export const signedInFor: Pick<Method, "authorization" | "renewal" | "tokenExpiresAt"> = {
  authorization,
  renewal: renewedByRefreshToken,
  tokenExpiresAt: expiryOf,
};
