import type { ReactNode } from "react";
import { OwnKinds } from "@/components/credentials/own-kinds";
import { requireConsole } from "@/lib/api/http/console";
import { ownListings } from "@/lib/own-kinds";
import { hasPermission } from "@/lib/vocabulary/permissions";

/** Pages that show kinds know the organisation's own. No other page asks for them. */
export default async function CredentialsLayout({ children }: { children: ReactNode }) {
  const { actor } = await requireConsole();
  // Not waited for: what a page holds must not depend on which of the two comes first.
  const own = hasPermission(actor.role, undefined, "catalog:read") ? ownListings(actor) : Promise.resolve([]);
  return <OwnKinds listings={own}>{children}</OwnKinds>;
}
