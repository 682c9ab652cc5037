import { z } from "zod";
import { isStorable } from "@/lib/platform/storable";
import { isHost } from "./host-syntax";

/** The words fields are written in. Every field is secret unless its word says it is public. */

/** What a credential holds: flat, by canonical field name. */
export const credentialDataSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type CredentialData = z.output<typeof credentialDataSchema>;

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
  /** What leaving an optional choice out means, in the words of a form; `help` explains it. */
  emptyLabel?: string;
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
  /** When the field named here is given, this one is neither asked for, judged nor stored. */
  unless?: string;
  /** Comes from signing in at the provider; a form does not ask for it. */
  obtained?: boolean;
  /** Stored with its default; a form does not draw it. */
  hidden?: boolean;
  /** A space at its end belongs there, or does no harm. */
  spaceAtEnd?: boolean;
  /** What is to stand here, where people often put something else in its place (look-alikes). */
  holds?: Holding;
}

export type Holding = "aws_key_id" | "aws_secret" | "client_secret";

export interface FieldOptions {
  label: string;
  help?: string;
  placeholder?: string;
  docs?: string;
  optional?: boolean;
  advanced?: boolean;
  destination?: boolean;
  aliases?: string[];
  unless?: string;
  obtained?: boolean;
  spaceAtEnd?: boolean;
  holds?: Holding;
}

/** Longest value of a one-line field, in UTF-16 code units. */
const LINE_MAX = 4096;
/** Longest key, certificate or JSON file (16 KiB). */
const BLOCK_MAX = 16_384;

const oneLine = (value: string) => !/[\r\n]/.test(value);

const line = (max = LINE_MAX) =>
  z
    .string({ error: "Must be text" })
    .min(1, "Must not be empty")
    .max(max, `Must be at most ${max} characters`)
    .refine(isStorable, "Contains characters that cannot be stored")
    .refine(oneLine, "Must be a single line");

const block = (max = BLOCK_MAX) =>
  z
    .string({ error: "Must be text" })
    .min(1, "Must not be empty")
    .max(max, `Must be at most ${max / 1024} KiB`)
    .refine(isStorable, "Contains characters that cannot be stored");

const field = (options: FieldOptions, rest: Omit<Field, keyof FieldOptions | "required">): Field => {
  const { optional, ...words } = options;
  return { ...words, ...rest, required: !optional && rest.default === undefined };
};

interface Pattern {
  test: RegExp;
  message: string;
}

/** A public one-line text. */
export const text = (options: FieldOptions & { max?: number; pattern?: Pattern; default?: string }): Field => {
  const { max, pattern, default: preset, ...rest } = options;
  const schema = pattern ? line(max).regex(pattern.test, pattern.message) : line(max);
  return field(rest, { schema, secret: false, control: "text", ...(preset === undefined ? {} : { default: preset }) });
};

/** Where to connect to: a host name or an IP address. */
export const host = (options: FieldOptions): Field =>
  field(
    { ...options, destination: true },
    {
      schema: line(255).refine(isHost, "Must be a host name or an IP address, without scheme, port or path"),
      secret: false,
      control: "text",
    },
  );

export const port = (options: FieldOptions & { default: number }): Field => {
  const { default: preset, ...rest } = options;
  const schema = z.preprocess(
    (value) => (typeof value === "string" && /^[1-9]\d{0,4}$/.test(value) ? Number(value) : value),
    z
      .number({ error: "Must be a number from 1 to 65535" })
      .int("Must be a whole number")
      .min(1, "Must be at least 1")
      .max(65_535, "Must be at most 65535"),
  );
  return field({ ...rest, destination: true }, { schema, secret: false, control: "number", default: preset });
};

/** A secret of one line: password, API key, token. Never normalised. */
export const secret = (options: FieldOptions & { max?: number; pattern?: Pattern }): Field => {
  const { max, pattern, ...rest } = options;
  const schema = pattern ? line(max).regex(pattern.test, pattern.message) : line(max);
  return field(rest, { schema, secret: true, control: "password" });
};

/** Travels in an HTTP header: anything but visible ASCII would break the request, or break out of the header. */
export const headerText: Pattern = {
  test: /^[\x21-\x7e]+$/,
  message: "Must be visible ASCII characters without spaces",
};

/** A secret of several lines: private key, key file. */
export const secretBlock = (options: FieldOptions): Field =>
  field(options, { schema: block(), secret: true, control: "multiline" });

/** A public block of several lines: certificate authority, known hosts. */
export const textBlock = (options: FieldOptions & { max?: number }): Field => {
  const { max, ...rest } = options;
  return field(rest, { schema: block(max), secret: false, control: "multiline" });
};

/** A field that no schema names: kept as it came, and secret. */
export const freeField = (name: string): Field =>
  field({ label: name, optional: true }, { schema: scalar(), secret: true, control: "password" });

/** Text of up to 16 KiB, a number, or yes or no; kept as what it is. */
export const scalar = () =>
  z.union([block(), z.number(), z.boolean()], { error: "Must be text of up to 16 KiB, a number, or true or false" });

export const choice = (
  options: FieldOptions & {
    options: { value: string; label: string; help?: string }[];
    default?: string;
    emptyLabel?: string;
  },
): Field => {
  const { options: choices, default: preset, emptyLabel, ...rest } = options;
  const values = choices.map((one) => one.value);
  return field(rest, {
    schema: z.enum(values as [string, ...string[]], { error: `Must be one of: ${values.join(", ")}` }),
    secret: false,
    control: "select",
    options: choices,
    ...(emptyLabel === undefined ? {} : { emptyLabel }),
    ...(preset === undefined ? {} : { default: preset }),
  });
};

/** A public point in time, stored as RFC 3339 text. Whole seconds since 1970, as token endpoints count, are accepted. */
export const instant = (options: FieldOptions): Field =>
  field(options, {
    schema: z.preprocess(
      (value) =>
        Number.isSafeInteger(value) && isEpochSecond(Number(value))
          ? new Date(Number(value) * 1000).toISOString()
          : value,
      z.iso
        .datetime({ offset: true, error: "Must be a time such as 2030-01-31T12:00:00Z" })
        .max(40)
        .refine((value) => isEpochSecond(Date.parse(value) / 1000), "Must lie between the years 2001 and 2100"),
    ),
    secret: false,
    control: "text",
  });

const isEpochSecond = (seconds: number) => seconds >= 978_307_200 && seconds < 4_102_444_800;
