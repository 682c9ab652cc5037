import type { CredentialView } from "@/lib/credentials/view";
import { methodOfStored } from "@/lib/providers/index";
import { sentence } from "./words";

const clearFields: Record<string, string> = {
  name: "Name",
  tags: "Tags",
  type: "Type",
  active: "Enabled or disabled",
  expires_at: "Expiry",
  credentials: "Values (the same ones, sent again)",
  tested: "Tested",
};

/** What an event's field name means on the form of this credential. */
export function fieldLabel(view: Pick<CredentialView, "provider" | "type">, name: string): string {
  const field = name.replace(/^credentials\./, "");
  const method = methodOfStored(view.provider, view.type);
  const known = method && Object.hasOwn(method.fields, field) ? method.fields[field]?.label : undefined;
  // A field that no schema names is called what its maker calls it.
  return known ?? clearFields[name] ?? (method?.openFields ? field : sentence(field));
}
