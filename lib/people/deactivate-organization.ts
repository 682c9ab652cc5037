import "server-only";
import type { Actor } from "@/lib/actor";
import { type AuditEntry, permitted, record } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { inOrganization, type Transaction } from "@/lib/db";
import type { User } from "@/lib/generated/prisma/client";
import { forgetCallers } from "@/lib/tokens";
import { type Read, requireUnchanged, updatedAfter } from "@/lib/unchanged";
import { type OrganizationView, toView } from "./organization-view";
import { lockedOrganization, mayBeSwitchedOff } from "./organizations";
import { targetOf } from "./view";

export interface Deactivated {
  organization: OrganizationView;
  /** How many people were shut out by it; whoever was before is not counted. */
  people: number;
}

/**
 * Shuts an organisation out, and everybody in it: sessions and links end, every token of it stops within a second. Nothing else of it
 * is touched. `updateOrganization` lets the organisation in again, and its programs with it; its people are let in one by one.
 * @throws Refusal "not_found"; "forbidden"; "conflict" for one's own organisation and for the home of the platform's last
 * administrators; "version_mismatch"
 */
export async function deactivateOrganization(actor: Actor, id: string, read: Read = {}): Promise<Deactivated> {
  const target = { type: "organization", id } as const;
  const done = await permitted(actor, "platform:manage", { action: "organization.disabled", target }, () =>
    inOrganization(id, async (tx) => {
      const found = await lockedOrganization(tx, id);
      await requireUnchanged(tx, { ...found, orgId: id }, read);
      await mayBeSwitchedOff(tx, actor, id);
      const stored = found.active
        ? await tx.organization.update({
            where: { id },
            data: { active: false, version: { increment: 1 }, updatedAt: updatedAfter(found) },
          })
        : found;
      const people = await shutOut(tx, actor, id);
      const named = { ...target, name: stored.name };
      const ended: AuditEntry[] = found.active ? [{ action: "organization.disabled", target: named }] : [];
      if (ended.length + people.length > 0) await record(tx, { ...actor, orgId: id }, ...ended, ...people);
      return { organization: toView(stored), people: people.length };
    }),
  );
  forgetCallers();
  return done;
}

/** The reason in the events of people who were shut out together with their organisation. */
const WITH_ORGANIZATION = "organization_deactivated";

async function shutOut(tx: Transaction, actor: Actor, orgId: string): Promise<AuditEntry[]> {
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
export async function wasShutWithOrganization(
  tx: Transaction,
  { orgId, id }: Pick<User, "orgId" | "id">,
): Promise<boolean> {
  const where = { orgId, targetId: id, action: "user.disabled", outcome: "done" };
  const last = await tx.auditEvent.findFirst({ where, orderBy: { seq: "desc" }, select: { reason: true } });
  return last?.reason === WITH_ORGANIZATION;
}
