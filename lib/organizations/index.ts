import "server-only";

/** Organisations: what they are called and may hold, how they begin, and how they end with everything in them. */
export { administratorOf, administratorOfPerson, assumeOrganization } from "./assume-organization";
export { deactivateOrganization, type OrganizationDeactivation } from "./deactivate";
export {
  listOrganizations,
  organizationNamed,
  organizationsByIds,
  ownOrganization,
  pageOfOrganizations,
} from "./list";
export { organizationsOfAddress } from "./look-up";
export { type NewMembersToken, type OnboardingOrder, type OnboardingResult, onboardOrganization } from "./onboard";
export {
  createOrganization,
  type NewOrganization,
  type OrganizationChange,
  platformActor,
  updateOrganization,
} from "./organizations";
export { deleteOrganization, type RemainingContents, remainingIn } from "./remove";
export { type FirstOrganization, isSetupToken, issueSetupToken, setUp, setUpUnattended } from "./setup";
export type { OrganizationView } from "./view";
