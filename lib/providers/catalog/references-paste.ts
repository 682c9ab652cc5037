import { pasteReaderValues } from "../pasting/names";
import { isSecretField } from "./field";
import type { PathProblem } from "./problem";
import type { Kind } from "./schema";
import type { KindField } from "./schema-field";

type Fields = ReadonlyMap<string, KindField>;
type Paste = NonNullable<Kind["paste"]>[number];
type Reader = Extract<Paste, { reader: unknown }>;

/** What the ways to paste a credential must have to do with its fields: they are there, and what is secret goes to a secret one. */
export const pasteProblems = ({ paste = [] }: Kind, fields: Fields): PathProblem[] =>
  paste.flatMap((one, at) =>
    "settings" in one
      ? Object.keys(one.settings).flatMap((name) => lacking(["paste", at, "settings", name], name, fields))
      : [...valueProblems(one, ["paste", at], fields), ...schemeProblems(one, ["paste", at], fields)],
  );

const lacking = (path: PropertyKey[], name: string, fields: Fields): PathProblem[] =>
  fields.has(name) ? [] : [{ path, message: `Names ${name}, which is none of the fields` }];

/** Values of readers that prove who somebody is. */
const PROOFS = ["password", "token", "private_key"];

function valueProblems({ reader, values }: Reader, path: PropertyKey[], fields: Fields): PathProblem[] {
  const known: readonly string[] = pasteReaderValues[reader];
  return Object.entries(values).flatMap(([value, name]) => {
    const at = [...path, "values", value];
    const field = fields.get(name);
    if (!known.includes(value)) return [{ path: at, message: `The reader ${reader} finds: ${known.join(", ")}` }];
    if (!field) return lacking(at, name, fields);
    return PROOFS.includes(value) && !isSecretField(field) ? [{ path: at, message: "Must be a secret field" }] : [];
  });
}

function schemeProblems({ reader, values, schemes }: Reader, path: PropertyKey[], fields: Fields): PathProblem[] {
  const at = [...path, "schemes"];
  if (reader !== "address") return schemes ? [{ path: at, message: "Are of the reader address alone" }] : [];
  if (!schemes) return [{ path: at, message: "Must name the schemes that are taken" }];
  const choices = fields.get(values.tls ?? "")?.options?.map(({ value }) => value) ?? [];
  return Object.entries(schemes).flatMap(([scheme, tls]) =>
    tls === "" || choices.includes(tls)
      ? []
      : [{ path: [...at, scheme], message: "Must be a choice of the field that tls goes to, or empty" }],
  );
}
