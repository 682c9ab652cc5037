import type { PeopleRights } from "@/components/people/people-actions";
import type { Actor } from "@/lib/authorization/actor";
import { hasPermission } from "@/lib/vocabulary/permissions";

/** What to show; every action and feed asks again. */
export const rightsOf = ({ role, id }: Actor): PeopleRights => ({
  ownId: id,
  manage: hasPermission(role, undefined, "people:manage"),
  platform: hasPermission(role, undefined, "platform:manage"),
});
