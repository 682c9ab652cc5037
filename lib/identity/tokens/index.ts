import "server-only";

/**
 * API tokens and the service accounts that own them. It promises that a token is shown once, kept as a keyed hash,
 * unique on the platform, and dead within a second of being revoked, expired or switched off; it never says why a token
 * was refused, but for one that is too easy to guess.
 */
export { authenticateToken, forgetCallers, resolveToken, weakToken } from "./authenticate";
export { endTokens, revokeToken, revokeTokens, type TokenChange, updateToken } from "./change";
export { type TokenHolder, tokenHolder } from "./holder";
export { issueToken, takeToken } from "./issue";
export { issueTokens, type TokenOrder } from "./issue-many";
export {
  listTokens,
  pageOfTokens,
  readToken,
  type TokenPageRequest,
  tokenBySecret,
  tokensByIds,
  tokensOf,
} from "./list";
export type { NewToken } from "./new-token";
export { type TokenOwner, tokenOwner } from "./owner";
export { endOverlap, type Replacement, replaceToken, rotateToken, type TokenRotation } from "./rotate";
export {
  createServiceAccount,
  deleteServiceAccount,
  getServiceAccount,
  listServiceAccounts,
  type ServiceAccountChange,
  type ServiceAccountView,
  serviceAccountsByIds,
  updateServiceAccount,
} from "./service-accounts";
export type { SupersededSecret, TokenView } from "./view";
