import { dayOf, endOfDay } from "@/components/ui/time-words";
import type { CredentialData, CredentialType, Field, Method } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";

/** What the form holds while somebody types: text as typed, so that nothing is changed under their hands. */
export interface CredentialValues {
  type: CredentialType;
  name: string;
  tags: string;
  /** A day, as the date field writes it, or nothing. */
  expires: string;
  data: Record<string, string | boolean>;
  /** Edits only: what to do with each secret that is stored. */
  secrets: Record<string, SecretChoice>;
}

export type SecretChoice = "keep" | "replace" | "clear";

/** The fields a form asks for; those that signing in elsewhere fills, or that have their one value, are none of them. */
export const formFields = (method: Method | undefined): [string, Field][] =>
  Object.entries(method?.fields ?? {}).filter(([, field]) => !field.obtained && !field.hidden);

/**
 * Optional in a form. Where a method can also be had by signing in at the provider, its plain fields are optional in
 * the schema for that way's sake; whoever fills in the form must give them.
 */
export const isOptional = (method: Method, field: Field): boolean =>
  !field.required && field.default === undefined && (typeof method.obtainedBy === "string" || field.advanced === true);

/** The first public field that must be filled before anything can be tested; undefined when nothing stands in the way. */
export const missingForTest = (method: Method, values: CredentialValues): Field | undefined => {
  const name = (method.testNeeds ?? []).find((one) => cleaned(method.fields[one] as Field, values.data[one]) === "");
  return name === undefined ? undefined : method.fields[name];
};

/** Whether what is typed can be tried out. */
export const isTestableNow = (method: Method | undefined, values: CredentialValues): boolean =>
  method?.testable === true && missingForTest(method, values) === undefined;

const text = (value: string | number | boolean | undefined): string | boolean =>
  typeof value === "boolean" ? value : value === undefined ? "" : String(value);

/** An empty form: every field of every method, so that what was typed survives a change of method. */
export function blankValues(methods: Method[], type: CredentialType): CredentialValues {
  const fields = methods.flatMap((method) => formFields(method));
  const data = Object.fromEntries(
    fields.map(([name, field]) => [name, field.control === "switch" ? field.default === true : text(field.default)]),
  );
  return { type, name: "", tags: "", expires: "", data, secrets: {} };
}

/** A form filled with what is stored. Secrets are not known here: each begins as "keep". */
export function storedValues(view: CredentialView, methods: Method[]): CredentialValues {
  const method = methods.find((one) => one.type === view.type);
  const blank = blankValues(methods, view.type);
  const stored = Object.entries(method ? storedConfig(method, view) : {});
  // A gap that a program left is shown as one: a default in its place would read as what is stored.
  const gaps =
    method?.requiredBy === "forms" ? formFields(method).filter(([, { control }]) => control !== "switch") : [];
  return {
    ...blank,
    name: view.name,
    tags: view.tags.join(", "),
    expires: expiresOn(view),
    data: {
      ...blank.data,
      ...Object.fromEntries(gaps.map(([name]) => [name, ""])),
      ...Object.fromEntries(stored.map(([name, value]) => [name, text(value)])),
    },
    secrets: Object.fromEntries(Object.keys(view.secrets).map((name) => [name, "keep"])),
  };
}

/** The public values that are stored as fields. What is only shown (the host inside a connection string) is left out. */
export function storedConfig(method: Method, view: Pick<CredentialView, "config" | "secrets">): CredentialData {
  const isStored = (name: string) => {
    const field = method.fields[name];
    return field !== undefined && !field.secret && (field.unless === undefined || !(field.unless in view.secrets));
  };
  return Object.fromEntries(Object.entries(view.config).filter(([name]) => isStored(name)));
}

/** True when another field that is given says it all, so that this one counts for nothing. */
export const isOverridden = (field: Field, values: Pick<CredentialValues, "data" | "secrets">): boolean => {
  if (field.unless === undefined) return false;
  const choice = values.secrets[field.unless];
  return (
    choice === "keep" ||
    (choice !== "clear" && values.data[field.unless] !== "" && values.data[field.unless] !== undefined)
  );
};

/** Public one-line text loses the spaces around it, which nobody means; secrets never do. */
export const cleaned = (field: Field, value: string | boolean | undefined): string | boolean =>
  typeof value === "string" && !field.secret && field.control !== "multiline" ? value.trim() : (value ?? "");

export const tagsOf = (typed: string): string[] => [
  ...new Set(
    typed
      .split(/[,;\n]/)
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

/** The day of its end as the date field writes it, or nothing. */
export const expiresOn = ({ expiresAt }: Pick<CredentialView, "expiresAt">): string =>
  expiresAt ? dayOf(expiresAt) : "";

/** A day counts to its end, where whoever chose it is. */
export const expiryOf = (day: string): Date | null => (day === "" ? null : endOfDay(day));
