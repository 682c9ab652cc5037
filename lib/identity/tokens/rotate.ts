import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import type { ApiToken } from "@/lib/generated/prisma/client";
import { clock } from "@/lib/platform/clock";
import type { Transaction } from "@/lib/platform/db";
import { holds, requireUnchanged } from "@/lib/platform/optimistic-lock";
import { invalidField } from "@/lib/platform/refusal";
import { changed, changeToken, isSame, type TokenChange } from "./change";
import { type ChosenSecret, chosenSecret } from "./chosen";
import { ownerOf, requireOwner, type TokenOwner } from "./owner";
import { currentSecret, storeSecret, supersede } from "./secrets";
import { digestOf, freshToken } from "./token";
import { maskOf, type TokenView } from "./view";

export interface TokenRotation {
  /** How long the old secret goes on working, in seconds; 0 ends it at once. At most 30 days. */
  overlapSeconds: number;
  /** Chosen by the caller; else one is made. */
  token?: string | undefined;
  /** A new expiry for the token; null: never. Left out: as it was. */
  expiresAt?: Date | null | undefined;
  expectedVersion?: number | undefined;
}

const OVERLAP_MAX = 30 * 86_400;

/**
 * Gives a token a new secret, answered once. Id, owner, scopes and history stay. The old secret works until the overlap
 * is over, so that programs can be moved one by one.
 * @throws Refusal "forbidden" without a recent password check; "not_found"; "invalid"; "conflict" for a token in use
 * anywhere, or with too many old secrets still working; "version_mismatch"
 */
export async function rotateToken(
  actor: Actor,
  id: string,
  rotation: TokenRotation,
  owner?: TokenOwner,
): Promise<{ token: string; view: TokenView }> {
  const secret = rotation.token === undefined ? freshToken() : chosenSecret(rotation.token);
  const { overlapSeconds, expiresAt } = rotation;
  if (overlapSeconds < 0 || overlapSeconds > OVERLAP_MAX) throw invalidField("overlap_seconds", "Must be 0 to 2592000");
  if (expiresAt && expiresAt <= clock.now()) throw invalidField("expires_at", "Must be in the future");
  const view = await changeToken(actor, id, owner, "token.rotated", async (tx, row, fields) => {
    requireRecentPassword(actor);
    await requireOwner(tx, actor, ownerOf(row));
    await requireUnchanged(tx, row, rotation);
    await exchange(tx, row, secret, overlapSeconds);
    fields.push("secret");
    return changed(row, { expiresAt });
  });
  return { token: secret.token, view };
}

async function exchange(tx: Transaction, row: ApiToken, secret: ChosenSecret, overlapSeconds: number): Promise<void> {
  const until = overlapSeconds > 0 ? new Date(clock.now().getTime() + overlapSeconds * 1000) : null;
  await supersede(tx, row.orgId, row.id, until);
  await storeSecret(tx, row.orgId, row.id, secret);
}

/** Ends the old secrets now. @throws Refusal "not_found" */
export function endOverlap(actor: Actor, id: string, owner?: TokenOwner): Promise<TokenView> {
  return changeToken(actor, id, owner, "token.overlap_ended", async (tx, row, fields) => {
    await tx.tokenSecret.deleteMany({ where: { orgId: row.orgId, tokenId: id, kind: "superseded" } });
    fields.push("superseded");
    return {};
  });
}

export interface Replacement extends TokenChange {
  /** The whole token as the caller has it: its mask or its present value keeps the secret, another value replaces it. */
  token?: string | undefined;
}

/**
 * Changes a token as `updateToken` does and, when the caller sends another secret, replaces that as well, at once. The secret, what
 * it may do and how long it lives ask for a password check of the last five minutes; the rest, sent along as it was read, does not.
 * @returns the token when it was replaced by this change, else null
 * @throws Refusal as `rotateToken`; "invalid" for a mask that is not this token's
 */
export async function replaceToken(
  actor: Actor,
  id: string,
  change: Replacement,
): Promise<{ token: string | null; view: TokenView }> {
  let token: string | null = null;
  const view = await changeToken(actor, id, undefined, "token.updated", async (tx, row, fields) => {
    await requireOwner(tx, actor, ownerOf(row));
    const secret = await otherSecret(tx, row, change.token);
    const next = changed(row, change);
    if (secret || !holds(row, { scopes: next.scopes, expiresAt: next.expiresAt })) requireRecentPassword(actor);
    if ((await requireUnchanged(tx, row, change, () => !secret && isSame(row, next))) === "done") return null;
    if (secret) {
      await exchange(tx, row, secret, 0);
      token = secret.token;
      fields.push("secret");
    }
    return next;
  });
  return { token, view };
}

async function otherSecret(
  tx: Transaction,
  row: ApiToken,
  token: string | undefined,
): Promise<ChosenSecret | undefined> {
  if (token === undefined || token === "") return undefined;
  const current = await currentSecret(tx, row.orgId, row.id);
  if (token === maskOf(current ?? undefined)) return undefined;
  if (token.includes("*"))
    throw invalidField("token", "Is a mask, but not this token's: send the token, or leave it out");
  if (current && digestOf(token).equals(current.digest)) return undefined;
  return chosenSecret(token);
}
