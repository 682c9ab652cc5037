import type { Action } from "@/components/session/action";
import type { NewCredential } from "@/lib/credentials/input";
import type { CredentialView, RotationView } from "@/lib/vocabulary/credential-view";
import type { FormChange } from "./form/change";

/** The writes that the pages hand to the components. */
export interface CredentialActions {
  create: Action<NewCredential, CredentialView>;
  update: Action<{ id: string; change: FormChange }, CredentialView>;
  setActive: Action<{ id: string; active: boolean; expectedVersion: number }, CredentialView>;
  remove: Action<{ id: string; expectedVersion?: number | undefined }, void>;
  /** Ends an open rotation. */
  callOff: Action<{ id: string }, RotationView>;
}

/** What this person may do, as far as the page knows. The server asks again each time. */
export interface CredentialRights {
  create: boolean;
  /** From another system. */
  import: boolean;
  test: boolean;
  update: boolean;
  /** Every credential of the organisation, by role. */
  seesAll: boolean;
}

export const mayChange = (rights: CredentialRights, view: Pick<CredentialView, "rights">): boolean =>
  rights.update && view.rights.includes("edit");

export const mayDelete = (rights: CredentialRights, view: Pick<CredentialView, "rights">): boolean =>
  rights.update && view.rights.includes("manage");

export const mayTest = (rights: CredentialRights, view: Pick<CredentialView, "rights">): boolean =>
  rights.test && (view.rights.includes("use") || view.rights.includes("edit"));
