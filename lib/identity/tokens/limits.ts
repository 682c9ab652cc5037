import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/authorization/actor";
import type { Prisma } from "@/lib/generated/prisma/client";
import { networkOf } from "@/lib/platform/networks";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import { rights, type TokenLimits } from "@/lib/vocabulary/access";

const IDS_MAX = 1_000;
const WORDS_MAX = 100;
const NETWORKS_MAX = 50;

const word = z.string().min(1).max(100);

/** As they are stored and sent. */
export const tokenLimitsSchema = z.strictObject({
  rights: z.array(z.enum(rights)).optional(),
  credentialIds: z.array(z.uuid()).max(IDS_MAX).optional(),
  tags: z.array(word).max(WORDS_MAX).optional(),
  kinds: z.array(word).max(WORDS_MAX).optional(),
  networks: z.array(z.string()).max(NETWORKS_MAX).optional(),
}) satisfies z.ZodType<TokenLimits>;

/** As it is written. */
export const asJson = (limits: TokenLimits): Prisma.InputJsonObject => ({ ...limits }) as Prisma.InputJsonObject;

/** What stands in the column; null where the token is not narrowed. */
export const storedLimits = (value: unknown): TokenLimits | null =>
  value === null || value === undefined ? null : tokenLimitsSchema.parse(value);

/** The same for whoever sends it. Which credentials it is narrowed to, the database looks up by itself. */
export function narrowingOf(limits: TokenLimits | null): Pick<Actor, "limits" | "networks"> {
  const { rights: held, credentialIds, tags, kinds, networks } = limits ?? {};
  const reach = [credentialIds, tags, kinds].some((limit) => limit !== undefined);
  const narrowed = held || reach ? { limits: { reach, ...(held && { rights: held }) } } : {};
  return { ...narrowed, ...(networks && { networks }) };
}

/** In one spelling, each once. @throws Refusal "invalid" naming the limit that is none */
export function cleanLimits(limits: TokenLimits): TokenLimits {
  const judged = tokenLimitsSchema.safeParse(limits);
  if (!judged.success) {
    const at = String(judged.error.issues[0]?.path[0] ?? "limits");
    throw invalidField(at, "Is no limit of a token, or holds too many");
  }
  const { networks, credentialIds, ...rest } = judged.data;
  const kept = networks?.map((text) => networkOf(text));
  if (kept?.includes(undefined)) {
    throw invalidField("networks", "Write networks in CIDR form with no bits behind the prefix, e.g. 10.20.0.0/16");
  }
  const clean = {
    ...rest,
    ...(credentialIds && { credentialIds: credentialIds.map((id) => id.toLowerCase()) }),
    ...(kept && { networks: kept as string[] }),
  };
  return Object.fromEntries(
    Object.entries(clean).flatMap(([name, list]) => (list ? [[name, [...new Set(list)]]] : [])),
  );
}

/**
 * What is made with a token that works from some networks alone works from no others. Tokens that are narrowed in another way make
 * none at all (`can`).
 * @throws Refusal "forbidden"
 */
export function requireNetworksWithin(actor: Actor, limits: TokenLimits | null): void {
  const { networks } = actor;
  if (!networks || limits?.networks?.every((one) => networks.includes(one))) return;
  throw new Refusal("forbidden", "A token cannot make one that works from other networks than it does itself");
}
