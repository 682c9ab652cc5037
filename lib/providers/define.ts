import { z } from "zod";
import type { FieldProblem } from "@/lib/refusal";

/**
 * The words a provider is written in. A provider is one value: its fields drive the form, validation, secrecy,
 * the summary line, the catalogue and the names on the wire. Every field is secret unless it says it is public.
 *
 * This module and every `definition.ts` are safe for the browser; what dials out is in `connection.ts`.
 */

export const credentialTypes = ["api_key", "google_oauth", "sharepoint_oauth", "oauth2", "user_password", "key_file"] as const;
export type CredentialType = (typeof credentialTypes)[number];

export const categories = ["automation", "human_in_the_loop", "database", "messaging", "agent_in_the_loop", "storage"] as const;
export type Category = (typeof categories)[number];

/** What a credential holds: flat, by canonical field name. */
export type CredentialData = Record<string, string | number | boolean>;

export interface Field {
  schema: z.ZodType;
  label: string;
  help?: string;
  placeholder?: string;
  /** Where the outside system's own documentation explains this field. */
  docs?: string;
  secret: boolean;
  required: boolean;
  control: "text" | "number" | "password" | "multiline" | "select" | "switch";
  options?: { value: string; label: string; help?: string }[];
  /** What the form starts with, and what is stored when the caller leaves the field out. */
  default?: string | number | boolean;
  advanced?: boolean;
  /**
   * The field says where a secret goes (host, port, URL, user, TLS mode). Changing it demands every kept secret
   * again, in a test as in a save.
   */
  destination?: boolean;
  /** Other names callers may send it under. */
  aliases?: string[];
}

export interface Method {
  type: CredentialType;
  label: string;
  help?: string;
  fields: Record<string, Field>;
  /** Rules over several fields. Called with values that passed their own field's schema. */
  check?: (data: CredentialData) => FieldProblem[];
  /** Brings accepted values into the stored form (drops what another field overrides, mends line ends). */
  normalise?: (data: CredentialData) => CredentialData;
  /** The clear line of lists, from public facts alone: "sftp.example.com:22 as alice". */
  summary: (data: CredentialData) => string;
  /** Public facts for display that are not fields, e.g. the host inside a connection string. */
  publicFacts?: (data: CredentialData) => CredentialData;
  /** What identifies the destination when it hides inside a secret field (a connection string). */
  destination?: (data: CredentialData) => string;
  account?: (data: CredentialData) => string | undefined;
  /** When the stored access token dies, if the data says so. */
  tokenExpiresAt?: (data: CredentialData) => Date | undefined;
  /** "authorization": made by signing in at the provider; plain values are refused with a pointer to that. */
  obtainedBy: "values" | "authorization";
  testable: boolean;
}

export interface Provider {
  id: string;
  label: string;
  description: string;
  category: Category;
  /** Other words people look for it by. */
  aliases: string[];
  methods: Method[];
  /** "internal" may be reached at private addresses that the operator allowed; "public" never. */
  docs?: string;
}

export const defineProvider = (provider: Provider): Provider => provider;

export interface FieldOptions {
  label: string;
  help?: string;
  placeholder?: string;
  docs?: string;
  optional?: boolean;
  advanced?: boolean;
  destination?: boolean;
  aliases?: string[];
}

/** Longest value of a one-line field, in UTF-16 code units. */
const LINE_MAX = 4096;
/** Longest key, certificate or JSON file (16 KiB). */
const BLOCK_MAX = 16_384;

const wellFormed = (value: string) => value.isWellFormed() && !value.includes("\0");
const oneLine = (value: string) => !/[\r\n]/.test(value);

const line = (max = LINE_MAX) =>
  z
    .string({ error: "Must be text" })
    .min(1, "Must not be empty")
    .max(max, `Must be at most ${max} characters`)
    .refine(wellFormed, "Contains characters that cannot be stored")
    .refine(oneLine, "Must be a single line");

const field = (options: FieldOptions, rest: Omit<Field, keyof FieldOptions | "required">): Field => {
  const { optional, ...words } = options;
  return { ...words, ...rest, required: !optional && rest.default === undefined };
};

/** A public one-line text. */
export const text = (options: FieldOptions & { max?: number; pattern?: { test: RegExp; message: string } }): Field => {
  const { max, pattern, ...rest } = options;
  const schema = pattern ? line(max).regex(pattern.test, pattern.message) : line(max);
  return field(rest, { schema, secret: false, control: "text" });
};

/**
 * Host name or IP address, judged by syntax only; lib/net judges the addresses behind it (security requirement R52).
 * ASCII labels of 1 to 63, 253 in all, no numeric last label unless a canonical dotted quad, IPv6 without zone.
 */
export const host = (options: FieldOptions): Field =>
  field(
    { ...options, destination: true },
    {
      schema: line(255).refine(isHost, "Must be a host name or an IP address, without scheme, port or path"),
      secret: false,
      control: "text",
    },
  );

