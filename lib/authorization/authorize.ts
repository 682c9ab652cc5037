import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { clock } from "@/lib/platform/clock";
import { Refusal } from "@/lib/platform/refusal";
import { hasPermission, type Permission } from "@/lib/vocabulary/permissions";

/**
 * What `withAuthorization` asks first, and the only place where a permission is judged.
 * @throws Refusal "forbidden" when the actor's role or token scope does not allow it
 */
export function assertCan(actor: Actor, permission: Permission): void {
  if (can(actor, permission)) return;
  throw new Refusal("forbidden", actor.role === "unconfirmed" ? UNCONFIRMED : (refusalText[permission] ?? DENIED));
}

/** A token that is narrowed to some credentials, or to some rights over them, is good for nothing else. */
export const can = (actor: Actor, permission: Permission): boolean =>
  hasPermission(actor.role, actor.scopes, permission) && (!actor.limits || ofCredentials.has(permission));

const ofCredentials: ReadonlySet<Permission> = new Set<Permission>([
  "credential:list",
  "credential:read",
  "credential:update",
  "credential:delete",
  "credential:test",
  "secret:read",
  "access:read",
  "catalog:read",
  "plugin_instance:read",
  "organization:read",
  "profile:read",
]);

/** A password check counts for five minutes. */
const STEP_UP_MS = 5 * 60_000;

/**
 * For acts that a stolen session must not be enough for: minting tokens, changing roles, exporting the audit log.
 * Programs prove themselves with their API token on every request, so this asks people in the console, and those who sent a
 * password once and have shown the token for it since.
 * @throws Refusal "forbidden" with details.step_up when the password must be asked for again
 */
export function requireRecentPassword(actor: Actor): void {
  if (actor.kind !== "user" || (actor.tokenId && !actor.passwordCheckedAt)) return;
  const checked = actor.passwordCheckedAt?.getTime() ?? 0;
  if (clock.now().getTime() - checked > STEP_UP_MS) {
    const message = actor.tokenId
      ? "This security token was made too long ago to do this with it: get a new one with your password"
      : "Confirm your password to go on";
    throw new Refusal("forbidden", message, { details: { step_up: true } });
  }
}

const UNCONFIRMED =
  "An administrator of the platform has set this up. It works once an administrator of this organisation has confirmed it in the console.";
const DENIED = "You do not have permission to access this resource";

/** The texts that the SuperAI contract fixes. */
const refusalText: Partial<Record<Permission, string>> = {
  "secret:read": "Service account required",
  "credential:create": "User account required",
  "profile:read": "User account required",
};
