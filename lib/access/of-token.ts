import "server-only";
import { rightsOver, seesAll, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { can } from "@/lib/authorization/authorize";
import { GRANTED } from "@/lib/credentials/granted";
import { countUses } from "@/lib/credentials/uses";
import { Prisma } from "@/lib/generated/prisma/client";
import { type TokenHolder, type TokenView, tokenHolder, updateToken } from "@/lib/identity/tokens";
import { withAuthorization } from "@/lib/platform/audit";
import { inOrganization, inSight, type Transaction } from "@/lib/platform/db";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import type { Right, TokenLimits } from "@/lib/vocabulary/access";
import type { Permission } from "@/lib/vocabulary/permissions";
import { lastActsOfToken, lastAtOf, type TokenAct } from "./activity";
import type { NamedSubject } from "./view";

/** A credential that a token can do something with; times as ISO text, of the last ninety days. */
export interface ReachedCredential {
  id: string;
  name: string;
  provider: string;
  /** All that the token may do with it. */
  rights: Right[];
  usedAt: string | null;
  changedAt: string | null;
  /** Fetched before it was kept by which token: by this one or by another of the same program. */
  isShared: boolean;
}

/** What a token may do with credentials: what its owner may, within its scopes and limits. */
export interface TokenAccess {
  token: { id: string; name: string; limits: TokenLimits | null };
  owner: NamedSubject;
  /** Those it worked with, the latest first, and then the newest; at most 200 of each. */
  credentials: ReachedCredential[];
  /** Whether there are more than these. */
  hasMore: boolean;
  /** How many it worked with. */
  used: number;
}

const SHOWN_MAX = 200;
/** As many credentials as a token can be narrowed to by name. */
const KEPT_MAX = 1_000;

/**
 * What a token may do with which credentials, and what it made of it. For whoever may look at everybody's tokens; for others of their own.
 * Of the credentials those that the caller sees as well.
 * @throws Refusal "forbidden"; "not_found" for a token that is not there or is revoked
 */
export function accessOfToken(actor: Actor, id: string): Promise<TokenAccess> {
  const target = { type: "api_token", id } as const;
  return withAuthorization(actor, lookAt(actor), { action: "token.read", target }, async () => {
    const holder = await holderFor(actor, id);
    const { used, others } = await reachedBy(holder, false);
    const shown = [...used.slice(0, SHOWN_MAX), ...others.slice(0, SHOWN_MAX)];
    const { kind, id: ownerId, name } = holder.actor;
    return {
      token: { id: holder.token.id, name: holder.token.name, limits: holder.token.limits },
      owner: { kind: kind === "user" ? "user" : "service_account", id: ownerId, name },
      credentials: seesAll(actor) ? shown : await inSightOf(actor, shown),
      hasMore: used.length > SHOWN_MAX || others.length > SHOWN_MAX,
      used: used.length,
    };
  });
}

/**
 * Narrows a token to the credentials that it worked with in the last ninety days; its other limits stay. What its owner is granted later
 * it does not get.
 * @throws Refusal as `accessOfToken`; "conflict" where it worked with none, or with too many to be named
 */
export function narrowTokenToUsed(actor: Actor, id: string): Promise<TokenView> {
  const owner = can(actor, "token:manage") ? undefined : ({ kind: "user", id: actor.id } as const);
  const permission: Permission = owner ? "token:manage_own" : "token:manage";
  const target = { type: "api_token", id } as const;
  return withAuthorization(actor, permission, { action: "token.updated", target }, async () => {
    const { token, ...holder } = await holderFor(actor, id);
    const { used } = await reachedBy({ token, ...holder }, true);
    if (used.length === 0) {
      throw new Refusal("conflict", "It worked with no credential in ninety days: revoke it instead");
    }
    if (used.length > KEPT_MAX) {
      throw new Refusal(
        "conflict",
        `It works with more than ${KEPT_MAX} credentials: narrow it by tags or kinds instead`,
      );
    }
    const limits = { ...token.limits, credentialIds: used.map((one) => one.id) };
    return updateToken(actor, token.id, { expectedVersion: token.version, limits }, owner);
  });
}

/** One's own tokens need no further right. */
const lookAt = (actor: Actor): Permission => (can(actor, "token:read") ? "token:read" : "token:manage_own");

async function holderFor(actor: Actor, id: string): Promise<TokenHolder> {
  if (!isUuid(id)) throw notFound();
  const ownerId = can(actor, "token:read") ? undefined : actor.id;
  return inOrganization(actor.orgId, (tx) => tokenHolder(tx, actor.orgId, id.toLowerCase(), ownerId));
}

interface Reached {
  used: ReachedCredential[];
  /** One more than are shown, if there are. */
  others: ReachedCredential[];
}

async function reachedBy({ token, actor }: TokenHolder, isExact: boolean): Promise<Reached> {
  const { orgId } = actor;
  await countUses(orgId);
  return inSight(sightOf(actor), async (tx) => {
    const madeAt = new Date(token.createdAt);
    const acts = await lastActsOfToken(tx, {
      orgId,
      tokenId: token.id,
      serviceAccountId: token.serviceAccountId,
      madeAt,
      isExact,
    });
    const ids = acts.flatMap(({ credentialId }) => (isUuid(credentialId) ? [credentialId] : []));
    const byId = new Map(acts.map((act) => [act.credentialId, act]));
    const view = (row: Row) => reached(actor, row, byId.get(row.id));
    const used = (await rowsOf(tx, orgId, { ids, most: ids.length })).map(view).filter(isOpen).sort(byTime);
    const others = (await rowsOf(tx, orgId, { except: ids, most: SHOWN_MAX + 1 })).map(view).filter(isOpen);
    return { used, others };
  });
}

interface Row {
  id: string;
  name: string;
  provider: string;
  granted: Right[];
}

/** Live ones that the token sees: these, or the newest but these. */
const rowsOf = (
  tx: Transaction,
  orgId: string,
  { ids, except, most }: { ids?: string[]; except?: string[]; most: number },
) =>
  tx.$queryRaw<Row[]>`
    SELECT c.id::text, c.name, c.provider, ${Prisma.raw(GRANTED)} AS granted
      FROM credential c
     WHERE c.org_id = ${orgId}::uuid AND c.deleted_at IS NULL
       AND (${ids ?? null}::uuid[] IS NULL OR c.id = ANY (${ids ?? null}::uuid[])) AND c.id <> ALL (${except ?? []}::uuid[])
     ORDER BY c.id DESC LIMIT ${most}`;

function reached(actor: Actor, { granted, ...row }: Row, act: TokenAct | undefined): ReachedCredential {
  return {
    ...row,
    rights: rightsOver(actor, granted).filter((right) => can(actor, needs(actor)[right])),
    usedAt: act?.usedAt?.toISOString() ?? null,
    changedAt: act?.changedAt?.toISOString() ?? null,
    isShared: act?.isShared ?? false,
  };
}

/** What the token's scopes must allow for a right to be of use. */
const needs = ({ kind }: Actor): Record<Right, Permission> => ({
  see: "credential:read",
  // People fetch nothing; they try it.
  use: kind === "service_account" ? "secret:read" : "credential:test",
  edit: "credential:update",
  manage: "credential:delete",
});

const isOpen = ({ rights }: ReachedCredential): boolean => rights.length > 0;

const byTime = (a: ReachedCredential, b: ReachedCredential): number => lastAtOf(b).localeCompare(lastAtOf(a));

async function inSightOf(actor: Actor, all: ReachedCredential[]): Promise<ReachedCredential[]> {
  const rows = await inSight(sightOf(actor), (tx) =>
    tx.credential.findMany({
      where: { orgId: actor.orgId, id: { in: all.map(({ id }) => id) } },
      select: { id: true },
    }),
  );
  const seen = new Set(rows.map(({ id }) => id));
  return all.filter(({ id }) => seen.has(id));
}