export const port = (options: FieldOptions & { default: number }): Field =>
  field(
    { ...options, destination: true },
    {
      schema: z.preprocess(
        (value) => (typeof value === "string" && /^[1-9]\d{0,4}$/.test(value) ? Number(value) : value),
        z
          .number({ error: "Must be a number from 1 to 65535" })
          .int("Must be a whole number")
          .min(1, "Must be at least 1")
          .max(65_535, "Must be at most 65535"),
      ),
      secret: false,
      control: "number",
      default: options.default,
    },
  );

/** A secret of one line: password, API key, token. Never normalised. */
export const secret = (options: FieldOptions & { max?: number }): Field => {
  const { max, ...rest } = options;
  return field(rest, { schema: line(max), secret: true, control: "password" });
};

/** A secret of several lines: private key, key file. */
export const secretBlock = (options: FieldOptions): Field =>
  field(options, { schema: block(), secret: true, control: "multiline" });

/** A public block of several lines: certificate authority, known hosts. */
export const textBlock = (options: FieldOptions): Field =>
  field(options, { schema: block(), secret: false, control: "multiline" });

const block = () =>
  z
    .string({ error: "Must be text" })
    .min(1, "Must not be empty")
    .max(BLOCK_MAX, "Must be at most 16 KiB")
    .refine(wellFormed, "Contains characters that cannot be stored");

export const choice = (
  options: FieldOptions & { options: { value: string; label: string; help?: string }[]; default?: string },
): Field => {
  const { options: choices, default: preset, ...rest } = options;
  const values = choices.map((one) => one.value);
  return field(rest, {
    schema: z.enum(values as [string, ...string[]], { error: `Must be one of: ${values.join(", ")}` }),
    secret: false,
    control: "select",
    options: choices,
    ...(preset === undefined ? {} : { default: preset }),
  });
};

export const toggle = (options: FieldOptions & { default: boolean }): Field =>
  field(options, {
    schema: z.boolean({ error: "Must be true or false" }),
    secret: false,
    control: "switch",
    default: options.default,
  });

export type Parsed = { ok: true; data: CredentialData } | { ok: false; problems: FieldProblem[] };

/**
 * Judges what a caller sent for one method and answers the stored form. Unknown names are refused, aliases are
 * brought to their canonical name, null and the empty string count as "not given". Problems name fields, never values.
 */
export function parseData(method: Method, input: Record<string, unknown>): Parsed {
  const problems: FieldProblem[] = [];
  const data: CredentialData = {};
  for (const [name, value] of Object.entries(canonicalNames(method, input, problems))) {
    const known = method.fields[name];
    if (!known) {
      problems.push({ path: [name], message: "Is not a field of this credential type", code: "unknown_field" });
    } else if (value !== null && value !== "") {
      const result = known.schema.safeParse(value);
      if (result.success) data[name] = result.data as string | number | boolean;
      else problems.push({ path: [name], message: result.error.issues[0]?.message ?? "Is not valid", code: "value_error" });
    }
  }
  for (const [name, known] of Object.entries(method.fields)) {
    if (data[name] !== undefined || problems.some((problem) => problem.path[0] === name)) continue;
    if (known.default !== undefined) data[name] = known.default;
    else if (known.required) problems.push({ path: [name], message: `${known.label} is required`, code: "missing" });
  }
  if (problems.length === 0) problems.push(...(method.check?.(data) ?? []));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, data: method.normalise?.(data) ?? data };
}

function canonicalNames(method: Method, input: Record<string, unknown>, problems: FieldProblem[]) {
  const named: Record<string, unknown> = Object.create(null);
  for (const [sent, value] of Object.entries(input)) {
    const name = Object.keys(method.fields).find((one) => method.fields[one]?.aliases?.includes(sent)) ?? sent;
    if (name in named) problems.push({ path: [sent], message: "Is given twice, under two names", code: "value_error" });
    named[name] = value;
  }
  return named;
}

export const secretNames = (method: Method): string[] =>
  Object.keys(method.fields).filter((name) => method.fields[name]?.secret);

/** The non-secret part of the data, for display. */
export function publicData(method: Method, data: CredentialData): CredentialData {
  const shown = Object.entries(data).filter(([name]) => method.fields[name]?.secret === false);
  return { ...Object.fromEntries(shown), ...method.publicFacts?.(data) };
}

/**
 * Which kept secrets must be sent again because the change would send them somewhere they were not stored for.
 * `kept` are the secret fields whose stored value would be used with the new data.
 */
export function secretsToResend(method: Method, before: CredentialData, after: CredentialData, kept: string[]): string[] {
  const moved =
    Object.keys(method.fields).some((name) => method.fields[name]?.destination && before[name] !== after[name]) ||
    method.destination?.(before) !== method.destination?.(after);
  return moved ? kept.filter((name) => before[name] !== undefined) : [];
}

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const QUAD = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

export function isHost(value: string): boolean {
  if (value.startsWith("[") || value.includes(":")) return isIpv6(value.replace(/^\[(.*)\]$/, "$1"));
  if (QUAD.test(value)) return true;
  const name = value.endsWith(".") ? value.slice(0, -1) : value;
  const labels = name.split(".");
  return name.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? "");
}

function isIpv6(value: string): boolean {
  if (value.includes("%") || value.includes("[") || value.includes("]")) return false;
  return z.ipv6().safeParse(value).success;
}
