import type { CredentialChange, DataChange, NewCredential, TestRequest } from "@/lib/credentials/input";
import {
  type CredentialData,
  type CredentialType,
  type Field,
  type Method,
  secretsToResend,
} from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import {
  type CredentialValues,
  cleaned,
  expiresOn,
  expiryOf,
  formFields,
  isOverridden,
  storedConfig,
  tagsOf,
} from "./values";

/** A form was made from one version. */
export type FormChange = CredentialChange & {
  expectedVersion?: number | undefined;
  type?: CredentialType | undefined;
};

/** Stands for a stored secret, whose value the browser never learns, where only its being there counts. */
const KEPT = "kept";

/** Everything typed for this method, for a new credential or a new type. */
export function typedData(method: Method, values: CredentialValues): Record<string, string | boolean> {
  const given = formFields(method).flatMap(([name, field]) => {
    const value = cleaned(field, values.data[name]);
    return value === "" || isOverridden(field, { ...values, secrets: {} }) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

export function newCredential(provider: string, method: Method, values: CredentialValues): NewCredential {
  return {
    provider,
    type: method.type,
    data: typedData(method, values),
    name: values.name.trim() || undefined,
    tags: tagsOf(values.tags),
    expiresAt: expiryOf(values.expires),
  };
}

/** Public values in the form they are stored in, so that "22" typed and 22 stored are the same. */
function publicNow(method: Method, values: CredentialValues): CredentialData {
  const now: CredentialData = {};
  for (const [name, field] of formFields(method)) {
    if (field.secret || isOverridden(field, values)) continue;
    const typed = cleaned(field, values.data[name]);
    // A switch has no third position: off is also what a program left out.
    if (typed === false && method.requiredBy === "forms") continue;
    const parsed = typed === "" ? undefined : field.schema.safeParse(typed);
    const value =
      parsed === undefined
        ? defaultOf(method, field)
        : parsed.success
          ? (parsed.data as string | number | boolean)
          : typed;
    if (value !== undefined) now[name] = value;
  }
  return now;
}

/** What is stored for an empty field; where programs may leave gaps, an emptied field is one. */
const defaultOf = (method: Method, field: Field) => (method.requiredBy === "forms" ? undefined : field.default);

/** The stored secrets that would be used with what is typed now, but may not: the destination is another one. */
export function mustResend(method: Method, view: CredentialView, values: CredentialValues): string[] {
  if (values.type !== view.type) return [];
  const secrets = Object.keys(view.secrets);
  const kept = secrets.filter((name) => values.secrets[name] === "keep");
  const stored = Object.fromEntries(secrets.map((name) => [name, KEPT]));
  const sent = secrets.map(
    (name) => [name, values.secrets[name] === "keep" ? KEPT : String(values.data[name] ?? "")] as const,
  );
  const fresh = formFields(method).filter(
    ([name, field]) => field.secret && !(name in view.secrets) && values.data[name],
  );
  return secretsToResend(
    method,
    { ...storedConfig(method, view), ...stored },
    {
      ...publicNow(method, values),
      ...Object.fromEntries(sent.filter(([name, value]) => values.secrets[name] !== "clear" && value !== "")),
      ...Object.fromEntries(fresh.map(([name]) => [name, String(values.data[name])])),
    },
    kept,
  );
}

/** What will be done with each stored secret: the choice made, but "replace" where keeping is not allowed. */
export function effectiveSecrets(
  method: Method,
  view: CredentialView,
  values: CredentialValues,
): CredentialValues["secrets"] {
  if (values.type !== view.type) return {};
  const resend = mustResend(method, view, values);
  const entries = Object.entries(values.secrets).map(
    ([name, choice]) => [name, resend.includes(name) ? "replace" : choice] as const,
  );
  return Object.fromEntries(entries);
}

/** The data part of an edit; undefined when no value changes. Absent is keep, null is clear. */
export function dataChange(method: Method, view: CredentialView, values: CredentialValues): DataChange | undefined {
  if (values.type !== view.type) return { mode: "replace", values: typedData(method, values) };
  const before = storedConfig(method, view);
  const now = publicNow(method, values);
  const secrets = effectiveSecrets(method, view, values);
  const change: Record<string, unknown> = {};
  for (const [name, field] of formFields(method)) {
    if (!field.secret) {
      if (before[name] !== now[name]) change[name] = now[name] ?? null;
    } else if (secrets[name] === "clear") change[name] = null;
    else if (secrets[name] !== "keep" && values.data[name]) change[name] = values.data[name];
  }
  return Object.keys(change).length > 0 ? { mode: "merge", values: change } : undefined;
}

/** The whole of an edit against the version it was made from; without data when no value changes. */
export function credentialChange(
  method: Method | undefined,
  view: CredentialView,
  values: CredentialValues,
): FormChange {
  const data = method && dataChange(method, view, values);
  const tags = tagsOf(values.tags);
  return {
    expectedVersion: view.version,
    ...(values.name.trim() !== view.name && { name: values.name.trim() }),
    ...([...tags].sort().join("\n") !== [...view.tags].sort().join("\n") && { tags }),
    ...(values.expires !== expiresOn(view) && { expiresAt: expiryOf(values.expires) }),
    ...(values.type !== view.type && { type: values.type }),
    ...(data && { data }),
  };
}

export function testOfEdit(method: Method, view: CredentialView, values: CredentialValues): TestRequest {
  const change = dataChange(method, view, values);
  return { id: view.id, ...(change && { change }), ...(values.type !== view.type && { type: values.type }) };
}
