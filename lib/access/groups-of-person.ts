import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { inOrganization } from "@/lib/platform/db";
import { isUuid } from "@/lib/platform/uuid";

/** Groups of one person that are looked at. */
const SHOWN = 200;

/** The groups that somebody is in, by name; none for somebody who is not there. For those who look at groups. */
export function groupsOfPerson(actor: Actor, userId: string): Promise<{ id: string; name: string }[]> {
  return withAuthorization(actor, "group:read", { action: "group.read" }, () =>
    inOrganization(actor.orgId, async (tx) => {
      if (!isUuid(userId)) return [];
      return tx.accessGroup.findMany({
        where: { orgId: actor.orgId, members: { some: { userId } } },
        select: { id: true, name: true },
        orderBy: { name: "asc" },
        take: SHOWN,
      });
    }),
  );
}
