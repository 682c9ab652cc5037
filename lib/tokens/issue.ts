import "server-only";
import { v7 as uuidv7 } from "uuid";
import { requireRecentPassword } from "@/lib/access/authorize";
import { markOf, onBehalfOf, type SetUp } from "@/lib/access/confirmation";
import type { Scope } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";
import { isKnown, lockOrganization, permitted, record } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { inOrganization, type Transaction } from "@/lib/db";
import type { ApiToken } from "@/lib/generated/prisma/client";
import { invalidField, Refusal } from "@/lib/refusal";
import { endOf, requireWithin } from "./bounds";
import { chosenSecret, type Secret } from "./chosen";
import { requireOwner, rightOver, type TokenOwner } from "./owner";
import { currentSecret, storeSecret, supersede } from "./secrets";
import { freshToken } from "./token";
import { type TokenView, viewOf } from "./view";

export interface NewToken {
  /** Brought along by the caller; else one is made. */
  id?: string | undefined;
  /**
   * The id to make it under where none is brought along. One that is there was made by an earlier try of the same request, whose
   * caller never heard its secret: it gets another.
   */
  reservedId?: string | undefined;
  name: string;
  description?: string | undefined;
  owner: TokenOwner;
  /** None: it may do nothing. */
  scopes: readonly Scope[];
  graphGuids?: string[] | undefined;
  active?: boolean | undefined;
  expiresAt?: Date | undefined;
}

/**
 * Makes a token and answers it once; only its keyed hash is kept. One's own tokens need no further right, anybody
 * else's the right to manage tokens; both a password check of the last five minutes.
 * @throws Refusal "forbidden"; "not_found" for an unknown owner; "invalid" for an expiry that has passed; "conflict" for
 * an id that is or was in use. Made with a token, it never outlives or exceeds that one: "invalid", "forbidden"
 */
export async function issueToken(actor: Actor, input: NewToken): Promise<{ token: string; view: TokenView }> {
  const fresh = freshToken();
  return { token: fresh.token, view: await makeToken(actor, input, () => fresh) };
}

/**
 * Takes a token that the caller chose, or null for one that has no secret yet. One that is easy to guess is stored and
 * marked `weak`: it does not sign in.
 * @throws Refusal as `issueToken`; "invalid" for what can be no bearer token; "conflict" for one in use anywhere
 */
export const takeToken = (actor: Actor, input: NewToken, token: string | null): Promise<TokenView> =>
  makeToken(actor, input, () => (token === null ? null : chosenSecret(token)));

function makeToken(actor: Actor, input: NewToken, secretOf: () => Secret | null): Promise<TokenView> {
  return permitted(actor, rightOver(actor, input.owner), { action: "token.created" }, async () => {
    requireRecentPassword(actor);
    if (input.expiresAt && input.expiresAt <= clock.now()) throw invalidField("expires_at", "Must be in the future");
    requireWithin(actor, { scopes: input.scopes, expiresAt: endOf(actor, input.expiresAt) });
    const secret = secretOf();
    return inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const at = onBehalfOf(actor, await requireOwner(tx, actor, input.owner));
      const made =
        input.reservedId &&
        (await tx.apiToken.findUnique({ where: { orgId_id: { orgId: actor.orgId, id: input.reservedId } } }));
      if (made) requireWithin(actor, made);
      if (made) return viewOf(tx, await withAnotherSecret(tx, at, made, secret, markOf(actor)));
      if (input.id !== undefined) await requireUnusedId(tx, actor, input.id);
      const row = await tx.apiToken.create({ data: rowOf(actor, input) });
      if (secret) await storeSecret(tx, actor.orgId, row.id, secret);
      await record(tx, at, { action: "token.created", target: targetOf(row), ...(secret?.weak && WEAK) });
      return viewOf(tx, row);
    });
  });
}

/** The secret that nobody ever got works no longer. One that the caller chose is there already. */
async function withAnotherSecret(
  tx: Transaction,
  actor: Actor,
  row: ApiToken,
  secret: Secret | null,
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

const WEAK = { reason: "weak_token" };

async function requireUnusedId(tx: Transaction, { orgId }: Actor, id: string): Promise<void> {
  const found = await tx.apiToken.findUnique({ where: { orgId_id: { orgId, id } }, select: { id: true } });
  if (found || (await isKnown(tx, orgId, id)))
    throw new Refusal("conflict", "This id is in use, or was: choose another");
}

function rowOf(actor: Actor, input: NewToken) {
  const now = clock.now();
  return {
    orgId: actor.orgId,
    id: input.id ?? input.reservedId ?? uuidv7(),
    name: input.name,
    description: input.description ?? null,
    userId: input.owner.kind === "user" ? input.owner.id : null,
    serviceAccountId: input.owner.kind === "service_account" ? input.owner.id : null,
    scopes: [...input.scopes],
    graphGuids: input.graphGuids ?? [],
    active: input.active ?? true,
    expiresAt: endOf(actor, input.expiresAt),
    createdAt: now,
    updatedAt: now,
    modifiedBy: actor.name,
    ...markOf(actor),
  };
}

export const targetOf = (row: Pick<ApiToken, "id" | "name">) =>
  ({ type: "api_token", id: row.id, name: row.name }) as const;
