import type { AccessViewer } from "@/components/access/credential-access";
import type { Actor } from "@/lib/authorization/actor";
import { type ReachKind, reaches } from "@/lib/vocabulary/access";
import { hasPermission, rightsOfRole } from "@/lib/vocabulary/permissions";

/** What to show; every action and feed asks again. */
export const viewerOf = ({ id, role }: Actor): AccessViewer => ({
  ownId: id,
  gives: hasPermission(role, undefined, "access:manage"),
  asks: hasPermission(role, undefined, "credential:update"),
});

/** Over what this person may give access, as far as their role says; over single credentials by grants as well. */
export function givesOver({ role }: Actor): readonly ReachKind[] {
  if (!hasPermission(role, undefined, "access:manage")) return [];
  return rightsOfRole[role]?.includes("manage") ? reaches : ["credential"];
}
