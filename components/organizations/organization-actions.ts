import type { Action } from "@/components/session/action";
import type { OrganizationChange, OrganizationView } from "@/lib/organizations";

/** The writes that the pages hand to the components. */
export interface OrganizationActions {
  create: Action<{ name: string }, OrganizationView>;
  change: Action<{ id: string; change: OrganizationChange }, OrganizationView>;
  remove: Action<{ id: string; force: boolean }, void>;
}
