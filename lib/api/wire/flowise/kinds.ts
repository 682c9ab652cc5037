import { findKind, kinds } from "@/lib/providers/catalog/registry";
import type { KindField } from "@/lib/providers/catalog/schema-field";
import type { CredentialType, Method } from "@/lib/providers/define";
import { findProvider, providers } from "@/lib/providers/index";
import type { Component } from "./schemas/component";

/** What this dialect calls a kind of credential: its own types by their names, ours by provider and type. */
export const kindOf = (view: { provider: string; type: CredentialType }): string =>
  isOurs(view.provider) ? `${view.provider}.${view.type}` : view.provider;

/** Which kind a name means. One that nobody knows is a kind of its own, secret throughout. */
export function providerOfKind(name: string): { provider: string; type: CredentialType; openType?: true } {
  const known = findKind(name);
  if (known?.flowise) return { provider: name, type: known.credential_type };
  const ours = methodsOfOurs().find(({ kind }) => kind === name);
  return ours
    ? { provider: ours.provider, type: ours.method.type }
    : { provider: name, type: "api_key", openType: true };
}

const isOurs = (provider: string) => !findKind(provider)?.flowise && findProvider(provider) !== undefined;

const methodsOfOurs = () =>
  providers()
    .filter(({ id }) => isOurs(id))
    .flatMap(({ id, methods, label }) =>
      methods.map((method) => ({
        kind: `${id}.${method.type}`,
        provider: id,
        label: `${label}: ${method.label}`,
        method,
      })),
    );

/** The schema of each of the dialect's own types, by name. */
export const components = (): Component[] => kinds().flatMap(({ id }) => ownComponent(id) ?? []);

/** The schema of one kind, ours included, so that what was made elsewhere can be edited here. */
export function component(name: string): Component | undefined {
  const ours = methodsOfOurs().find(({ kind }) => kind === name);
  return ownComponent(name) ?? (ours && { ...methodComponent(ours.method), label: ours.label, name });
}

function ownComponent(name: string): Component | undefined {
  const kind = findKind(name);
  if (!kind?.flowise) return undefined;
  return {
    label: kind.label,
    name,
    version: kind.flowise.version,
    ...(kind.flowise.optional && { optional: true }),
    // What we have added of our own is not this dialect's to show.
    inputs: kind.fields
      .filter(({ own }) => !own)
      .map((field) => inputOf(field, kind.flowise?.fields?.[field.name] ?? field)),
    icon: "",
  };
}

/** @param shown how this dialect's system shows the field */
const inputOf = (
  { name, kind, options, rows, ...field }: KindField,
  { label, help, placeholder }: Pick<KindField, "label" | "help" | "placeholder">,
) => ({
  label,
  name,
  type: kind === "text" ? "string" : kind,
  ...(help !== undefined && { help }),
  ...(placeholder !== undefined && { placeholder }),
  ...(field.default !== undefined && { default: String(field.default) }),
  ...(options && { options: options.map(({ value, label: shown }) => ({ label: shown, name: value })) }),
  ...(rows !== undefined && { rows }),
  ...(field.optional === true && { optional: true }),
  ...(field.hidden && { hidden: true }),
  ...(field.advanced && { additionalParams: true }),
});

const CONTROLS: Partial<Record<string, string>> = { number: "number", switch: "boolean", select: "options" };

const methodComponent = (method: Method): Pick<Component, "version" | "inputs" | "icon"> => ({
  version: 1,
  inputs: Object.entries(method.fields)
    .filter(([, field]) => !field.obtained)
    .map(([name, field]) => ({
      label: field.label,
      name,
      type: field.secret ? "password" : (CONTROLS[field.control] ?? "string"),
      ...(field.placeholder && { placeholder: field.placeholder }),
      ...(field.help && { description: field.help }),
      ...(field.default !== undefined && { default: String(field.default) }),
      ...(!field.required && { optional: true }),
      ...(field.control === "multiline" && { rows: 4 }),
      ...(field.options && { options: field.options.map(({ value, label }) => ({ label, name: value })) }),
    })),
  icon: "",
});

/** Names of a kind's inputs that hold a URL with a secret inside it. */
export const urlInputs = (provider: string): string[] =>
  (findKind(provider)?.fields ?? []).filter(({ kind }) => kind === "url").map(({ name }) => name);
