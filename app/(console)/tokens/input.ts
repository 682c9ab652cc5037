import { z } from "zod";
import type { Actor } from "@/lib/authorization/actor";
import { rights } from "@/lib/vocabulary/access";
import { scopes } from "@/lib/vocabulary/permissions";

const name = z.string().trim().min(1).max(200);
const days = z.number().int().min(1).max(3_650).nullable();

const words = z.array(z.string().trim().min(1).max(100)).max(100).readonly().optional();
const limits = z
  .strictObject({
    rights: z.array(z.enum(rights)).readonly().optional(),
    credentialIds: z.array(z.uuid()).max(1_000).readonly().optional(),
    tags: words,
    kinds: words,
    networks: words,
  })
  .nullable();

export const TokenOrderInput = z.strictObject({
  name,
  owner: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("self") }),
    z.strictObject({ kind: z.literal("service_account"), id: z.uuid() }),
  ]),
  scope: z.enum(scopes),
  limits,
  days,
});

export const TokenIdInput = z.strictObject({ id: z.uuid() });
export const TokenInput = TokenIdInput.extend({ own: z.boolean() });
export const SetTokenActiveInput = TokenInput.extend({ active: z.boolean() });
const expectedVersion = z.number().int().min(1);
export const TokenChangeInput = TokenInput.extend({
  expectedVersion,
  name: name.optional(),
  scope: z.enum(scopes).optional(),
  limits: limits.optional(),
  days: days.optional(),
});
export const RotationInput = TokenInput.extend({ expectedVersion, overlapSeconds: z.number().int() });

/** One's own tokens are one's own to change; anybody else's take the right to manage tokens. */
export const ownerOf = (actor: Actor, own: boolean) => (own ? ({ kind: "user", id: actor.id } as const) : undefined);

const DAY_MS = 86_400_000;

/** So many days from now; null: never. Left out: as it was. */
export const inDays = (days: number | null | undefined): Date | null | undefined =>
  days ? new Date(Date.now() + days * DAY_MS) : days === null ? null : undefined;
