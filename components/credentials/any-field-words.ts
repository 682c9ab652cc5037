import { providers } from "@/lib/providers/index";
import { clearFields, dataField } from "./field-words";
import { sentence } from "./messages";

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
