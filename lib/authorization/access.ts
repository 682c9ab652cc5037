import "server-only";
import type { Sight } from "@/lib/platform/db";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { type Right, withImplied } from "@/lib/vocabulary/access";
import { rightsOfRole } from "@/lib/vocabulary/permissions";
import type { Actor } from "./actor";

/**
 * Who may do what with a credential, judged here and nowhere else. The database says what grants and ownership give an actor over a
 * row (`granted_rights` in prisma/functions/access.sql), and shows no row that is out of sight; a role may give rights over all of
 * them; a token's limits narrow both.
 */

/** Which credentials the actor sees. */
export function sightOf(actor: Actor): Sight {
  const person = actor.kind === "system" ? "nobody" : actor.id;
  // Each right lets one see, so a token without any sees nothing.
  const isEmpty = actor.limits?.rights?.length === 0;
  const who = isEmpty ? "nobody" : rightsOfRole[actor.role] ? "whole" : hasReach(actor) ? person : "nobody";
  return { orgId: actor.orgId, who, token: actor.limits?.reach ? (actor.tokenId ?? "") : "" };
}

/** Whether that is every credential of the organisation. */
export const seesAll = (actor: Actor): boolean => {
  const { who, token } = sightOf(actor);
  return who === "whole" && token === "";
};

/** Somebody at work in another organisation, or who waits to be confirmed, reaches nothing in it. */
const hasReach = ({ role }: Actor) => role !== "delegated_admin" && role !== "unconfirmed";

/** What the actor may do with a credential that is in sight. @param granted what the database says of the row */
export function rightsOver(actor: Actor, granted: readonly Right[]): Right[] {
  const held = withImplied([...(rightsOfRole[actor.role] ?? []), ...granted]);
  const limit = actor.limits?.rights && withImplied(actor.limits.rights);
  return limit ? held.filter((right) => limit.includes(right)) : held;
}

/** Whether the actor may do it with this row, or one of these. */
export const may = (actor: Actor, { granted }: Granted, ...wanted: Right[]): boolean => {
  const held = rightsOver(actor, granted);
  return wanted.some((right) => held.includes(right));
};

/** A row with what grants and ownership give whoever it was read for. */
export interface Granted {
  granted: Right[];
}

/**
 * The row, if the actor may do one of these with it.
 * @throws Refusal "not_found" where it is out of sight, which is the same as not being there; "forbidden"
 */
export function requireRight<T extends Granted>(actor: Actor, row: T | undefined, ...wanted: Right[]): T {
  if (!row || !may(actor, row, "see")) throw notFound();
  if (!may(actor, row, ...wanted)) throw new Refusal("forbidden", "You do not have permission to access this resource");
  return row;
}
