import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import type { Prisma } from "@/lib/generated/prisma/client";
import { withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, statement, type Transaction } from "@/lib/platform/db";
import { type Page, type PageRequest, readPage } from "@/lib/platform/pagination";
import { notFound } from "@/lib/platform/refusal";
import { ownedBy, type TokenOwner } from "./owner";
import { couldBeToken, digestOf } from "./token";
import { type TokenView, viewOf, viewsOf } from "./view";

export interface TokenFilter {
  owner?: TokenOwner;
  offset?: number;
  limit?: number;
}

/** Tokens of the organisation, newest first, revoked ones left out. Without the right to see all: one's own. */
export function listTokens(actor: Actor, filter: TokenFilter = {}): Promise<TokenView[]> {
  const own = filter.owner?.id === actor.id;
  return withAuthorization(actor, own ? "token:manage_own" : "token:read", { action: "token.read" }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const rows = await tx.apiToken.findMany({
        where: { orgId: actor.orgId, revokedAt: null, ...ownedBy(filter.owner) },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        skip: filter.offset ?? 0,
        take: Math.min(filter.limit ?? 100, 1000),
      });
      return viewsOf(tx, actor.orgId, rows);
    }),
  );
}

export interface TokenPageRequest extends PageRequest {
  owner?: TokenOwner;
  /** Leave out the tokens that act as this person. */
  exceptUser?: string;
}

/** One page of the organisation's tokens. @throws Refusal "not_found" when `after` is none of them */
export function pageOfTokens(actor: Actor, request: TokenPageRequest): Promise<Page<TokenView>> {
  const { orgId } = actor;
  const where: Prisma.ApiTokenWhereInput = {
    orgId,
    revokedAt: null,
    ...ownedBy(request.owner),
    ...(request.exceptUser && { OR: [{ userId: null }, { userId: { not: request.exceptUser } }] }),
  };
  return withAuthorization(actor, "token:read", { action: "token.read" }, () =>
    inOrganization(orgId, async (tx) => {
      const page = await readPage(request, {
        find: (beyond, window) => tx.apiToken.findMany({ where: { AND: [where, beyond] }, ...window }),
        count: (beyond) => tx.apiToken.count({ where: { AND: [where, beyond] } }),
        at: (id) => tx.apiToken.findFirst({ where: { ...where, id } }),
      });
      return { ...page, items: await viewsOf(tx, orgId, page.items) };
    }),
  );
}

/** Those of these tokens that are there, in the order asked for. */
export function tokensByIds(actor: Actor, ids: string[]): Promise<TokenView[]> {
  return withAuthorization(actor, "token:read", { action: "token.read" }, () =>
    inOrganization(actor.orgId, (tx) => tokensIn(tx, actor.orgId, ids)),
  );
}

/** The same within larger work that has judged it. */
export async function tokensIn(tx: Transaction, orgId: string, ids: string[]): Promise<TokenView[]> {
  const rows = await tx.apiToken.findMany({ where: { orgId, revokedAt: null, id: { in: ids } } });
  const found = new Map((await viewsOf(tx, orgId, rows)).map((view) => [view.id, view]));
  return [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
}

/** @throws Refusal "not_found", also for a revoked token */
export function readToken(actor: Actor, id: string): Promise<TokenView> {
  const target = { type: "api_token", id } as const;
  return withAuthorization(actor, "token:read", { action: "token.read", target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const row = await tx.apiToken.findFirst({ where: { orgId: actor.orgId, id, revokedAt: null } });
      if (!row) throw notFound();
      return viewOf(tx, row);
    }),
  );
}

interface TokenLocation {
  org_id: string;
  token_id: string;
  secret_expires_at: Date | null;
}

/**
 * Where the token with this secret is: its organisation and id. An organisation's own administrators find their own
 * organisation's alone.
 * @throws Refusal "not_found" for an unknown, revoked or ended one and for another organisation's
 */
export function tokenBySecret(
  actor: Actor,
  secret: string,
  everywhere: boolean,
): Promise<{ orgId: string; id: string }> {
  const right = everywhere ? "platform:manage" : "token:read";
  return withAuthorization(actor, right, { action: "token.read" }, async () => {
    if (!couldBeToken(secret)) throw notFound();
    const [place] = await statement<TokenLocation & { revoked_at: Date | null }>(
      "caller_of",
      "SELECT * FROM caller_of($1)",
      [digestOf(secret)],
    );
    const over = place?.secret_expires_at && place.secret_expires_at <= clock.now();
    if (!place || place.revoked_at || over || (!everywhere && place.org_id !== actor.orgId)) throw notFound();
    return { orgId: place.org_id, id: place.token_id };
  });
}

/** The oldest tokens of an organisation, within the transaction of larger work that has judged it. */
export async function tokensOf(tx: Transaction, orgId: string, limit: number): Promise<TokenView[]> {
  const rows = await tx.apiToken.findMany({
    where: { orgId, revokedAt: null },
    orderBy: { createdAt: "asc" },
    take: limit,
  });
  return viewsOf(tx, orgId, rows);
}
