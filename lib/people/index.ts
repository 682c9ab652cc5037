import "server-only";

/**
 * Organisations, the people in them, and how they sign in. It promises that a password is kept as argon2id only,
 * that nobody can tell an unknown address from a wrong password, and that a session ends the moment its reason does.
 */
export {
  createOrganization,
  listOrganizations,
  type OrganizationChange,
  type OrganizationView,
  organizationNamed,
  ownOrganization,
  platformActor,
  updateOrganization,
} from "./organizations";
export { endSession, type LiveSession, liveSession, SESSION_MS, type SignedIn } from "./sessions";
export { type FirstOrganization, isSetupToken, issueSetupToken, setUp, setUpUnattended } from "./setup";
export { type SignInAttempt, signIn } from "./sign-in";
export {
  changePassword,
  confirmPassword,
  createUser,
  type NewUser,
  signOutEverywhere,
  type UserView,
  userByEmail,
} from "./users";
