import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { assertCan } from "@/lib/authorization/authorize";
import { withAuthorization } from "@/lib/platform/audit";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { notFound } from "@/lib/platform/refusal";
import type { Permission } from "@/lib/vocabulary/permissions";

/** Whom a token acts as. */
export interface TokenOwner {
  kind: "user" | "service_account";
  id: string;
}

/** The owner with this id, person or program. @throws Refusal "not_found" */
export function tokenOwner(actor: Actor, id: string): Promise<TokenOwner> {
  return withAuthorization(actor, "token:read", { action: "token.read" }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const where = { orgId_id: { orgId: actor.orgId, id } };
      if (await tx.user.findUnique({ where, select: { id: true } })) return { kind: "user", id };
      if (await tx.serviceAccount.findUnique({ where, select: { id: true } })) return { kind: "service_account", id };
      throw notFound();
    }),
  );
}

export const ownedBy = (owner: TokenOwner | undefined) =>
  owner ? (owner.kind === "user" ? { userId: owner.id } : { serviceAccountId: owner.id }) : {};

export const ownerOf = (row: { userId: string | null; serviceAccountId: string | null }): TokenOwner =>
  row.serviceAccountId ? { kind: "service_account", id: row.serviceAccountId } : { kind: "user", id: row.userId ?? "" };

/** One's own tokens need no further right. */
export const permissionOver = (actor: Actor, owner: TokenOwner | undefined): Permission =>
  actor.kind === owner?.kind && owner.id === actor.id ? "token:manage_own" : "token:manage";

/**
 * The owner must be there; and a token that acts as an administrator of the platform is made or changed by such an
 * administrator alone, else an organisation's admin would become one by it.
 * @returns how events name the owner
 * @throws Refusal "not_found"; "forbidden"
 */
export async function requireOwner(tx: Transaction, actor: Actor, owner: TokenOwner): Promise<string> {
  const where = { orgId_id: { orgId: actor.orgId, id: owner.id } };
  if (owner.kind === "service_account") {
    const account = await tx.serviceAccount.findUnique({ where, select: { name: true } });
    if (!account) throw notFound();
    return account.name;
  }
  const user = await tx.user.findUnique({ where, select: { role: true, email: true } });
  if (!user) throw notFound();
  if (user.role === "backoffice" && owner.id !== actor.id) assertCan(actor, "platform:manage");
  return user.email;
}
