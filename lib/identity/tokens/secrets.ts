import "server-only";
import type { TokenSecret } from "@/lib/generated/prisma/client";
import { clock } from "@/lib/platform/clock";
import { isDuplicate, type Transaction } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import type { ChosenSecret } from "./chosen";
import { inUse } from "./view";

/** A token has one current secret, and those that it superseded for as long as they still work. */
export const secretKinds = ["current", "superseded"] as const;

/** Old secrets of one token that may work at a time. */
const SUPERSEDED_MAX = 5;

/**
 * Stores a token's current secret. The unique index judges, so two callers who choose the same token cannot both have it.
 * @throws Refusal "conflict" when any token of the platform has or had it, without saying which
 */
export const storeSecret = (tx: Transaction, orgId: string, tokenId: string, secret: ChosenSecret): Promise<void> =>
  storeSecrets(tx, orgId, [{ tokenId, secret }]);

/** The same for several tokens at once. @throws Refusal as `storeSecret` */
export async function storeSecrets(
  tx: Transaction,
  orgId: string,
  each: { tokenId: string; secret: ChosenSecret }[],
): Promise<void> {
  const madeAt = clock.now();
  const data = each.map(({ tokenId, secret: { digest, prefix, lastFour, chosen, weak } }) => {
    return { orgId, tokenId, digest: new Uint8Array(digest), kind: "current", prefix, lastFour, chosen, weak, madeAt };
  });
  try {
    await tx.tokenSecret.createMany({ data });
  } catch (error) {
    throw isDuplicate(error) ? inUse() : error;
  }
}

export const currentSecret = (tx: Transaction, orgId: string, tokenId: string): Promise<TokenSecret | null> =>
  tx.tokenSecret.findFirst({ where: { orgId, tokenId, kind: "current" } });

/**
 * Makes way for a new secret: the present one goes on working until `until`, or ends at once without it. What is past
 * its time is removed.
 * @throws Refusal "conflict" when too many old ones still work
 */
export async function supersede(tx: Transaction, orgId: string, tokenId: string, until: Date | null): Promise<void> {
  const old = { orgId, tokenId, kind: "superseded" };
  await tx.tokenSecret.deleteMany({ where: { ...old, expiresAt: { lte: clock.now() } } });
  const current = { orgId, tokenId, kind: "current" };
  if (!until) {
    await tx.tokenSecret.deleteMany({ where: current });
    return;
  }
  if ((await tx.tokenSecret.count({ where: old })) >= SUPERSEDED_MAX) {
    throw new Refusal("conflict", "Too many old secrets of this token still work: end their overlap first");
  }
  // From now on "last used" tells whether anybody still has the old one.
  const superseded = { kind: "superseded", expiresAt: until, lastUsedAt: null };
  await tx.tokenSecret.updateMany({ where: current, data: superseded });
}

/** The end of tokens: a secret that its caller chose is free again; one of ours stays, so that its use is noticed. */
export async function releaseSecrets(tx: Transaction, orgId: string, tokenIds: string[]): Promise<void> {
  await tx.tokenSecret.deleteMany({
    where: { orgId, tokenId: { in: tokenIds }, OR: [{ chosen: true }, { kind: "superseded" }] },
  });
}
