import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { can } from "@/lib/authorization/authorize";
import { countUsesForList } from "@/lib/credentials/uses";
import type { AccessGrant } from "@/lib/generated/prisma/client";
import { withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight, type Transaction } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import type { Permission } from "@/lib/vocabulary/permissions";
import { type LastAct, lastActs, lastAtOf, later, QUIET_DAYS } from "./activity";
import { grantViews } from "./present";
import { lookUpSubject, withGroups } from "./subjects";
import type { GrantView, NamedSubject, Subject } from "./view";

/** A grant as its holder has it. */
export interface HeldGrant extends GrantView {
  /** When it was last of use, in the last ninety days; ISO text. A grant to see leaves no trace. */
  lastUsedAt: string | null;
  /** Older than ninety days and of no use in them: proposed to be taken away. */
  isQuiet: boolean;
  /** The group by which a person has it. */
  via: NamedSubject | null;
}

export interface UsedCredential {
  id: string;
  name: string;
  provider: string;
  usedAt: string | null;
  changedAt: string | null;
}

export interface SubjectAccess {
  subject: NamedSubject;
  grants: HeldGrant[];
  /** What they worked with in the last ninety days, the latest first, at most 200. */
  used: UsedCredential[];
}

const GRANTS_MAX = 1_000;
const USED_MAX = 200;

/**
 * What a person, group or program may do, by which grant, and what they made of it. Oneself for everybody; others for those who may
 * look at them; with a token that is narrowed to some credentials nobody, since the answer is about others as well.
 * @throws Refusal "forbidden"; "not_found" for somebody who is not there
 */
export function accessOfSubject(actor: Actor, subject: Subject): Promise<SubjectAccess> {
  const target = { type: subject.kind, id: subject.id } as const;
  return withAuthorization(actor, "access:read", { action: "access.read", target }, async () => {
    requireLook(actor, subject);
    await countUsesForList(actor.orgId);
    return inSight(sightOf(actor), async (tx) => {
      const { orgId } = actor;
      const known = await lookUpSubject(tx, orgId, subject);
      const holders = await withGroups(tx, orgId, known);
      const rows = await tx.accessGrant.findMany({
        where: { orgId, subjectId: { in: holders.map(({ id }) => id) } },
        orderBy: [{ grantedAt: "desc" }, { id: "desc" }],
        take: GRANTS_MAX,
      });
      const acts = await lastActs(tx, { orgId, actors: await actorsOf(tx, orgId, known) });
      const touched = await credentialsIn(tx, orgId, acts);
      const views = await grantViews(tx, orgId, rows);
      return {
        subject: known,
        grants: views.map((view, at) => held(view, rows[at] as AccessGrant, { acts, touched, known })),
        used: usedOf(acts, touched),
      };
    });
  });
}

const looks: Record<Subject["kind"], Permission> = {
  user: "people:read",
  group: "group:read",
  service_account: "service_account:read",
};

function requireLook(actor: Actor, { kind, id }: Subject): void {
  if (!actor.limits?.reach && (actor.id === id || can(actor, looks[kind]))) return;
  throw new Refusal("forbidden", "You do not have permission to access this resource");
}

async function actorsOf(tx: Transaction, orgId: string, { kind, id }: Subject): Promise<string[]> {
  if (kind !== "group") return [id];
  const rows = await tx.accessGroupMember.findMany({ where: { orgId, groupId: id }, select: { userId: true } });
  return rows.map(({ userId }) => userId);
}

interface Touched {
  id: string;
  name: string;
  provider: string;
  tags: string[];
}

/** The live ones in sight. */
async function credentialsIn(tx: Transaction, orgId: string, acts: LastAct[]): Promise<Map<string, Touched>> {
  const ids = [...new Set(acts.map(({ credentialId }) => credentialId))];
  const rows = await tx.credential.findMany({
    where: { orgId, id: { in: ids }, deletedAt: null },
    select: { id: true, name: true, provider: true, tags: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

interface Record90 {
  acts: LastAct[];
  touched: Map<string, Touched>;
  known: NamedSubject;
}

function held(view: GrantView, row: AccessGrant, { acts, touched, known }: Record90): HeldGrant {
  const last = acts.reduce<Date | null>((found, act) => {
    const credential = touched.get(act.credentialId);
    if (!credential || !covers(row, credential)) return found;
    return later(found, view.right === "use" ? act.usedAt : act.changedAt);
  }, null);
  const since = clock.now().getTime() - QUIET_DAYS * 86_400_000;
  return {
    ...view,
    lastUsedAt: last?.toISOString() ?? null,
    isQuiet: view.right !== "see" && last === null && row.grantedAt.getTime() < since,
    via: view.subject.id === known.id ? null : view.subject,
  };
}

const covers = (row: AccessGrant, { id, provider, tags }: Touched): boolean =>
  row.reach === "all" ||
  row.credentialId === id ||
  (row.reach === "kind" && row.reachKey === provider) ||
  (row.reach === "tag" && tags.includes(row.reachKey));

function usedOf(acts: LastAct[], touched: Map<string, Touched>): UsedCredential[] {
  const used = new Map<string, UsedCredential>();
  for (const { credentialId, usedAt, changedAt } of acts) {
    const credential = touched.get(credentialId);
    if (!credential) continue;
    const { id, name, provider } = credential;
    used.set(id, {
      id,
      name,
      provider,
      usedAt: usedAt?.toISOString() ?? null,
      changedAt: changedAt?.toISOString() ?? null,
    });
  }
  return [...used.values()].sort((a, b) => lastAtOf(b).localeCompare(lastAtOf(a))).slice(0, USED_MAX);
}
