import type { CredentialRights } from "@/components/credentials/credential-actions";
import { allows } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";

/** What to show; every action and feed asks again. */
export const rightsOf = ({ role, id }: Actor): CredentialRights => ({
  userId: id,
  create: allows(role, undefined, "credential:create"),
  import: allows(role, undefined, "credential:import"),
  test: allows(role, undefined, "credential:test"),
  update: allows(role, undefined, "credential:update"),
  updateAll: allows(role, undefined, "credential:update_all"),
  listAll: allows(role, undefined, "credential:list_all"),
});
