import type { Authorization } from "../authorization";
import type { CredentialData, Method } from "../define";
import { renewedByRefreshToken } from "../token-set";

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
    ...before,
    access_token: granted.accessToken,
    ...(granted.refreshToken && { refresh_token: granted.refreshToken }),
    token_type: granted.tokenType,
    ...(granted.scope && { granted_scope: granted.scope }),
    ...(granted.expiresAt && { expires_at: granted.expiresAt.toISOString() }),
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
