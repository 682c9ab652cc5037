import "server-only";
import type { Actor } from "@/lib/actor";
import { lockOrganization, permitted, record } from "@/lib/audit";
import { inOrganization } from "@/lib/db";
import { notFound } from "@/lib/refusal";
import { type Read, requireUnchanged, updatedAfter } from "@/lib/unchanged";
import { type Names, namesOf, targetOf, type UserView, viewOf } from "./view";

/** What one may know and change of oneself. */
const itself = (actor: Actor) => ({
  target: { type: "user", id: actor.id } as const,
  where: { orgId_id: { orgId: actor.orgId, id: actor.id } },
});

/** The actor's own person. @throws Refusal "forbidden" for programs, and for whoever waits for a confirmation */
export function ownProfile(actor: Actor): Promise<UserView> {
  const { target, where } = itself(actor);
  return permitted(actor, "profile:read", { action: "user.read", target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const row = await tx.user.findUnique({ where });
      if (!row) throw notFound();
      return viewOf(tx, row);
    }),
  );
}

/**
 * Changes how one is called; role, address and state are an administrator's to change.
 * @throws Refusal "forbidden" as `ownProfile`; "version_mismatch"; "invalid" naming the field
 */
export function updateOwnProfile(actor: Actor, change: Names & Read): Promise<UserView> {
  const { target, where } = itself(actor);
  return permitted(actor, "profile:update", { action: "user.updated", target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const row = await tx.user.findUnique({ where });
      if (!row) throw notFound();
      await requireUnchanged(tx, row, change);
      const { firstName = row.firstName, lastName = row.lastName } = change;
      const names = namesOf(row.email, { firstName, lastName });
      const stored = await tx.user.update({
        where,
        data: { ...names, version: { increment: 1 }, updatedAt: updatedAfter(row), modifiedBy: actor.name },
      });
      const fields = [
        ...(stored.firstName === row.firstName ? [] : ["first_name"]),
        ...(stored.lastName === row.lastName ? [] : ["last_name"]),
      ];
      await record(tx, actor, { action: "user.updated", target: targetOf(stored), fields, version: stored.version });
      return viewOf(tx, stored);
    }),
  );
}
