"use server";

import { narrowTokenToUsed } from "@/lib/access";
import { action } from "@/lib/api/http/action";
import * as tokens from "@/lib/identity/tokens";
import {
  inDays,
  ownerOf,
  RotationInput,
  SetTokenActiveInput,
  TokenChangeInput,
  TokenIdInput,
  TokenInput,
  TokenOrderInput,
} from "./input";

export const issue = action(TokenOrderInput, (actor, { name, owner, scope, limits, days }, reservedId) =>
  tokens.issueToken(actor, {
    reservedId,
    name,
    owner: owner.kind === "self" ? { kind: "user", id: actor.id } : owner,
    scopes: [scope],
    limits: limits ?? undefined,
    expiresAt: inDays(days) ?? undefined,
  }),
);

export const change = action(TokenChangeInput, (actor, { id, own, expectedVersion, name, scope, limits, days }) =>
  tokens.updateToken(
    actor,
    id,
    { expectedVersion, name, scopes: scope && [scope], limits, expiresAt: inDays(days) },
    ownerOf(actor, own),
  ),
);

export const setTokenActive = action(SetTokenActiveInput, (actor, { id, own, active }) =>
  tokens.updateToken(actor, id, { active }, ownerOf(actor, own)),
);

export const rotate = action(RotationInput, (actor, { id, own, ...rotation }) =>
  tokens.rotateToken(actor, id, rotation, ownerOf(actor, own)),
);

export const endOverlap = action(TokenInput, (actor, { id, own }) => tokens.endOverlap(actor, id, ownerOf(actor, own)));

export const revoke = action(TokenInput, (actor, { id, own }) => tokens.revokeToken(actor, id, ownerOf(actor, own)));

export const narrowToUsed = action(TokenIdInput, (actor, { id }) => narrowTokenToUsed(actor, id));
