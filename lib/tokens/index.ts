import "server-only";

/**
 * API tokens and the service accounts that own them. It promises that a token is shown once, kept as a keyed hash,
 * and dead within a second of being revoked, expired or switched off; it never says why a token was refused.
 */
export { callerOf } from "./caller";
export {
  issueToken,
  listTokens,
  type NewToken,
  revokeToken,
  type TokenChange,
  type TokenView,
  updateToken,
} from "./service";
export {
  createServiceAccount,
  deleteServiceAccount,
  getServiceAccount,
  listServiceAccounts,
  type ServiceAccountChange,
  type ServiceAccountView,
  updateServiceAccount,
} from "./service-accounts";
