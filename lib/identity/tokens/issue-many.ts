import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { onBehalfOf } from "@/lib/authorization/confirmation";
import { type AuditEntry, record } from "@/lib/platform/audit";
import type { Transaction } from "@/lib/platform/db";
import { inPart } from "@/lib/platform/refusal";
import { endOf, requireWithin } from "./bounds";
import { type ChosenSecret, chosenSecret } from "./chosen";
import { rowOf, WEAK } from "./issue";
import { tokensIn } from "./list";
import type { TakenToken } from "./new-token";
import { storeSecrets } from "./secrets";
import { freshToken } from "./token";
import { type TokenView, targetOf } from "./view";

/** A token to be made for somebody who is made with it. */
export interface TokenOrder extends TakenToken {
  /** As for `takeToken`: chosen by the caller, null for none, undefined for one of ours. */
  token: string | null | undefined;
  /** How events name the owner. */
  ownerName: string;
}

/**
 * Makes tokens within the transaction that makes their owners, for the caller that has judged it.
 * @returns each with its whole token, in the order asked for
 * @throws Refusal as `takeToken`, naming the one in the list
 */
export async function issueTokens(
  tx: Transaction,
  actor: Actor,
  orders: TokenOrder[],
): Promise<{ token: string | null; view: TokenView }[]> {
  if (orders.length === 0) return [];
  const made: CreatedToken[] = [];
  for (const [at, { token, ownerName, ...input }] of orders.entries()) {
    await inPart([at], () =>
      requireWithin(actor, {
        scopes: input.scopes,
        expiresAt: endOf(actor, input.expiresAt),
        limits: input.limits ?? null,
      }),
    );
    const secret = await inPart([at], () => (token === undefined ? freshToken() : token && chosenSecret(token)));
    made.push({ row: rowOf(actor, input), secret: secret || null, ownerName });
  }
  const ids = made.map(({ row }) => row.id);
  await tx.apiToken.createMany({ data: made.map(({ row }) => row) });
  const kept = made.flatMap(({ row, secret }) => (secret ? [{ tokenId: row.id, secret }] : []));
  await storeSecrets(tx, actor.orgId, kept);
  for (const [owner, theirs] of byOwner(made)) {
    const events = theirs.map(
      ({ row, secret }): AuditEntry => ({ action: "token.created", target: targetOf(row), ...(secret?.weak && WEAK) }),
    );
    await record(tx, onBehalfOf(actor, owner), ...events);
  }
  const views = await tokensIn(tx, actor.orgId, ids);
  return views.map((view, at) => ({ token: made[at]?.secret?.token ?? null, view }));
}

interface CreatedToken {
  row: ReturnType<typeof rowOf>;
  secret: ChosenSecret | null;
  ownerName: string;
}

/** Events carry the owner's name, so each owner's are written together. */
function byOwner(made: CreatedToken[]): Map<string, CreatedToken[]> {
  const groups = new Map<string, CreatedToken[]>();
  for (const one of made) groups.set(one.ownerName, [...(groups.get(one.ownerName) ?? []), one]);
  return groups;
}
