import type { CredentialView } from "@/lib/credentials";
import type { KindForm } from "@/lib/providers/catalog/kind-form";
import { kindOf } from "./kinds";
import type { Item, Removed, Row, WithValues } from "./schemas/credential";
import type { PersonShown } from "./schemas/session";
import { maskedValues, shownValues } from "./values";

/** Views in Flowise's form. Built field by field from views, which hold no secret to leak. */
export const item = (view: CredentialView, workspaceId: string): Item => ({
  id: view.externalId ?? view.id,
  name: view.name,
  credentialName: kindOf(view),
  createdDate: view.createdAt,
  updatedDate: view.updatedAt,
  workspaceId,
});

/** The answer to a write. `reference` stands where the ciphertext would be, and opens nothing. */
export const row = (view: CredentialView, workspaceId: string, reference: string): Row => ({
  ...item(view, workspaceId),
  encryptedData: reference,
});

/**
 * One credential with its values: public ones as they are, secrets that are set as masks.
 * @param own its kind, where the caller's organisation has made it
 */
export const withValues = (view: CredentialView, workspaceId: string, own?: KindForm): WithValues => ({
  ...item(view, workspaceId),
  plainDataObj: shownValues(view, own),
});

/** What "reveal" answers: the same names, nothing but masks. */
export const revealed = (view: CredentialView, own?: KindForm) => ({ plainDataObj: maskedValues(view, own) });

export const removed = (affected: 0 | 1): Removed => ({ raw: [], affected });

interface Person {
  id: string;
  email: string;
  name: string;
  role: string;
  orgId: string;
  organizationName: string;
}

const MAY_CHANGE = ["credentials:view", "credentials:create", "credentials:update", "credentials:delete"];

/** Who signed in, as Flowise's own pages keep it. */
export const person = ({ id, email, name, role, orgId, organizationName }: Person): PersonShown => ({
  id,
  email,
  name,
  roleId: role,
  activeOrganizationId: orgId,
  activeOrganizationSubscriptionId: null,
  activeOrganizationCustomerId: null,
  activeOrganizationProductId: "",
  isOrganizationAdmin: role === "org_admin" || role === "backoffice",
  activeWorkspaceId: orgId,
  activeWorkspace: organizationName,
  assignedWorkspaces: [{ id: orgId, name: organizationName, role, organizationId: orgId }],
  permissions: role === "auditor" ? ["credentials:view"] : MAY_CHANGE,
  features: {},
  isSSO: false,
});
