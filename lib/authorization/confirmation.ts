import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import type { Role } from "@/lib/vocabulary/permissions";

/**
 * What an administrator of the platform makes for somebody of another organisation (a person, a link, a token) carries
 * their name, and opens nothing until an administrator of that organisation has confirmed it: whoever made it may have
 * the secret in hand.
 */
export interface SetUp {
  /** The platform's administrator who made it; null for everything made at home. */
  setUpBy: string | null;
  confirmedAt: Date | null;
}

export const isUnconfirmed = ({ setUpBy, confirmedAt }: SetUp): boolean => setUpBy !== null && confirmedAt === null;

/** Finds what waits for its confirmation. */
export const UNCONFIRMED = { setUpBy: { not: null }, confirmedAt: null } as const;

/** The mark that this actor leaves on what gives somebody a way in; none for those at work in their own organisation. */
export const markOf = (actor: Actor): Partial<SetUp> =>
  actor.role === "delegated_admin" ? { setUpBy: actor.name, confirmedAt: null } : {};

/** The mark that is taken away, once only the person has what was set up for them. */
export const UNMARKED = { setUpBy: null, confirmedAt: null } as const;

/** The role of whoever comes by these: one that waits for its confirmation leaves next to nothing of it. */
export const roleBy = (role: Role, ...means: SetUp[]): Role => (means.some(isUnconfirmed) ? "unconfirmed" : role);

/** The name for events: with that of the platform's administrator who made the way in. */
export function nameBy(name: string, ...means: SetUp[]): string {
  const by = means.find(({ setUpBy }) => setUpBy !== null)?.setUpBy;
  return by ? `${name}, set up by ${by}` : name;
}

/** The actor as events about somebody's token show it: at work for them, in an organisation that is not one's own. */
export const onBehalfOf = (actor: Actor, name: string): Actor =>
  actor.role === "delegated_admin" ? { ...actor, name: `${actor.name} for ${name}` } : actor;
