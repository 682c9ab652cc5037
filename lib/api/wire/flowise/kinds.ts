import type { KindForm } from "@/lib/providers/catalog/kind-form";
import { findKind, kinds } from "@/lib/providers/catalog/registry";
import type { KindField } from "@/lib/providers/catalog/schema-field";
import type { CredentialType, Method } from "@/lib/providers/define";
import { findProvider, providers } from "@/lib/providers/index";
import { OWN_ID } from "@/lib/providers/own-id";
import type { Component } from "./schemas/component";

/** What this dialect calls a kind of credential: its own types by their names, ours by provider and type. */
export const kindOf = (view: { provider: string; type: CredentialType }): string =>
  isOurs(view.provider) ? `${view.provider}.${view.type}` : view.provider;

/**
 * Which kind a name means. One that nobody knows is a kind of its own, secret throughout.
 * @param own the kind of this name that the caller's organisation has made
 */
export function providerOfKind(
  name: string,
  own?: KindForm,
): { provider: string; type: CredentialType; openType?: true } {
  if (own) return { provider: name, type: own.credential_type };
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

/**
 * The schema of each of the dialect's types, by name, and behind them of those that the caller's organisation has made.
 * @param own the latter, as `ownKindForms` answers them
 */
export const components = (own: readonly KindForm[]): Component[] => [
  ...kinds().flatMap(({ id }) => dialectComponent(id) ?? []),
  ...own.map(ownComponent),
];

/** The schema of one kind, ours included, so that what was made elsewhere can be edited here. */
export function component(name: string, own: readonly KindForm[]): Component | undefined {
  const made = own.find(({ id }) => id === name);
  if (made) return ownComponent(made);
  const ours = methodsOfOurs().find(({ kind }) => kind === name);
  return dialectComponent(name) ?? (ours && { ...methodComponent(ours.method), label: ours.label, name });
}

/** How the sign for a kind is lettered; undefined where there is none of this name, and for what is not everybody's to know. */
export const signLabel = (name: string): string | undefined =>
  // Anybody may ask for signs: one of an organisation's own is drawn from what was asked, whether there is such a kind or not.
  OWN_ID.test(name) ? name.replace("own_", "") : component(name, [])?.label;

const ownComponent = ({ id, label, fields }: KindForm): Component => ({
  label,
  name: id,
  version: 1,
  inputs: fields.map((field) => inputOf(field, field)),
  icon: "",
});

function dialectComponent(name: string): Component | undefined {
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
export const urlInputs = (provider: string, own?: KindForm): string[] =>
  ((own ?? findKind(provider))?.fields ?? []).filter(({ kind }) => kind === "url").map(({ name }) => name);
