import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { can } from "@/lib/authorization/authorize";
import { withAuthorization } from "@/lib/platform/audit";
import { acrossOrganizations } from "@/lib/platform/db";
import { notFound, Refusal } from "@/lib/platform/refusal";

/**
 * The actor as an administrator of this organisation: its own, or the platform's at work in it.
 * @throws Refusal "forbidden" for everybody else, whether the organisation is there or not; "not_found"
 */
export function administratorOf(actor: Actor, orgId: string): Promise<Actor> {
  if (orgId !== actor.orgId) return assumeOrganization(actor, orgId);
  const target = { type: "organization", id: orgId } as const;
  return withAuthorization(
    actor,
    "organization:administer",
    { action: "organization.read", target },
    async () => actor,
  );
}

/**
 * The actor as an administrator of whichever organisation this person is in: the platform's reach everybody, others their own
 * people. Whether the person is there is left to what is done next, so that others' people and nobody look alike.
 * @throws Refusal "forbidden"; "conflict" where people of several organisations have this id, and none of them is at home
 */
export function administratorOfPerson(actor: Actor, id: string): Promise<Actor> {
  const target = { type: "user", id } as const;
  return withAuthorization(actor, "organization:administer", { action: "user.read", target }, async () => {
    if (!can(actor, "platform:manage")) return actor;
    const people = await acrossOrganizations((tx) =>
      tx.user.findMany({ where: { id }, select: { orgId: true }, take: MOST }),
    );
    if (people.some(({ orgId }) => orgId === actor.orgId)) return actor;
    const [found, another] = people;
    if (another) throw new Refusal("conflict", "People of several organisations have this id: name the organisation");
    return found ? assumeOrganization(actor, found.orgId) : actor;
  });
}

/** Only ids that callers brought along are ever shared, and hardly by more organisations than these. */
const MOST = 100;

/**
 * A platform administrator at work in another organisation: may look after its people, tokens and service accounts and
 * the organisation itself, and can do nothing with its credentials. Events carry the administrator's name.
 * In one's own organisation one is who one is.
 * @throws Refusal "forbidden" for everybody else, whether the organisation is there or not; "not_found"
 */
export function assumeOrganization(actor: Actor, orgId: string): Promise<Actor> {
  if (orgId === actor.orgId) return Promise.resolve(actor);
  const target = { type: "organization", id: orgId } as const;
  return withAuthorization(actor, "platform:manage", { action: "organization.read", target }, async () => {
    const where = { id: orgId, deletedAt: null };
    const found = await acrossOrganizations((tx) => tx.organization.findFirst({ where, select: { id: true } }));
    if (!found) throw notFound();
    return asDelegatedAdmin(actor, orgId);
  });
}

/** A platform administrator as who they are in an organisation that is not their own. */
export const asDelegatedAdmin = (actor: Actor, orgId: string): Actor => ({
  ...actor,
  orgId,
  role: "delegated_admin",
  name: `${actor.name} (platform)`,
});
