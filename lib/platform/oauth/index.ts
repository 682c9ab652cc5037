import "server-only";

/**
 * The OAuth protocol through a certified client library, and nothing else: it knows no credential and keeps no state but
 * servers' descriptions. It promises PKCE S256 on every sign-in, that state, nonce and issuer are judged, and that no
 * word of an authorization server reaches a caller.
 */
export {
  applicationTokens,
  authorizationUrl,
  type Challenge,
  exchangeCode,
  freshState,
  refreshTokens,
  revokeToken,
  type Tokens,
} from "./client";
export type { OAuthClient, Registration } from "./configuration";
export { isGrantCode } from "./error-meanings";
export { type ClientCode, type GrantCode, type OAuthCode, OAuthFailure } from "./failure";
export { addressFor, clientSettingNames, operatorClient } from "./operator-clients";
