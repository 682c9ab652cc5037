import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { inOrganization } from "@/lib/platform/db";
import { named, namesOf } from "./subjects";
import type { NamedSubject, Subject } from "./view";

/** As many as anybody looks through. */
const SHOWN = 200;

/**
 * The programs that reach every credential because they were there before there were grants, and nobody has decided about that since;
 * by name, at most 200. For those who look at programs.
 */
export function programsFromBefore(actor: Actor): Promise<NamedSubject[]> {
  return withAuthorization(actor, "service_account:read", { action: "access.read" }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const { orgId } = actor;
      const rows = await tx.accessGrant.findMany({
        where: { orgId, subjectKind: "service_account", reach: "all", fromBefore: true },
        select: { subjectId: true },
        distinct: ["subjectId"],
        take: SHOWN,
      });
      const programs = rows.map(({ subjectId }): Subject => ({ kind: "service_account", id: subjectId }));
      const names = await namesOf(tx, orgId, programs);
      return programs.map((one) => named(names, one)).sort((a, b) => a.name.localeCompare(b.name));
    }),
  );
}
