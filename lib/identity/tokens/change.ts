import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { can, requireRecentPassword } from "@/lib/authorization/authorize";
import { markOf, onBehalfOf } from "@/lib/authorization/confirmation";
import { type ApiToken, Prisma } from "@/lib/generated/prisma/client";
import { type AuditEntry, lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { holds, type Read, requireUnchanged, updatedAfter } from "@/lib/platform/optimistic-lock";
import { invalidField, notFound } from "@/lib/platform/refusal";
import type { TokenLimits } from "@/lib/vocabulary/access";
import type { Scope } from "@/lib/vocabulary/permissions";
import { forgetCallers } from "./authenticate";
import { grows, requireWithin, type TokenState } from "./bounds";
import { asJson, cleanLimits, storedLimits } from "./limits";
import { ownedBy, ownerOf, permissionOver, requireOwner, type TokenOwner } from "./owner";
import { releaseSecrets } from "./secrets";
import { type TokenView, targetOf, viewOf } from "./view";

export interface TokenChange extends Read {
  name?: string | undefined;
  description?: string | null | undefined;
  active?: boolean | undefined;
  scopes?: Scope[] | undefined;
  /** Null: it may do all that its owner may. */
  limits?: TokenLimits | null | undefined;
  graphGuids?: string[] | undefined;
  /** Null: it never expires. */
  expiresAt?: Date | null | undefined;
}

/**
 * Changes a token; its secret stays. `owner` narrows the search to that owner's tokens. What it may do and how long it
 * lives ask for a password check of the last five minutes, as making it did.
 * @throws Refusal "not_found"; "forbidden"; "version_mismatch" when it was changed since the caller read it; "invalid"
 * for an expiry that has passed
 */
export function updateToken(actor: Actor, id: string, change: TokenChange, owner?: TokenOwner): Promise<TokenView> {
  if (change.scopes !== undefined || change.expiresAt !== undefined) {
    if (change.expiresAt && change.expiresAt <= clock.now()) throw invalidField("expires_at", "Must be in the future");
  }
  return changeToken(actor, id, owner, "token.updated", async (tx, row) => {
    if (change.scopes !== undefined || change.expiresAt !== undefined || change.limits !== undefined)
      requireRecentPassword(actor);
    await requireOwner(tx, actor, ownerOf(row));
    const next = changed(row, change);
    return (await requireUnchanged(tx, row, change, () => isSame(row, next))) === "done" ? null : next;
  });
}

/** Whether a token is that already. */
export const isSame = (row: ApiToken, { limits, ...next }: TokenState): boolean =>
  holds(row, next) && (limits === undefined || JSON.stringify(storedLimits(row.limits)) === JSON.stringify(limits));

export const changed = (row: ApiToken, change: TokenChange): TokenState => ({
  name: change.name ?? row.name,
  description: change.description === undefined ? row.description : change.description,
  active: change.active ?? row.active,
  scopes: change.scopes ?? row.scopes,
  graphGuids: change.graphGuids ?? row.graphGuids,
  ...(change.limits !== undefined && {
    limits: change.limits && cleanLimits(change.limits),
    // Somebody has decided.
    unlimitedFromBefore: false,
  }),
  expiresAt: change.expiresAt === undefined ? row.expiresAt : change.expiresAt,
});

/** Ends a token for good; it stops within a second everywhere. Its row stays for the audit trail. */
export async function revokeToken(actor: Actor, id: string, owner?: TokenOwner): Promise<void> {
  await changeToken(actor, id, owner, "token.revoked", async (tx) => {
    await releaseSecrets(tx, actor.orgId, [id]);
    return { revokedAt: clock.now(), active: false };
  });
}

/**
 * Ends all tokens of the organisation, or all of one owner, in one step. The token that asks is left: nobody locks
 * themselves out by one request. Those of administrators of the platform are not meant by "all", unless one of them asks; named,
 * they are ended. @returns how many ended
 */
export async function revokeTokens(actor: Actor, owner?: TokenOwner): Promise<number> {
  const count = await withAuthorization(actor, "token:manage", { action: "token.revoked" }, () =>
    inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const others = { id: { not: actor.tokenId ?? "" } };
      if (owner || can(actor, "platform:manage")) return endTokens(tx, actor, { ...others, ...ownedBy(owner) });
      return endTokens(tx, actor, { ...others, ...(await outsidePlatform(tx, actor)) });
    }),
  );
  forgetCallers();
  return count;
}

