import "server-only";
import { onBehalfOf } from "@/lib/access/confirmation";
import type { Actor } from "@/lib/actor";
import { type AuditEntry, record } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { isDuplicate, type Transaction } from "@/lib/db";
import { inPart } from "@/lib/refusal";
import { endOf, requireWithin } from "./bounds";
import { chosenSecret, type Secret } from "./chosen";
import { rowOf, WEAK } from "./issue";
import type { TakenToken } from "./new-token";
import { freshToken } from "./token";
import { inUse, type TokenView, targetOf, viewsOf } from "./view";

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
  const made: Made[] = [];
  for (const [at, { token, ownerName, ...input }] of orders.entries()) {
    await inPart([at], () => requireWithin(actor, { scopes: input.scopes, expiresAt: endOf(actor, input.expiresAt) }));
    const secret = await inPart([at], () => (token === undefined ? freshToken() : token && chosenSecret(token)));
    made.push({ row: rowOf(actor, input), secret: secret || null, ownerName });
  }
  await tx.apiToken.createMany({ data: made.map(({ row }) => row) });
  await storeSecrets(tx, made);
  for (const [owner, theirs] of byOwner(made)) {
    const events = theirs.map(
      ({ row, secret }): AuditEntry => ({ action: "token.created", target: targetOf(row), ...(secret?.weak && WEAK) }),
    );
    await record(tx, onBehalfOf(actor, owner), ...events);
  }
  const rows = await tx.apiToken.findMany({ where: { orgId: actor.orgId, id: { in: made.map(({ row }) => row.id) } } });
  const views = new Map((await viewsOf(tx, actor.orgId, rows)).map((view) => [view.id, view]));
  return made.flatMap(({ row, secret }) => {
    const view = views.get(row.id);
    return view ? [{ token: secret?.token ?? null, view }] : [];
  });
}

interface Made {
  row: ReturnType<typeof rowOf>;
  secret: Secret | null;
  ownerName: string;
}

/** Events carry the owner's name, so each owner's are written together. */
function byOwner(made: Made[]): Map<string, Made[]> {
  const groups = new Map<string, Made[]>();
  for (const one of made) groups.set(one.ownerName, [...(groups.get(one.ownerName) ?? []), one]);
  return groups;
}

async function storeSecrets(tx: Transaction, made: Made[]): Promise<void> {
  const data = made.flatMap(({ row: { orgId, id }, secret }) => {
    if (!secret) return [];
    const { digest, prefix, lastFour, chosen, weak } = secret;
    const common = { prefix, lastFour, chosen, weak, kind: "current", madeAt: clock.now() };
    return [{ orgId, tokenId: id, digest: new Uint8Array(digest), ...common }];
  });
  try {
    await tx.tokenSecret.createMany({ data });
  } catch (error) {
    throw isDuplicate(error) ? inUse() : error;
  }
}
