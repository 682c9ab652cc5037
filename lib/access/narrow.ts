import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { countUses } from "@/lib/credentials/uses";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight, type Transaction, wholeOf } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import type { Right } from "@/lib/vocabulary/access";
import { lastActs } from "./activity";
import { requireManage } from "./manage";
import { lookUpSubject } from "./subjects";

/** What a program would keep of what it was given before there were grants: what it made use of in the last ninety days. */
export interface Narrowing {
  /** Grants that would be taken away. */
  replaced: number;
  /** At most 500 of them by name, the last used first. */
  keeps: { id: string; name: string; rights: Right[]; lastAt: string }[];
  /** All that it would keep. */
  kept: number;
}

const KEPT_MAX = 5_000;
const SHOWN_MAX = 500;

/**
 * What `narrowToUsed` would do now, from the audit log.
 * @throws Refusal "forbidden" for whoever does not manage everything; "not_found" for a program that is not there
 */
export function previewNarrowing(actor: Actor, serviceAccountId: string): Promise<Narrowing> {
  const target = { type: "service_account", id: serviceAccountId } as const;
  return withAuthorization(actor, "access:manage", { action: "access.read", target }, async () => {
    await requireManage(actor, { reach: "all", key: "" });
    await countUses(actor.orgId);
    return inSight(wholeOf(actor.orgId), async (tx) => {
      const program = await lookUpSubject(tx, actor.orgId, { kind: "service_account", id: serviceAccountId });
      return found(tx, actor.orgId, program.id);
    });
  });
}

/**
 * Puts a grant over each credential that a program made use of in the last ninety days in the place of "everything, from before": `use`
 * for those that it fetched, `edit` for those that it changed. Other grants stay.
 * @throws Refusal as `previewNarrowing`; "conflict" where nothing is left to narrow
 */
export function narrowToUsed(actor: Actor, serviceAccountId: string): Promise<Narrowing> {
  const target = { type: "service_account", id: serviceAccountId } as const;
  return withAuthorization(actor, "access:manage", { action: "access.narrowed", target }, async () => {
    const { orgId } = actor;
    await requireManage(actor, { reach: "all", key: "" });
    await countUses(actor.orgId);
    return inSight(wholeOf(orgId), async (tx) => {
      await lockOrganization(tx, orgId);
      const program = await lookUpSubject(tx, orgId, { kind: "service_account", id: serviceAccountId });
      const narrowing = await found(tx, orgId, program.id);
      if (narrowing.replaced === 0) throw new Refusal("conflict", "Nothing from before is left to narrow here");
      const used = await usedBy(tx, orgId, program.id);
      const by = { reason: REASON, grantedById: actor.id, grantedBy: actor.name, grantedAt: clock.now() };
      await tx.accessGrant.createMany({
        skipDuplicates: true,
        data: used.flatMap(({ id, rights }) =>
          rights.map((right) => ({
            ...{ orgId, id: uuidv7(), subjectKind: "service_account", subjectId: program.id, ...by },
            ...{ reach: "credential", reachKey: id, credentialId: id, right },
          })),
        ),
      });
      await tx.accessGrant.deleteMany({ where: fromBefore(orgId, program.id) });
      const fields = used.map(({ id, rights }) => `${rights.join("+")}:${id}`);
      await record(tx, actor, { action: "access.narrowed", target: { ...target, name: program.name }, fields });
      return narrowing;
    });
  });
}

const REASON = "Was in use in the ninety days before";

const fromBefore = (orgId: string, subjectId: string) => ({ orgId, subjectId, fromBefore: true, reach: "all" });

async function found(tx: Transaction, orgId: string, id: string): Promise<Narrowing> {
  const used = await usedBy(tx, orgId, id);
  return {
    replaced: await tx.accessGrant.count({ where: fromBefore(orgId, id) }),
    keeps: used.slice(0, SHOWN_MAX),
    kept: used.length,
  };
}

async function usedBy(tx: Transaction, orgId: string, id: string): Promise<Narrowing["keeps"]> {
  const acts = await lastActs(tx, { orgId, actors: [id], isExact: true });
  const credentials = await tx.credential.findMany({
    where: { orgId, id: { in: acts.map(({ credentialId }) => credentialId) }, deletedAt: null },
    select: { id: true, name: true },
    take: KEPT_MAX,
  });
  const names = new Map(credentials.map((one) => [one.id, one.name]));
  return acts
    .flatMap(({ credentialId, usedAt, changedAt }) => {
      const name = names.get(credentialId);
      const last = [usedAt, changedAt].flatMap((at) => at?.toISOString() ?? []).sort();
      if (name === undefined) return [];
      const rights: Right[] = [...(usedAt ? (["use"] as const) : []), ...(changedAt ? (["edit"] as const) : [])];
      return [{ id: credentialId, name, rights, lastAt: last.at(-1) ?? "" }];
    })
    .sort((a, b) => b.lastAt.localeCompare(a.lastAt));
}
