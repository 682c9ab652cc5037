import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { markOf, onBehalfOf, type SetUp } from "@/lib/authorization/confirmation";
import type { ApiToken } from "@/lib/generated/prisma/client";
import { lockOrganization, record } from "@/lib/platform/audit";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { isFreshFrom } from "@/lib/platform/repeated-create";
import { endOf } from "./bounds";
import type { ChosenSecret } from "./chosen";
import { cleanLimits, storedLimits } from "./limits";
import type { TakenToken } from "./new-token";
import { ownerOf, requireOwner } from "./owner";
import { currentSecret, storeSecret, supersede } from "./secrets";
import { type TokenView, targetOf, viewOf } from "./view";

/** The same token asked for once more, by the request that made it or by one like it. */

/** The secret that nobody ever got works no longer. One that the caller chose is there already. */
export async function withAnotherSecret(
  tx: Transaction,
  actor: Actor,
  row: ApiToken,
  secret: ChosenSecret | null,
  mark: Partial<SetUp>,
): Promise<ApiToken> {
  const current = await currentSecret(tx, row.orgId, row.id);
  if (!secret || (current && secret.digest.equals(current.digest))) return row;
  await supersede(tx, row.orgId, row.id, null);
  await storeSecret(tx, row.orgId, row.id, secret);
  await tx.apiToken.update({ where: { orgId_id: { orgId: row.orgId, id: row.id } }, data: mark });
  await record(tx, actor, { action: "token.rotated", target: targetOf(row), fields: ["secret"], version: row.version });
  return row;
}

/**
 * The token under this id, if in all that the request says it is the same. One that the caller chose is answered whole; one of
 * ours can be shown no more, so that a caller that may never have got it gets another, and any other caller its mask.
 */
export function sameToken(
  actor: Actor,
  input: TakenToken,
  secret: ChosenSecret | null,
): Promise<{ token: string | null; view: TokenView } | undefined> {
  return inOrganization(actor.orgId, async (tx) => {
    await lockOrganization(tx, actor.orgId);
    const row = await tx.apiToken.findFirst({ where: { orgId: actor.orgId, id: input.id ?? "", revokedAt: null } });
    if (!row || !isLike(actor, row, input)) return undefined;
    const at = onBehalfOf(actor, await requireOwner(tx, actor, input.owner));
    const current = await currentSecret(tx, row.orgId, row.id);
    if (!secret || !current) return secret || current ? undefined : { token: null, view: await viewOf(tx, row) };
    if (secret.digest.equals(current.digest)) return { token: secret.token, view: await viewOf(tx, row) };
    if (secret.chosen || current.chosen) return undefined;
    const unheard = isFreshFrom(actor, row) && !row.lastUsedAt && !current.lastUsedAt;
    if (!unheard) return { token: null, view: await viewOf(tx, row) };
    const again = await withAnotherSecret(tx, at, row, secret, markOf(actor));
    return { token: secret.token, view: await viewOf(tx, again) };
  });
}

function isLike(actor: Actor, row: ApiToken, input: TakenToken): boolean {
  const owner = ownerOf(row);
  const end = endOf(actor, input.expiresAt);
  return (
    row.name === input.name &&
    row.active === (input.active ?? true) &&
    owner.kind === input.owner.kind &&
    owner.id === input.owner.id &&
    row.expiresAt?.getTime() === end?.getTime() &&
    sameSet(row.scopes, input.scopes) &&
    sameSet(row.graphGuids, input.graphGuids ?? []) &&
    JSON.stringify(storedLimits(row.limits)) === JSON.stringify(input.limits ? cleanLimits(input.limits) : null)
  );
}

const sameSet = (one: readonly string[], other: readonly string[]) =>
  one.length === new Set(other).size && other.every((word) => one.includes(word));
