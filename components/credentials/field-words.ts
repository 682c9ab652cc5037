import type { CredentialView } from "@/lib/credentials/view";
import { methodOfStored, providers } from "@/lib/providers/index";
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

/** The same where it is not known of which kind the credential is: what most kinds with such a field call it. */
export function anyFieldLabel(name: string): string {
  const field = name.replace(/^credentials\./, "");
  return (
    clearFields[name] ?? (field === name ? undefined : usualLabels().get(field)) ?? sentence(field.replaceAll("_", " "))
  );
}

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
