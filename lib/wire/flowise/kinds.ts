import { names } from "@/lib/providers/declared/names";
import { types } from "@/lib/providers/declared/types";
import type { CredentialType, Method } from "@/lib/providers/define";
import { findProvider, providers } from "@/lib/providers/index";

/** What this dialect calls a kind of credential: its own types by their names, ours by provider and type. */
export const kindOf = (view: { provider: string; type: CredentialType }): string =>
  isOurs(view.provider) ? `${view.provider}.${view.type}` : view.provider;

/** Which kind a name means. One that nobody knows is a kind of its own, secret throughout. */
export function providerOfKind(name: string): { provider: string; type: CredentialType; openType?: true } {
  const declared = Object.hasOwn(names, name) ? names[name] : undefined;
  if (declared) return { provider: name, type: declared.type };
  const ours = methodsOfOurs().find(({ kind }) => kind === name);
  return ours
    ? { provider: ours.provider, type: ours.method.type }
    : { provider: name, type: "api_key", openType: true };
}

const isOurs = (provider: string) => !Object.hasOwn(types, provider) && findProvider(provider) !== undefined;

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

interface Component {
  label: string;
  name: string;
  version: number;
  optional?: boolean;
  inputs: Record<string, unknown>[];
  icon: string;
}

/** The schema of each of the dialect's own types, in its order. */
export const components = (): Component[] => Object.keys(types).map((name) => declaredComponent(name) as Component);

/** The schema of one kind, ours included, so that what was made elsewhere can be edited here. */
export function component(name: string): Component | undefined {
  const ours = methodsOfOurs().find(({ kind }) => kind === name);
  return declaredComponent(name) ?? (ours && { ...methodComponent(ours.method), label: ours.label, name });
}

function declaredComponent(name: string): Component | undefined {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (!type) return undefined;
  // What we have added of our own is not this dialect's to show.
  const inputs = type.inputs.filter(({ own }) => !own);
  return {
    label: names[name]?.label ?? name,
    name,
    version: type.version,
    ...(type.optional && { optional: true }),
    inputs: inputs.map(({ kind, own: _, secret: __, place: ___, advanced, label, name: field, ...rest }) => ({
      label,
      name: field,
      type: kind === "text" ? "string" : kind,
      ...rest,
      ...(advanced && { additionalParams: true }),
    })),
    icon: "",
  };
}

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
  (Object.hasOwn(types, provider) ? (types[provider]?.inputs ?? []) : [])
    .filter(({ kind }) => kind === "url")
    .map(({ name }) => name);
