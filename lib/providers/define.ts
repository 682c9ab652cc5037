import type { FieldProblem } from "@/lib/platform/refusal";
import type { Authorization, SignInView } from "./authorization";
import { type CredentialData, type Field, freeField } from "./fields";

export * from "./fields";
export { isHost } from "./host-syntax";

/**
 * The words a provider is written in. A provider is one value: its fields drive the form, validation, secrecy,
 * the summary line, the catalogue and the names on the wire. Every field is secret unless it says it is public.
 *
 * This module and every `definition.ts` are safe for the browser; what dials out is in `connection.ts`.
 */

export const credentialTypes = [
  "api_key",
  "google_oauth",
  "sharepoint_oauth",
  "oauth2",
  "user_password",
  "key_file",
  "client_credentials",
  "shared_access_signature",
] as const;
export type CredentialType = (typeof credentialTypes)[number];

export const categories = [
  "automation",
  "human_in_the_loop",
  "database",
  "messaging",
  "agent_in_the_loop",
  "storage",
] as const;
export type Category = (typeof categories)[number];

/** In what drawer of the picker a provider lies. */
export const groups = ["data", "models", "search", "work", "files", "observe", "generic"] as const;
export type Group = (typeof groups)[number];

export type ObtainedBy = "values" | "authorization";

/**
 * With a refresh token; or as an application, which signs in with a secret of its own: for all that it was given at
 * Microsoft Graph, or at the interface that `scope` names.
 */
export type Renewal = { by: "refresh_token"; token: string } | { by: "application"; scope?: string };

/** What a pasted text holds; or in fixed words, which repeat nothing of it, why it cannot be read. */
export type PasteResult =
  | {
      ok: true;
      data: CredentialData;
      /** Fields whose value the text only holds a place for: they are to be empty. */
      blank?: string[];
      /** What became of the rest of the text, in whole sentences. */
      note?: string;
    }
  | { ok: false; problem: string };

export interface Method {
  type: CredentialType;
  label: string;
  help?: string;
  fields: Record<string, Field>;
  /** Made-up values that are accepted, for the API's documentation. */
  example: CredentialData;
  /** Rules over several fields. Called with values that passed their own field's schema. */
  check?: (data: CredentialData) => FieldProblem[];
  /** Brings accepted values into the stored form (mends line ends). */
  normalise?: (data: CredentialData) => CredentialData;
  /** Reads what people have at hand (a URL, a key, a file of settings) into form values; undefined if it is not that. */
  paste?: (text: string) => PasteResult | undefined;
  /** The clear line of lists, from public facts alone: "sftp.example.com:22 as alice". */
  summary: (data: CredentialData) => string;
  /** Public facts for display that are not fields, e.g. the host inside a connection string. */
  publicFacts?: (data: CredentialData) => CredentialData;
  /** What identifies the destination when it hides inside a secret field (a connection string). */
  destination?: (data: CredentialData) => string;
  account?: (data: CredentialData) => string | undefined;
  /** When the stored access token dies, if the data says so. */
  tokenExpiresAt?: (data: CredentialData) => Date | undefined;
  /**
   * "authorization": made by signing in at the provider; plain values are refused with a pointer to that. Where the data
   * decides, by values if one of those named is given; ask `obtainedBy`.
   */
  obtainedBy: ObtainedBy | { valuesWith: string[] };
  /** How one signs in at the provider for it, where that can be done. */
  authorization?: Authorization;
  /** How access is renewed without anybody, if these data allow it. */
  renewal?: (data: CredentialData) => Renewal | undefined;
  /**
   * "forms": only a form insists on required fields. Programs may store data that is not complete, and defaults are for
   * what is new: an edit fills no gap that somebody left. The connection test says what is missing.
   */
  requiredBy?: "forms";
  /** Takes fields that it does not know and keeps them as secrets (text, numbers, yes or no). */
  openFields?: boolean;
  testable: boolean;
  /** Public fields without which there is nowhere to test against: data that lacks one cannot be tested. */
  testNeeds?: string[];
  /** What can be replaced at the other side by ourselves; its connection then has a `rotation`. */
  rotates?: "password" | "key";
  /** The field that must be opened in a worker to be judged (deep-checks), if these values have one. */
  deepCheck?: (data: CredentialData) => string | undefined;
}

export interface Provider {
  id: string;
  label: string;
  description: string;
  category: Category;
  /** Where it is not the one that its category says. */
  group?: Group;
  /** Other words people look for it by. */
  aliases: string[];
  methods: Method[];
  docs?: string;
  /** The provider of ours that is the same system, if this is another form of it. */
  sameAs?: string;
}

export const defineProvider = (provider: Provider): Provider => provider;

export type ParseResult = { ok: true; data: CredentialData } | { ok: false; problems: FieldProblem[] };

/**
 * Judges what a caller sent for one method and answers the stored form. Unknown names are refused, aliases are
 * brought to their canonical name, null and the empty string count as "not given". Problems name fields, never values.
 * `isEdit`: the input is stored data with changes.
 */
