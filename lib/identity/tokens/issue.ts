import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import { markOf, onBehalfOf } from "@/lib/authorization/confirmation";
import { lockOrganization, record, wasIdUsed, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { invalidField } from "@/lib/platform/refusal";
import { idInUse, orMadeBefore } from "@/lib/platform/repeated-create";
import { endOf, requireWithin } from "./bounds";
import { type ChosenSecret, chosenSecret } from "./chosen";
import { asJson, cleanLimits, storedLimits } from "./limits";
import type { NewToken, TakenToken } from "./new-token";
import { permissionOver, requireOwner } from "./owner";
import { sameToken, withAnotherSecret } from "./repeated";
import { storeSecret } from "./secrets";
import { freshToken } from "./token";
import { type TokenView, targetOf, viewOf } from "./view";

/**
 * Makes a token and answers it once; only its keyed hash is kept. One's own tokens need no further right, anybody
 * else's the right to manage tokens; both a password check of the last five minutes.
 * @throws Refusal "forbidden"; "not_found" for an unknown owner; "invalid" for an expiry that has passed.
 * Made with a token, it never outlives or exceeds that one: "invalid", "forbidden"
 */
export async function issueToken(actor: Actor, input: NewToken): Promise<{ token: string; view: TokenView }> {
  const fresh = freshToken();
  return { token: fresh.token, view: await makeToken(actor, input, () => fresh) };
}

/**
 * Takes a token that the caller chose, or null for one that has no secret yet; makes one for undefined. One that is easy to guess
 * is stored and marked `weak`: it does not sign in. Under an id that the caller brings along, the same request again answers
 * what it made.
 * @returns the whole token where it is set by this request, or was by its first sending; else null
 * @throws Refusal as `issueToken`; "invalid" for what can be no bearer token; "conflict" for one in use anywhere, and for an id
 * that is or was in use for another
 */
export async function takeToken(
  actor: Actor,
  input: TakenToken,
  token: string | null | undefined,
): Promise<{ token: string | null; view: TokenView }> {
  const made = token === undefined ? freshToken() : undefined;
  const secretOf = () => made ?? (typeof token === "string" ? chosenSecret(token) : null);
  const whole = made?.token ?? token ?? null;
  const create = async () => ({ token: whole, view: await makeToken(actor, input, secretOf) });
  return orMadeBefore(create, async () => (input.id ? sameToken(actor, input, secretOf()) : undefined));
}

function makeToken(actor: Actor, input: TakenToken, secretOf: () => ChosenSecret | null): Promise<TokenView> {
  return withAuthorization(actor, permissionOver(actor, input.owner), { action: "token.created" }, async () => {
    requireRecentPassword(actor);
    if (input.expiresAt && input.expiresAt <= clock.now()) throw invalidField("expires_at", "Must be in the future");
    const limits = input.limits === undefined ? null : cleanLimits(input.limits);
    requireWithin(actor, { scopes: input.scopes, expiresAt: endOf(actor, input.expiresAt), limits });
    const secret = secretOf();
    return inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const at = onBehalfOf(actor, await requireOwner(tx, actor, input.owner));
      const made =
        input.reservedId &&
        (await tx.apiToken.findUnique({ where: { orgId_id: { orgId: actor.orgId, id: input.reservedId } } }));
      if (made) requireWithin(actor, { ...made, limits: storedLimits(made.limits) });
      if (made) return viewOf(tx, await withAnotherSecret(tx, at, made, secret, markOf(actor)));
      if (input.id !== undefined) await requireUnusedId(tx, actor, input.id);
      const row = await tx.apiToken.create({ data: rowOf(actor, input) });
      if (secret) await storeSecret(tx, actor.orgId, row.id, secret);
      await record(tx, at, { action: "token.created", target: targetOf(row), ...(secret?.weak && WEAK) });
      return viewOf(tx, row);
    });
  });
}

export const WEAK = { reason: "weak_token" };

async function requireUnusedId(tx: Transaction, { orgId }: Actor, id: string): Promise<void> {
  const found = await tx.apiToken.findUnique({ where: { orgId_id: { orgId, id } }, select: { id: true } });
  if (found || (await wasIdUsed(tx, orgId, id))) throw idInUse();
}

export function rowOf(actor: Actor, input: TakenToken) {
  const now = clock.now();
  return {
    orgId: actor.orgId,
    id: input.id ?? input.reservedId ?? uuidv7(),
    name: input.name,
    description: input.description ?? null,
    userId: input.owner.kind === "user" ? input.owner.id : null,
    serviceAccountId: input.owner.kind === "service_account" ? input.owner.id : null,
    scopes: [...input.scopes],
    ...(input.limits && { limits: asJson(cleanLimits(input.limits)) }),
    graphGuids: input.graphGuids ?? [],
    active: input.active ?? true,
    expiresAt: endOf(actor, input.expiresAt),
    createdAt: now,
    updatedAt: now,
    modifiedBy: actor.name,
    ...markOf(actor),
  };
}
