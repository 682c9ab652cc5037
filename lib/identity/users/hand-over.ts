import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { inSight, type Transaction, wholeOf } from "@/lib/platform/db";
import { invalidField, notFound } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";

/** What hangs on a person and would be nobody's. */
export interface Holdings {
  credentials: number;
  grants: number;
}

/** What somebody has to take over when this person goes. @throws Refusal "not_found" */
export function holdingsOf(actor: Actor, id: string): Promise<Holdings> {
  const target = { type: "user", id } as const;
  return withAuthorization(actor, "people:read", { action: "user.read", target }, () =>
    inSight(wholeOf(actor.orgId), async (tx) => {
      const { orgId } = actor;
      if (!isUuid(id) || (await tx.user.count({ where: { orgId, id } })) === 0) throw notFound();
      return {
        credentials: await tx.credential.count({ where: { orgId, ownerId: id, deletedAt: null } }),
        grants: await tx.accessGrant.count({ where: { orgId, subjectId: id } }),
      };
    }),
  );
}

/**
 * Who takes over from somebody who goes: whom the caller names, else the caller, else the administrator who has been there longest;
 * null in an organisation that has no other.
 * @throws Refusal "invalid" for an heir who is not there, is shut out or is the person themselves
 */
export async function heirOf(tx: Transaction, actor: Actor, id: string, named?: string): Promise<string | null> {
  const { orgId } = actor;
  const there = (heir: string) => tx.user.count({ where: { orgId, id: heir, status: { not: "inactive" } } });
  if (named !== undefined) {
    if (!isUuid(named) || named.toLowerCase() === id || (await there(named.toLowerCase())) === 0) {
      throw invalidField("heir_id", "Name somebody else of this organisation who is not shut out");
    }
    return named.toLowerCase();
  }
  if (actor.kind === "user" && actor.id !== id && isUuid(actor.id) && (await there(actor.id)) > 0) return actor.id;
  const administrators = { orgId, id: { not: id }, role: { in: ["org_admin", "backoffice"] }, status: "active" };
  const oldest = await tx.user.findFirst({
    where: administrators,
    orderBy: { createdAt: "asc" },
    select: { id: true },
  });
  return oldest?.id ?? null;
}

/**
 * Makes the credentials of a person, deleted ones too, another's, and hands their grants on where these are wanted. In a transaction
 * that sees everything and holds the organisation's lock.
 * @returns what an event says of it
 */
export async function transferHoldings(
  tx: Transaction,
  { orgId }: Actor,
  id: string,
  { heir, withGrants }: { heir: string | null; withGrants: boolean },
): Promise<string[]> {
  const { count } = await tx.credential.updateMany({ where: { orgId, ownerId: id }, data: { ownerId: heir } });
  if (heir === null) return [];
  const fields = count > 0 ? [`credentials:${count}`] : [];
  if (withGrants) {
    const grants = await tx.accessGrant.findMany({ where: { orgId, subjectId: id } });
    const taken = await tx.accessGrant.createMany({
      data: grants.map((grant) => ({ ...grant, id: uuidv7(), subjectId: heir })),
      skipDuplicates: true,
    });
    if (taken.count > 0) fields.push(`grants:${taken.count}`);
  }
  return fields.length > 0 ? [...fields, `heir:${heir}`] : [];
}
