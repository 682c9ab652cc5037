import "server-only";

export {
  confirmSetUp,
  listUnconfirmed,
  type PendingConfirmation,
  type PendingConfirmationKey,
  refuseSetUp,
} from "./confirmations";
export {
  acceptLink,
  type IssuedLink,
  inviteAgain,
  invitePerson,
  type OpenedLink,
  offerReset,
  openLink,
} from "./invitations";
export { type AccessToken, anonKey, authenticateAccessToken, signInForAccessToken } from "./sessions/access-tokens";
export {
  authenticateByPassword,
  authenticateSecurityToken,
  issueSecurityToken,
  type SecurityToken,
  type SecurityTokenDetails,
  securityTokenDetails,
} from "./sessions/security-tokens";
export { endSession, type LiveSession, liveSession, SESSION_MS, type StartedSession } from "./sessions/sessions";
/**
 * People, and how they and their programs sign in. It promises that a password is kept as argon2id only,
 * that nobody can tell an unknown address from a wrong password, and that a session ends the moment its reason does.
 */
export { type Block, signInBlocks, unblockAddress, unblockAll, unblockPerson } from "./sign-in/blocks";
export { type SignInAttempt, type SignInResult, signIn } from "./sign-in/sign-in";
export { deletePerson, type PersonChange, setPersonActive, updatePerson } from "./users/change";
export { type Holdings, holdingsOf } from "./users/hand-over";
export { changePassword, confirmPassword, signOutEverywhere } from "./users/own";
export { ownProfile, updateOwnProfile } from "./users/profile";
export {
  createUser,
  getPerson,
  listPeople,
  type NewUser,
  type PeopleFilter,
  peopleByIds,
  userByEmail,
} from "./users/users";
export type { LinkKind, UserView } from "./users/view";