export function parseData(method: Method, input: Record<string, unknown>, { isEdit = false } = {}): ParseResult {
  const problems: FieldProblem[] = [];
  const data: CredentialData = {};
  const sent = canonicalNames(method, input, problems);
  const given = (name: string) => sent[name] !== undefined && sent[name] !== null && sent[name] !== "";
  const overridden = (known: Field) => known.unless !== undefined && given(known.unless);
  for (const [name, value] of Object.entries(sent)) {
    const known = fieldOf(method, name);
    if (!known) {
      problems.push({ path: [name], message: "Is not a field of this credential type", code: "unknown_field" });
    } else if (given(name) && !overridden(known)) {
      const result = known.schema.safeParse(value);
      if (result.success) data[name] = result.data as string | number | boolean;
      else
        problems.push({
          path: [name],
          message: result.error.issues[0]?.message ?? "Is not valid",
          code: "value_error",
        });
    }
  }
  for (const [name, known] of Object.entries(method.fields)) {
    if (data[name] !== undefined || overridden(known) || problems.some((problem) => problem.path[0] === name)) continue;
    const lenient = method.requiredBy === "forms";
    if (known.default !== undefined && !(lenient && (isEdit || name in sent))) data[name] = known.default;
    else if (known.required && !lenient)
      problems.push({ path: [name], message: `${known.label} is required`, code: "missing" });
  }
  if (Object.keys(data).length > FIELDS_MAX) {
    problems.push({ path: [], message: `May have at most ${FIELDS_MAX} fields`, code: "value_error" });
  }
  if (problems.length === 0) problems.push(...(method.check?.(data) ?? []));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, data: method.normalise?.(data) ?? data };
}

/** How many fields one credential may hold. */
export const FIELDS_MAX = 64;
const FREE_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** Whether a kind that takes fields it does not know can take one of this name. What every object has of itself is none. */
export const isFieldName = (name: string): boolean => FREE_NAME.test(name) && !(name in {});

/** How a value of this name is judged; undefined for a name that the method does not take. */
function fieldOf(method: Method, name: string): Field | undefined {
  if (Object.hasOwn(method.fields, name)) return method.fields[name];
  return method.openFields && isFieldName(name) ? freeField(name) : undefined;
}

/** The method as a form or a page needs it for stored data: with a field for each stored name that it does not know. */
export function withStoredFields(method: Method, stored: string[]): Method {
  const free = stored.filter((name) => !Object.hasOwn(method.fields, name) && fieldOf(method, name));
  if (free.length === 0) return method;
  return {
    ...method,
    fields: { ...method.fields, ...Object.fromEntries(free.map((name) => [name, freeField(name)])) },
  };
}

/** The name of the field that a caller may also send under another one. */
export const canonicalName = (method: Method, sent: string): string =>
  Object.keys(method.fields).find((one) => method.fields[one]?.aliases?.includes(sent)) ?? sent;

function canonicalNames(method: Method, input: Record<string, unknown>, problems: FieldProblem[]) {
  const named: Record<string, unknown> = Object.create(null);
  for (const [sent, value] of Object.entries(input)) {
    const name = canonicalName(method, sent);
    if (name in named) problems.push({ path: [sent], message: "Is given twice, under two names", code: "value_error" });
    named[name] = value;
  }
  return named;
}

/** How a credential with this data comes about; asked before the data is judged. */
export const obtainedBy = (method: Pick<Method, "obtainedBy">, data: Record<string, unknown>): ObtainedBy =>
  typeof method.obtainedBy === "string"
    ? method.obtainedBy
    : method.obtainedBy.valuesWith.some((name) => data[name] !== undefined && data[name] !== null && data[name] !== "")
      ? "values"
      : "authorization";

/** Whether somebody can sign in at the provider for a credential with these public values. */
export const canSignIn = (
  method: (Pick<Method, "obtainedBy"> & { authorization?: SignInView }) | undefined,
  config: CredentialData,
): boolean =>
  method?.authorization !== undefined &&
  (method.authorization.client === "credential" || obtainedBy(method, config) === "authorization");

export const secretNames = (method: Method): string[] =>
  Object.keys(method.fields).filter((name) => method.fields[name]?.secret);

/** Whether the value under this name is a secret: everything is that the method does not call public. */
export const isSecret = (method: Method, name: string): boolean =>
  !Object.hasOwn(method.fields, name) || method.fields[name]?.secret !== false;

/** Whether data with these public values can be tried out against the real system. */
export const isTestable = (method: Pick<Method, "testable" | "testNeeds">, data: CredentialData): boolean =>
  method.testable && (method.testNeeds ?? []).every((name) => data[name] !== undefined);

/** The non-secret part of the data, for display. */
export function publicData(method: Method, data: CredentialData): CredentialData {
  const shown = Object.entries(data).filter(([name]) => !isSecret(method, name));
  return { ...Object.fromEntries(shown), ...method.publicFacts?.(data) };
}

/**
 * Which kept secrets must be sent again because the change would send them somewhere they were not stored for.
 * `kept` are the secret fields whose stored value would be used with the new data.
 */
export function secretsToResend(
  method: Method,
  before: CredentialData,
  after: CredentialData,
  kept: string[],
): string[] {
  const moved =
    Object.keys(method.fields).some((name) => method.fields[name]?.destination && before[name] !== after[name]) ||
    method.destination?.(before) !== method.destination?.(after);
  const used = (name: string) => after[method.fields[name]?.unless ?? ""] === undefined;
  return moved ? kept.filter((name) => before[name] !== undefined && used(name)) : [];
}
