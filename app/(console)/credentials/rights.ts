import type { CredentialRights } from "@/components/credentials/credential-actions";
import type { Actor } from "@/lib/authorization/actor";
import { hasPermission, rightsOfRole } from "@/lib/vocabulary/permissions";

/** What to show; every action and feed asks again. */
export const rightsOf = ({ role }: Actor): CredentialRights => ({
  create: hasPermission(role, undefined, "credential:create"),
  import: hasPermission(role, undefined, "credential:import"),
  test: hasPermission(role, undefined, "credential:test"),
  update: hasPermission(role, undefined, "credential:update"),
  seesAll: rightsOfRole[role] !== undefined,
});
