import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { nameBy, roleBy } from "@/lib/authorization/confirmation";
import type { Transaction } from "@/lib/platform/db";
import { notFound } from "@/lib/platform/refusal";
import type { Role, Scope } from "@/lib/vocabulary/permissions";
import { narrowingOf, storedLimits } from "./limits";
import { type TokenView, viewOf } from "./view";

/** A token with whom it acts as. */
export interface TokenHolder {
  token: TokenView;
  /** Who would ask with it: to work out what it may do. Nobody signs in by this. */
  actor: Actor;
}

/**
 * For larger work that has judged it.
 * @param ownerId whose it must be, where that matters
 * @throws Refusal "not_found" for a token that is not there, is revoked or is somebody else's
 */
export async function tokenHolder(tx: Transaction, orgId: string, id: string, ownerId?: string): Promise<TokenHolder> {
  const row = await tx.apiToken.findFirst({
    where: { orgId, id, revokedAt: null, ...(ownerId !== undefined && { userId: ownerId }) },
  });
  if (!row) throw notFound();
  const shared = {
    ...{ orgId, tokenId: id, requestId: "", address: "" },
    scopes: row.scopes as Scope[],
    ...narrowingOf(storedLimits(row.limits)),
  };
  const token = await viewOf(tx, row);
  if (row.serviceAccountId !== null) {
    const where = { orgId_id: { orgId, id: row.serviceAccountId } };
    const program = await tx.serviceAccount.findUnique({ where, select: { name: true } });
    const role = roleBy("integration", row);
    return {
      token,
      actor: { ...shared, kind: "service_account", id: row.serviceAccountId, name: program?.name ?? "", role },
    };
  }
  const userId = row.userId ?? "";
  const user = await tx.user.findUnique({ where: { orgId_id: { orgId, id: userId } } });
  const means = user ? [row, user] : [row];
  return {
    token,
    actor: {
      ...shared,
      kind: "user",
      id: userId,
      name: nameBy(user?.email ?? "", ...means),
      role: roleBy((user?.role ?? "unconfirmed") as Role, ...means),
    },
  };
}
