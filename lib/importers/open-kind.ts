import { FIELDS_MAX, isFieldName } from "@/lib/providers/define";

/**
 * Everything that came, as fields of a kind that takes any: what no field can be named after, and what is one too many, is
 * kept as JSON under one name.
 */
export function asOpenFields(data: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(data);
  const fits = entries.filter(([name]) => isFieldName(name));
  if (fits.length === entries.length && entries.length <= FIELDS_MAX) return data;
  const kept = Object.fromEntries(fits.slice(0, FIELDS_MAX - 1));
  const rest = Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(kept, name)));
  return { ...kept, [freeName(kept)]: JSON.stringify(rest) };
}

const freeName = (taken: Record<string, unknown>, at = 1): string => {
  const name = at === 1 ? "further_values" : `further_values_${at}`;
  return Object.hasOwn(taken, name) ? freeName(taken, at + 1) : name;
};

/** What a credential holds is flat: a part that is not is kept as its JSON. */
export const flat = (data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? JSON.stringify(value) : value,
    ]),
  );
