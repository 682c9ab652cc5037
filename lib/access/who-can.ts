import "server-only";
import { requireRight, rightsOver, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { credentialsOf } from "@/lib/credentials/repository";
import { countUsesForList } from "@/lib/credentials/uses";
import type { AccessGrant } from "@/lib/generated/prisma/client";
import { withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight, type Transaction } from "@/lib/platform/db";
import { type Right, withImplied } from "@/lib/vocabulary/access";
import { rightsOfRole, type UserRole, userRoles } from "@/lib/vocabulary/permissions";
import { type LastAct, lastActs, later } from "./activity";
import { grantViews } from "./present";
import type { GrantView, NamedSubject } from "./view";

/** Somebody who reaches a credential, by what, and what for. */
export interface Reacher {
  subject: NamedSubject;
  /** All that they may do with it. */
  rights: Right[];
  /** By these grants, the narrowest first; none for the owner alone. */
  grants: GrantView[];
  isOwner: boolean;
  /** In the last ninety days, as ISO text. */
  lastUsedAt: string | null;
}

export interface CredentialAccess {
  reachers: Reacher[];
  /** Those who reach every credential of the organisation by their role, and how many they are. */
  roles: { role: UserRole; people: number; rights: readonly Right[] }[];
  /** What the actor may do with it. */
  own: Right[];
}

const REACHERS_MAX = 500;

/**
 * Who may do what with a credential, by which grant, and when they last did. For everybody who sees it: whoever works with a
 * credential may know with whom.
 * @throws Refusal "not_found"
 */
export function accessToCredential(actor: Actor, id: string): Promise<CredentialAccess> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "access:read", { action: "access.read", target }, async () => {
    const row = requireRight(actor, await credentialsOf(sightOf(actor)).show(id), "see");
    await countUsesForList(actor.orgId);
    return inSight(sightOf(actor), async (tx) => {
      const grants = await grantViews(tx, actor.orgId, await grantsOver(tx, actor.orgId, row));
      const members = await membersOf(tx, actor.orgId, grants);
      const acts = await lastActs(tx, { orgId: actor.orgId, credentialId: row.id });
      const owner = row.ownerId && { kind: "user" as const, id: row.ownerId, name: row.ownerName ?? row.ownerId };
      const reachers = reachersOf(grants, owner || undefined, (subject) =>
        lastOf(acts, subject.kind === "group" ? (members.get(subject.id) ?? []) : [subject.id]),
      );
      return { reachers, roles: await byRole(tx, actor.orgId), own: rightsOver(actor, row.granted) };
    });
  });
}

interface Reached {
  id: string;
  provider: string;
  tags: string[];
}

const narrowestFirst = ["credential", "tag", "kind", "all"];

/** In force now. */
async function grantsOver(tx: Transaction, orgId: string, { id, provider, tags }: Reached): Promise<AccessGrant[]> {
  const rows = await tx.accessGrant.findMany({
    where: {
      orgId,
      AND: [
        {
          OR: [
            { credentialId: id },
            { reach: "all" },
            { reach: "kind", reachKey: provider },
            { reach: "tag", reachKey: { in: tags } },
          ],
        },
        { OR: [{ expiresAt: null }, { expiresAt: { gt: clock.now() } }] },
      ],
    },
    orderBy: { grantedAt: "desc" },
    take: REACHERS_MAX,
  });
  return rows.sort((a, b) => narrowestFirst.indexOf(a.reach) - narrowestFirst.indexOf(b.reach));
}

async function membersOf(tx: Transaction, orgId: string, grants: GrantView[]): Promise<Map<string, string[]>> {
  const groupId = { in: grants.flatMap(({ subject }) => (subject.kind === "group" ? [subject.id] : [])) };
  const rows = await tx.accessGroupMember.findMany({
    where: { orgId, groupId },
    select: { groupId: true, userId: true },
  });
  const members = new Map<string, string[]>();
  for (const row of rows) members.set(row.groupId, [...(members.get(row.groupId) ?? []), row.userId]);
  return members;
}

function reachersOf(
  grants: GrantView[],
  owner: NamedSubject | undefined,
  lastUse: (subject: NamedSubject) => Date | null,
): Reacher[] {
  const bySubject = new Map<string, { subject: NamedSubject; grants: GrantView[] }>();
  if (owner) bySubject.set(owner.id, { subject: owner, grants: [] });
  for (const grant of grants) {
    const one = bySubject.get(grant.subject.id) ?? { subject: grant.subject, grants: [] };
    bySubject.set(grant.subject.id, { ...one, grants: [...one.grants, grant] });
  }
  return [...bySubject.values()].map(({ subject, grants: given }) => {
    const isOwner = subject.id === owner?.id;
    const held = given.map(({ right }) => right);
    return {
      subject,
      rights: withImplied(isOwner ? [...held, "manage"] : held),
      grants: given,
      isOwner,
      lastUsedAt: lastUse(subject)?.toISOString() ?? null,
    };
  });
}

const lastOf = (acts: LastAct[], actors: string[]): Date | null =>
  acts
    .filter(({ actorId }) => actors.includes(actorId))
    .reduce<Date | null>((last, { usedAt, changedAt }) => later(later(last, usedAt), changedAt), null);

async function byRole(tx: Transaction, orgId: string): Promise<CredentialAccess["roles"]> {
  const reaching = userRoles.filter((role) => rightsOfRole[role]);
  const counts = await tx.user.groupBy({
    by: ["role"],
    where: { orgId, role: { in: reaching }, status: { not: "inactive" } },
    _count: { _all: true },
  });
  return counts.map(({ role, _count }) => ({
    role: role as UserRole,
    people: _count._all,
    rights: rightsOfRole[role as UserRole] ?? [],
  }));
}
