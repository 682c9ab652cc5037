import "server-only";

export { type AccessToken, anonKey, callerOfAccessToken, signInForAccessToken } from "./access-tokens";
/**
 * Organisations, the people in them, and how they sign in. It promises that a password is kept as argon2id only,
 * that nobody can tell an unknown address from a wrong password, and that a session ends the moment its reason does.
 */
export { actingIn, administratorOf, administratorOfPerson } from "./acting";
export { type Block, signInBlocks, unblockAddress, unblockAll, unblockPerson } from "./blocks";
export { deletePerson, type PersonChange, setPersonActive, updatePerson } from "./change";
export { confirmSetUp, listUnconfirmed, refuseSetUp, type Unconfirmed, type WhichUnconfirmed } from "./confirmations";
export { type Deactivated, deactivateOrganization } from "./deactivate-organization";
export { acceptLink, inviteAgain, invitePerson, type Link, type OpenLink, offerReset, openLink } from "./links";
export {
  listOrganizations,
  organizationNamed,
  organizationsByIds,
  ownOrganization,
  pageOfOrganizations,
} from "./list-organizations";
export { organizationsOfAddress } from "./look-up";
export { type NewMembersToken, type Onboarded, type Onboarding, onboardOrganization } from "./onboard";
export type { OrganizationView } from "./organization-view";
export {
  createOrganization,
  type NewOrganization,
  type OrganizationChange,
  platformActor,
  updateOrganization,
} from "./organizations";
export { changePassword, confirmPassword, signOutEverywhere } from "./own";
export { ownProfile, updateOwnProfile } from "./profile";
export { deleteOrganization, leftIn, type WhatIsLeft } from "./remove-organization";
export {
  callerByPassword,
  callerOfSecurityToken,
  issueSecurityToken,
  type SecurityToken,
  type SecurityTokenDetails,
  securityTokenDetails,
} from "./security-tokens";
export { endSession, type LiveSession, liveSession, SESSION_MS, type SignedIn } from "./sessions";
export { type FirstOrganization, isSetupToken, issueSetupToken, setUp, setUpUnattended } from "./setup";
export { type SignInAttempt, type SignInResult, signIn } from "./sign-in";
export { createUser, getPerson, listPeople, type NewUser, type PeopleFilter, peopleByIds, userByEmail } from "./users";
export type { LinkKind, UserView } from "./view";
