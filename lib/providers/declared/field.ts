import { z } from "zod";
import { type Field, scalar } from "../define";
import type { DeclaredInput } from "./shape";
import { hasUserInfo } from "./url-place";

/** A declared input as a field: what forms draw, and how values are judged. */
export function fieldOf(input: DeclaredInput): Field {
  const secret = input.secret ?? (input.kind === "password" || input.kind === "url");
  // A secret has no default: nobody would see what is stored in its place.
  const given = secret ? undefined : input.default || undefined;
  const holds = input.holds ?? (input.name === "clientSecret" ? "client_secret" : undefined);
  const placeholder = input.placeholder ?? (secret ? input.default : undefined);
  return {
    schema: schemaOf(input, secret),
    label: input.label,
    ...(input.help === undefined ? {} : { help: input.help }),
    secret,
    required: !input.optional && !input.spare && !input.hidden && given === undefined && input.kind !== "boolean",
    control: secret ? (input.rows ? "multiline" : "password") : CONTROLS[input.kind],
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(input.options && { options: input.options.map(({ name, label }) => ({ value: name, label })) }),
    ...(input.emptyLabel === undefined ? {} : { emptyLabel: input.emptyLabel }),
    ...(given === undefined ? {} : { default: input.kind === "number" ? Number(given) : given }),
    ...(input.advanced && { advanced: true }),
    ...(input.hidden && { hidden: true }),
    ...(input.place && { destination: true }),
    ...(holds && { holds }),
  };
}

const CONTROLS = {
  password: "password",
  url: "password",
  text: "text",
  options: "select",
  number: "number",
  boolean: "switch",
} as const satisfies Record<DeclaredInput["kind"], Field["control"]>;

function schemaOf(input: DeclaredInput, secret: boolean): z.ZodType {
  switch (input.kind) {
    case "boolean":
      return z.preprocess(
        (value) => (value === "true" ? true : value === "false" ? false : value),
        z.boolean({ error: "Must be true or false" }),
      );
    case "number":
      return z.preprocess(
        (value) => (typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value),
        z.number({ error: "Must be a whole number" }).int("Must be a whole number").min(0, "Must not be negative"),
      );
    case "options": {
      const values = (input.options ?? []).map(({ name }) => name);
      return z.string({ error: `Must be one of: ${values.join(", ")}` }).refine((value) => values.includes(value), {
        error: `Must be one of: ${values.join(", ")}`,
      });
    }
    case "password":
    case "url":
    case "text":
      return secret
        ? scalar()
        : scalar().refine((value) => typeof value !== "string" || !hasUserInfo(value), {
            error: "Is shown to people: write the URL without a user name and password in it",
          });
  }
}
