import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { forgetCallers } from "@/lib/identity/tokens";
import { deactivateAll } from "@/lib/identity/users/deactivate";
import { type AuditEntry, record, withAuthorization } from "@/lib/platform/audit";
import { inOrganization } from "@/lib/platform/db";
import { type Read, requireUnchanged, updatedAfter } from "@/lib/platform/optimistic-lock";
import { lockedOrganization, mayBeSwitchedOff } from "./organizations";
import { type OrganizationView, toView } from "./view";

export interface OrganizationDeactivation {
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
export async function deactivateOrganization(
  actor: Actor,
  id: string,
  read: Read = {},
): Promise<OrganizationDeactivation> {
  const target = { type: "organization", id } as const;
  const done = await withAuthorization(actor, "platform:manage", { action: "organization.disabled", target }, () =>
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
      const people = await deactivateAll(tx, actor, id);
      const named = { ...target, name: stored.name };
      const ended: AuditEntry[] = found.active ? [{ action: "organization.disabled", target: named }] : [];
      if (ended.length + people.length > 0) await record(tx, { ...actor, orgId: id }, ...ended, ...people);
      return { organization: toView(stored), people: people.length };
    }),
  );
  forgetCallers();
  return done;
}
