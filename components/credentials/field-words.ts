import type { CredentialType, Method } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { sentence, typeLabel } from "./messages";

export const clearFields: Readonly<Record<string, string>> = {
  name: "Name",
  tags: "Tags",
  type: "Type",
  active: "Status",
  expires_at: "Expiry",
  credentials: "Values (the same ones, sent again)",
  tested: "Tested",
};

/** What a field of the data is called on the form of this credential. */
export function fieldLabel(method: Method | undefined, field: string): string {
  const known = method && Object.hasOwn(method.fields, field) ? method.fields[field]?.label : undefined;
  // A field that no schema names is called what its maker calls it.
  return known ?? (method?.openFields ? field : sentence(field));
}

/** The same for a field that an event names: one of the data is "credentials.NAME", any other is the credential's own. */
export const eventFieldLabel = (method: Method | undefined, name: string): string =>
  clearFields[name] ?? fieldLabel(method, dataField(name));

export const dataField = (name: string): string => name.replace(/^credentials\./, "");

/** What a plain value, by its event's field name, means on that form. */
export function valueLabel(
  { provider }: Pick<CredentialView, "provider">,
  method: Method | undefined,
  name: string,
  value: string,
): string {
  if (name === "type") return typeLabel(provider, value as CredentialType);
  const options = method?.fields[dataField(name)]?.options;
  return options?.find((option) => option.value === value)?.label ?? value;
}
