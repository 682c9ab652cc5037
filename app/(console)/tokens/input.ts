import { z } from "zod";
import { scopes } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";

const name = z.string().trim().min(1).max(200);

export const TokenOrderInput = z.strictObject({
  name,
  owner: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("self") }),
    z.strictObject({ kind: z.literal("service_account"), id: z.uuid() }),
  ]),
  scope: z.enum(scopes),
  days: z.number().int().min(1).max(3_650).nullable(),
});

export const TokenChangeInput = z.strictObject({ id: z.uuid(), own: z.boolean() });
export const SetTokenActiveInput = TokenChangeInput.extend({ active: z.boolean() });

/** One's own tokens are one's own to change; anybody else's take the right to manage tokens. */
export const ownerOf = (actor: Actor, own: boolean) => (own ? ({ kind: "user", id: actor.id } as const) : undefined);
