import "server-only";
import type { Actor } from "@/lib/actor";
import { permitted } from "@/lib/audit";
import { acrossOrganizations } from "@/lib/db";
import { notFound } from "@/lib/refusal";

/**
 * The actor as an administrator of this organisation: its own, or the platform's at work in it.
 * @throws Refusal "forbidden" for everybody else, whether the organisation is there or not; "not_found"
 */
export function administratorOf(actor: Actor, orgId: string): Promise<Actor> {
  if (orgId !== actor.orgId) return actingIn(actor, orgId);
  const target = { type: "organization", id: orgId } as const;
  return permitted(actor, "organization:administer", { action: "organization.read", target }, async () => actor);
}

/**
 * A platform administrator at work in another organisation: may look after its people, tokens and service accounts and
 * the organisation itself, and can do nothing with its credentials. Events carry the administrator's name.
 * In one's own organisation one is who one is.
 * @throws Refusal "forbidden" for everybody else, whether the organisation is there or not; "not_found"
 */
export function actingIn(actor: Actor, orgId: string): Promise<Actor> {
  if (orgId === actor.orgId) return Promise.resolve(actor);
  const target = { type: "organization", id: orgId } as const;
  return permitted(actor, "platform:manage", { action: "organization.read", target }, async () => {
    const where = { id: orgId, deletedAt: null };
    const found = await acrossOrganizations((tx) => tx.organization.findFirst({ where, select: { id: true } }));
    if (!found) throw notFound();
    return asSteward(actor, orgId);
  });
}

/** A platform administrator as who they are in an organisation that is not their own. */
export const asSteward = (actor: Actor, orgId: string): Actor => ({
  ...actor,
  orgId,
  role: "steward",
  name: `${actor.name} (platform)`,
});
