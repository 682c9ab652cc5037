"use server";

import { action } from "@/lib/http/action";
import { issueToken, revokeToken, updateToken } from "@/lib/tokens";
import { ownerOf, SetTokenActiveInput, TokenChangeInput, TokenOrderInput } from "./input";

const DAY_MS = 86_400_000;

export const issue = action(TokenOrderInput, (actor, { name, owner, scope, days }) =>
  issueToken(actor, {
    name,
    owner: owner.kind === "self" ? { kind: "user", id: actor.id } : owner,
    scopes: [scope],
    ...(days !== null && { expiresAt: new Date(Date.now() + days * DAY_MS) }),
  }),
);

export const setTokenActive = action(SetTokenActiveInput, (actor, { id, own, active }) =>
  updateToken(actor, id, { active }, ownerOf(actor, own)),
);

export const revoke = action(TokenChangeInput, (actor, { id, own }) => revokeToken(actor, id, ownerOf(actor, own)));
