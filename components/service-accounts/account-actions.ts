import type { Action } from "@/components/session/action";
import type { ServiceAccountChange, ServiceAccountView } from "@/lib/identity/tokens";

/** The writes that the pages hand to the components. */
export interface ServiceAccountActions {
  create: Action<{ name: string; description: string }, ServiceAccountView>;
  update: Action<{ id: string; change: ServiceAccountChange }, ServiceAccountView>;
  remove: Action<{ id: string }, void>;
}
