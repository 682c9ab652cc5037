import "server-only";
import { v7 as uuidv7 } from "uuid";
import { requireRecentPassword } from "@/lib/access/authorize";
import type { Permission, Scope } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";
import { type AuditEntry, permitted, record } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { inOrganization, type Transaction } from "@/lib/db";
import type { ApiToken } from "@/lib/generated/prisma/client";
import { invalidField, notFound } from "@/lib/refusal";
import { forgetCallers } from "./caller";
import { freshToken } from "./token";

export interface TokenView {
  id: string;
  name: string;
  description: string | null;
  prefix: string;
  lastFour: string;
  scopes: string[];
  status: "active" | "inactive" | "expired" | "revoked";
  expiresAt: string | null;
  lastUsedAt: string | null;
  createdAt: string;
  updatedAt: string;
  modifiedBy: string;
  userId: string | null;
  serviceAccountId: string | null;
}

export interface NewToken {
  /** Reserved by an idempotency key. */
  id?: string | undefined;
  name: string;
  description?: string | undefined;
  owner: { kind: "user" | "service_account"; id: string };
  scopes?: Scope[] | undefined;
  expiresAt?: Date | undefined;
}

/**
 * Makes a token and answers it once; only its keyed hash is kept. One's own tokens need no further right, anybody
 * else's the right to manage tokens; both a password check of the last five minutes.
 * @throws Refusal "forbidden"; "not_found" for an unknown owner; "invalid" for an expiry that has passed
 */
export function issueToken(actor: Actor, input: NewToken): Promise<{ token: string; view: TokenView }> {
  return permitted(actor, rightOver(actor, input.owner.id), { action: "token.created" }, async () => {
    requireRecentPassword(actor);
    if (input.expiresAt && input.expiresAt <= clock.now()) throw invalidField("expires_at", "Must be in the future");
    const fresh = freshToken();
    const row = await inOrganization(actor.orgId, async (tx) => {
      await findOwner(tx, actor.orgId, input.owner);
      const created = await tx.apiToken.create({ data: rowOf(actor, input, fresh) });
      await record(tx, actor, about("token.created", created));
      return created;
    });
    return { token: fresh.token, view: toView(row) };
  });
}

function rowOf(actor: Actor, input: NewToken, fresh: ReturnType<typeof freshToken>) {
  return {
    orgId: actor.orgId,
    id: input.id ?? uuidv7(),
    name: input.name,
    description: input.description ?? null,
    digest: new Uint8Array(fresh.digest),
    prefix: fresh.prefix,
    lastFour: fresh.lastFour,
    userId: input.owner.kind === "user" ? input.owner.id : null,
    serviceAccountId: input.owner.kind === "service_account" ? input.owner.id : null,
    scopes: input.scopes ?? [],
    expiresAt: input.expiresAt ?? null,
    modifiedBy: actor.name,
  };
}

async function findOwner(tx: Transaction, orgId: string, owner: NewToken["owner"]): Promise<void> {
  const where = { orgId_id: { orgId, id: owner.id } };
  const found =
    owner.kind === "user" ? await tx.user.findUnique({ where }) : await tx.serviceAccount.findUnique({ where });
  if (!found) throw notFound();
}

export interface TokenFilter {
  owner?: NewToken["owner"];
  offset?: number;
  limit?: number;
}

/** Tokens of the organisation, newest first, revoked ones left out. Without the right to see all: one's own. */
export function listTokens(actor: Actor, filter: TokenFilter = {}): Promise<TokenView[]> {
  const own = filter.owner?.id === actor.id;
  return permitted(actor, own ? "token:manage_own" : "token:read", { action: "token.read" }, async () => {
    const rows = await inOrganization(actor.orgId, (tx) =>
      tx.apiToken.findMany({
        where: { orgId: actor.orgId, revokedAt: null, ...ownedBy(filter.owner) },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        skip: filter.offset ?? 0,
        take: Math.min(filter.limit ?? 100, 1000),
      }),
    );
    return rows.map(toView);
  });
}

const ownedBy = (owner: NewToken["owner"] | undefined) =>
  owner ? (owner.kind === "user" ? { userId: owner.id } : { serviceAccountId: owner.id }) : {};

export interface TokenChange {
  name?: string | undefined;
  description?: string | null | undefined;
  active?: boolean | undefined;
}

/** Renames, describes or switches a token. `owner` narrows the search to that owner's tokens. */
export function updateToken(
  actor: Actor,
  id: string,
  change: TokenChange,
  owner?: NewToken["owner"],
): Promise<TokenView> {
  return changeToken(actor, id, owner, "token.updated", (row) => ({
    name: change.name ?? row.name,
    description: change.description === undefined ? row.description : change.description,
    active: change.active ?? row.active,
  }));
}

/** Ends a token for good; it stops within a second everywhere. Its row stays for the audit trail. */
export async function revokeToken(actor: Actor, id: string, owner?: NewToken["owner"]): Promise<void> {
  await changeToken(actor, id, owner, "token.revoked", () => ({ revokedAt: clock.now(), active: false }));
}

type Change = Partial<Pick<ApiToken, "name" | "description" | "active" | "revokedAt">>;

async function changeToken(
  actor: Actor,
  id: string,
  owner: NewToken["owner"] | undefined,
  action: "token.updated" | "token.revoked",
  change: (row: ApiToken) => Change,
): Promise<TokenView> {
  const target = { type: "api_token", id } as const;
  const mine = owner?.id === actor.id ? "token:manage_own" : "token:manage";
  const row = await permitted(actor, mine, { action, target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const found = await tx.apiToken.findFirst({
        where: { orgId: actor.orgId, id, revokedAt: null, ...ownedBy(owner) },
      });
      if (!found) throw notFound();
      const next = change(found);
      const fields = Object.entries(next).filter(([name, value]) => found[name as keyof Change] !== value);
      const stored = await tx.apiToken.update({
        where: { orgId_id: { orgId: actor.orgId, id } },
        data: { ...next, updatedAt: clock.now(), modifiedBy: actor.name },
      });
      await record(tx, actor, { ...about(action, stored), fields: fields.map(([name]) => name) });
      return stored;
    }),
  );
  forgetCallers();
  return toView(row);
}

const rightOver = (actor: Actor, ownerId: string): Permission =>
  actor.kind === "user" && ownerId === actor.id ? "token:manage_own" : "token:manage";

const about = (action: AuditEntry["action"], row: ApiToken): AuditEntry => ({
  action,
  target: { type: "api_token", id: row.id, name: row.name },
});

function toView(row: ApiToken): TokenView {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    prefix: row.prefix,
    lastFour: row.lastFour,
    scopes: row.scopes,
    status: statusOf(row),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    modifiedBy: row.modifiedBy,
    userId: row.userId,
    serviceAccountId: row.serviceAccountId,
  };
}

function statusOf(row: ApiToken): TokenView["status"] {
  if (row.revokedAt) return "revoked";
  if (row.expiresAt && row.expiresAt <= clock.now()) return "expired";
  return row.active ? "active" : "inactive";
}
