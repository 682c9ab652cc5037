import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import type { ApiToken } from "@/lib/generated/prisma/client";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import type { TokenLimits } from "@/lib/vocabulary/access";
import { widest } from "@/lib/vocabulary/permissions";
import { requireNetworksWithin, storedLimits } from "./limits";

/**
 * A token never outlives or exceeds the one it was made with: whoever holds a token that ends would otherwise have one that
 * does not. What a session makes has no such bound; it asks for the password.
 */
interface Reach {
  scopes: readonly string[];
  expiresAt: Date | null;
  limits: TokenLimits | null;
}

/** When a new token ends: as wished, or where nothing is wished, with the token that it is made with. */
export const endOf = (actor: Actor, wished: Date | undefined): Date | null => wished ?? actor.tokenEndsAt ?? null;

/**
 * @throws Refusal "invalid" for what would work after the actor's own token has ended; "forbidden" for what could do more
 */
export function requireWithin(actor: Actor, { scopes, expiresAt, limits }: Reach): void {
  const { tokenEndsAt } = actor;
  if (tokenEndsAt && !(expiresAt && expiresAt <= tokenEndsAt)) {
    const end = tokenEndsAt.toISOString();
    throw invalidField("expires_at", `Must not be later than ${end}, when the token that you sign in with ends`);
  }
  if (actor.scopes && widest(scopes) > widest(actor.scopes)) {
    throw new Refusal("forbidden", "A token cannot give another one more scopes than it has itself");
  }
  requireNetworksWithin(actor, limits);
}

/** What a change makes of a token. */
export interface TokenState extends Partial<Omit<ApiToken, "limits">> {
  limits?: TokenLimits | null;
}

/** Whether every limit of before is there still, as narrow or narrower. */
const isWithin = (before: TokenLimits | null, after: TokenLimits | null): boolean =>
  (["rights", "credentialIds", "tags", "kinds", "networks"] as const).every((name) => {
    const [was, is] = [before?.[name] as readonly string[] | undefined, after?.[name] as readonly string[] | undefined];
    return was === undefined || is?.every((one) => was.includes(one)) === true;
  });

/** Whether the token may do more afterwards, or works for longer. */
export function grows(row: ApiToken, next: TokenState): boolean {
  const { scopes, expiresAt } = { ...row, ...next };
  if (next.limits !== undefined && !isWithin(storedLimits(row.limits), next.limits)) return true;
  const later = row.expiresAt !== null && !(expiresAt && expiresAt <= row.expiresAt);
  return later || scopes.some((scope) => !row.scopes.includes(scope));
}