async function outsidePlatform(tx: Transaction, { orgId }: Actor): Promise<Which> {
  const rows = await tx.user.findMany({ where: { orgId, role: "backoffice" }, select: { id: true } });
  return { OR: [{ userId: null }, { userId: { notIn: rows.map(({ id }) => id) } }] };
}

type Which = Pick<Prisma.ApiTokenWhereInput, "OR" | "userId" | "serviceAccountId"> & { id?: { not: string } };

/** Ends the tokens that fit, within the transaction of a larger change; one event each. */
export async function endTokens(tx: Transaction, actor: Actor, which: Which): Promise<number> {
  const { orgId } = actor;
  const { id, ...owner } = which;
  const where = { orgId, revokedAt: null, ...owner, ...(id?.not && { id }) };
  const rows = await tx.apiToken.findMany({ where, select: { id: true, name: true } });
  if (rows.length === 0) return 0;
  const ids = rows.map((row) => row.id);
  const now = clock.now();
  await releaseSecrets(tx, orgId, ids);
  await tx.apiToken.updateMany({
    where: { orgId, id: { in: ids } },
    data: { revokedAt: now, active: false, updatedAt: now, modifiedBy: actor.name, version: { increment: 1 } },
  });
  await record(tx, actor, ...rows.map((row): AuditEntry => ({ action: "token.revoked", target: targetOf(row) })));
  return rows.length;
}

type Action = "token.updated" | "token.revoked" | "token.rotated" | "token.overlap_ended";

/**
 * Loads, lets `change` decide, writes row and event together; nothing for null, which says that it is so already. What gives the
 * caller a secret, or the token more scopes or a longer life, stays within the token that the caller came with.
 */
export async function changeToken(
  actor: Actor,
  id: string,
  owner: TokenOwner | undefined,
  action: Action,
  change: (tx: Transaction, row: ApiToken, fields: string[]) => Promise<TokenState | null>,
): Promise<TokenView> {
  const target = { type: "api_token", id } as const;
  const view = await withAuthorization(actor, permissionOver(actor, owner), { action, target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const found = await tx.apiToken.findFirst({
        where: { orgId: actor.orgId, id, revokedAt: null, ...ownedBy(owner) },
      });
      if (!found) throw notFound();
      const fields: string[] = [];
      const next = await change(tx, found, fields);
      if (next === null) return viewOf(tx, found);
      const grown = fields.includes("secret") || grows(found, next);
      const limits = next.limits === undefined ? storedLimits(found.limits) : next.limits;
      if (grown) requireWithin(actor, { ...found, ...next, limits });
      const mark = grown || (next.active && !found.active) ? markOf(actor) : {};
      const stored = await tx.apiToken.update({
        where: { orgId_id: { orgId: actor.orgId, id } },
        data: {
          ...columnsOf(next),
          ...mark,
          updatedAt: updatedAfter(found),
          modifiedBy: actor.name,
          version: { increment: 1 },
        },
      });
      fields.push(...Object.entries(next).flatMap(([name, value]) => (holds(found, { [name]: value }) ? [] : [name])));
      const at =
        actor.role === "delegated_admin" ? onBehalfOf(actor, await requireOwner(tx, actor, ownerOf(found))) : actor;
      await record(tx, at, { action, target: targetOf(stored), fields, version: stored.version });
      return viewOf(tx, stored);
    }),
  );
  forgetCallers();
  return view;
}

const columnsOf = ({ limits, ...rest }: TokenState) => ({
  ...rest,
  ...(limits !== undefined && { limits: limits === null ? Prisma.DbNull : asJson(limits) }),
});
