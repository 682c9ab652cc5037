import type { PeopleRights } from "@/components/people/people-actions";
import { allows } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";

/** What to show; every action and feed asks again. */
export const rightsOf = ({ role, id }: Actor): PeopleRights => ({
  ownId: id,
  manage: allows(role, undefined, "people:manage"),
  platform: allows(role, undefined, "platform:manage"),
});
