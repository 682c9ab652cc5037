import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import type { User } from "@/lib/generated/prisma/client";
import type { AuditEntry } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import type { Transaction } from "@/lib/platform/db";
import { targetOf } from "./view";

/** The reason in the events of people who were shut out together with their organisation. */
const WITH_ORGANIZATION = "organization_deactivated";

/**
 * Ends the sessions and links of everybody in this organisation and shuts out whoever is not shut out yet.
 * @returns the events to record with it, one for each person
 */
export async function deactivateAll(tx: Transaction, actor: Actor, orgId: string): Promise<AuditEntry[]> {
  const where = { orgId, status: { not: "inactive" } };
  const select = { id: true, email: true, version: true } as const;
  const people = await tx.user.findMany({ where, select, orderBy: { id: "asc" } });
  await tx.session.deleteMany({ where: { orgId } });
  await tx.personLink.deleteMany({ where: { orgId } });
  // As `updatedAfter` for each: a clock that is behind must not take a row's time back.
  await tx.$executeRaw`
    UPDATE user_account SET status = 'inactive', stamp = stamp + 1, version = version + 1, modified_by = ${actor.name},
      updated_at = greatest(${clock.now()}, updated_at + interval '1 millisecond')
    WHERE org_id = ${orgId}::uuid AND status <> 'inactive'`;
  return people.map((person) => ({
    action: "user.disabled",
    reason: WITH_ORGANIZATION,
    target: targetOf(person),
    version: person.version + 1,
  }));
}

/**
 * Whether it was the end of their organisation that shut this person out, and nobody's decision about them: then letting them in
 * again gives nobody anything that their organisation had not given them.
 */
export async function wasDeactivatedWithOrganization(
  tx: Transaction,
  { orgId, id }: Pick<User, "orgId" | "id">,
): Promise<boolean> {
  const where = { orgId, targetId: id, action: "user.disabled", outcome: "done" };
  const last = await tx.auditEvent.findFirst({ where, orderBy: { seq: "desc" }, select: { reason: true } });
  return last?.reason === WITH_ORGANIZATION;
}
