import type { CredentialView } from "@/lib/credentials/view";
import type { CredentialType } from "@/lib/providers/define";
import { methodOfStored, providers } from "@/lib/providers/index";
import { sentence, typeLabel } from "./words";

const clearFields: Record<string, string> = {
  name: "Name",
  tags: "Tags",
  type: "Type",
  active: "Status",
  expires_at: "Expiry",
  credentials: "Values (the same ones, sent again)",
  tested: "Tested",
};

/** What a field of the data is called on the form of this credential. */
export function fieldLabel(view: Pick<CredentialView, "provider" | "type">, field: string): string {
  const method = methodOfStored(view.provider, view.type);
  const known = method && Object.hasOwn(method.fields, field) ? method.fields[field]?.label : undefined;
  // A field that no schema names is called what its maker calls it.
  return known ?? (method?.openFields ? field : sentence(field));
}

/** The same for a field that an event names: one of the data is "credentials.NAME", any other is the credential's own. */
export const eventFieldLabel = (view: Pick<CredentialView, "provider" | "type">, name: string): string =>
  clearFields[name] ?? fieldLabel(view, dataField(name));

const dataField = (name: string): string => name.replace(/^credentials\./, "");

/** What a plain value, by its event's field name, means on that form. */
export function valueLabel(view: Pick<CredentialView, "provider" | "type">, name: string, value: string): string {
  if (name === "type") return typeLabel(view.provider, value as CredentialType);
  const options = methodOfStored(view.provider, view.type)?.fields[dataField(name)]?.options;
  return options?.find((option) => option.value === value)?.label ?? value;
}

/** A field that an event names, where it is not known of which kind the credential is: what most kinds with such a field call it. */
export function anyFieldLabel(name: string): string {
  const field = dataField(name);
  return (
    clearFields[name] ?? (field === name ? undefined : usualLabels().get(field)) ?? sentence(field.replaceAll("_", " "))
  );
}

/** A value of such a field: as it is stored. */
export const anyValueLabel = (name: string, value: string): string => (name === "type" ? sentence(value) : value);

let usual: Map<string, string> | undefined;

function usualLabels(): Map<string, string> {
  if (usual) return usual;
  const counts = new Map<string, Map<string, number>>();
  for (const method of providers().flatMap(({ methods }) => methods)) {
    for (const [name, { label }] of Object.entries(method.fields)) {
      const labels = counts.get(name) ?? new Map<string, number>();
      counts.set(name, labels.set(label, (labels.get(label) ?? 0) + 1));
    }
  }
  usual = new Map([...counts].map(([name, labels]) => [name, mostUsed(labels)]));
  return usual;
}

const mostUsed = (labels: Map<string, number>): string => [...labels].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "";
