import { z } from "zod";
import { type Field, scalar } from "../define";
import type { KindField } from "./schema-field";
import { hasUserInfo } from "./url-place";

export const isSecretField = ({ kind, secret }: KindField): boolean =>
  secret ?? (kind === "password" || kind === "url");

/** A secret has no default: nobody would see what is stored in its place. */
const defaultOf = (field: KindField): string | number | undefined =>
  isSecretField(field) || field.default === "" ? undefined : field.default;

/** Whether a form insists on it. */
export const isRequired = (field: KindField): boolean =>
  !field.optional && !field.hidden && field.kind !== "boolean" && defaultOf(field) === undefined;

/** A field of a kind's file as forms draw it, and as its values are judged. */
export function fieldOf(field: KindField): Field {
  const secret = isSecretField(field);
  const preset = defaultOf(field);
  const placeholder = field.placeholder ?? (secret && field.default !== undefined ? String(field.default) : undefined);
  return {
    schema: schemaOf(field, secret),
    label: field.label,
    secret,
    required: isRequired(field),
    control: secret ? (field.rows ? "multiline" : "password") : CONTROLS[field.kind],
    ...(field.help !== undefined && { help: field.help }),
    ...(field.docs !== undefined && { docs: field.docs }),
    ...(placeholder !== undefined && { placeholder }),
    ...(field.options && { options: field.options }),
    ...(field.empty_label !== undefined && { emptyLabel: field.empty_label }),
    ...(preset !== undefined && { default: preset }),
    ...(field.advanced && { advanced: true }),
    ...(field.hidden && { hidden: true }),
    ...(field.destination && { destination: true }),
    ...(field.holds && { holds: field.holds }),
  };
}

const CONTROLS = {
  password: "password",
  url: "password",
  text: "text",
  options: "select",
  number: "number",
  boolean: "switch",
} as const satisfies Record<KindField["kind"], Field["control"]>;

function schemaOf(field: KindField, secret: boolean): z.ZodType {
  switch (field.kind) {
    case "boolean":
      return YES_OR_NO;
    case "number":
      return COUNT;
    case "options": {
      const values = (field.options ?? []).map(({ value }) => value);
      return z.string({ error: `Must be one of: ${values.join(", ")}` }).refine((value) => values.includes(value), {
        error: `Must be one of: ${values.join(", ")}`,
      });
    }
    case "password":
    case "url":
    case "text":
      return secret ? SECRET : SHOWN;
  }
}

// Made once: hundreds of fields are judged by them.
const SECRET = scalar();
const SHOWN = scalar().refine((value) => typeof value !== "string" || !hasUserInfo(value), {
  error: "Is shown to people: write the URL without a user name and password in it",
});
const YES_OR_NO = z.preprocess(
  (value) => (value === "true" ? true : value === "false" ? false : value),
  z.boolean({ error: "Must be true or false" }),
);
const COUNT = z.preprocess(
  (value) => (typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value),
  z.number({ error: "Must be a whole number" }).int("Must be a whole number").min(0, "Must not be negative"),
);

/** A made-up value for the documentation, which is accepted. */
export function exampleOf(field: KindField): string | number | boolean {
  if (field.example !== undefined) return field.example;
  switch (field.kind) {
    case "boolean":
      return true;
    case "number":
      return Number(field.default ?? 1);
    case "options":
      return field.options?.[0]?.value ?? "";
    case "url":
      return "https://user:example-password@db.example.com/app";
    case "password":
    case "text":
      return field.default || `example-${field.name}`;
  }
}
