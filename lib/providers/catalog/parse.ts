import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import type { FileProblem, Path, PathProblem } from "./problem";
import { kindProblems } from "./references";
import { type Kind, kindSchema } from "./schema";
import { type SignInFile, signInSchema } from "./schema-oauth2";

export type ParsedFile<T> = { ok: true; value: T } | { ok: false; problems: FileProblem[] };

/** Largest definition, in characters. The longest of ours has a tenth of that. */
const TEXT_MAX = 64 * 1024;

/**
 * Reads the definition of a kind, from a file or from wherever it is kept: YAML, of which JSON is a part. Comments are
 * allowed; anchors and aliases are not, since a few of them make a text of any size.
 */
export const parseKind = (text: string): ParsedFile<Kind> => parseWith(text, kindSchema, kindProblems);

/** Reads a sign-in that several kinds share. */
export const parseSignIn = (text: string): ParsedFile<SignInFile> => parseWith(text, signInSchema, () => []);

/**
 * Reads a text in the form that a schema says, and has further rules looked at once it has that form. However it is written, it is
 * an answer, not an error.
 */
export function parseWith<T>(
  text: string,
  schema: z.ZodType<T>,
  further: (value: T) => PathProblem[],
  max = TEXT_MAX,
): ParsedFile<T> {
  if (text.length > max) return { ok: false, problems: [wholeFile(`Must be at most ${max} characters`)] };
  if (isDeep(text)) return { ok: false, problems: [wholeFile("Is nested too deeply")] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    strict: true,
    uniqueKeys: true,
    merge: false,
    // A key that is a list or a map is made a text with all that is in it, again at each level: a short file would take minutes.
    stringKeys: true,
    prettyErrors: false,
  });
  const at = (offset: number) => ({ line: lines.linePos(offset).line, column: lines.linePos(offset).col });
  const broken = document.errors.slice(0, ERRORS_MAX).map(({ code, pos }) => ({
    ...at(pos[0]),
    field: "",
    message: YAML_PROBLEMS[code] ?? "Is no YAML as it should be written",
  }));
  if (broken.length > 0) return { ok: false, problems: broken };
  const value = plainValue(document);
  if (value === undefined) return { ok: false, problems: [wholeFile("Must hold no anchors and aliases")] };
  const parsed = schema.safeParse(value);
  const found = parsed.success
    ? further(parsed.data)
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, value));
  if (parsed.success && found.length === 0) return { ok: true, value: parsed.data };
  const problems = found.map(({ path, message }) => ({
    ...at(offsetOf(document, path)),
    field: fieldPath(path),
    message,
  }));
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** Nobody mends more of a text that cannot be read. */
const ERRORS_MAX = 20;

/** Brackets, and dashes of lists in lists, that are open at once; no definition has ten. The reader of YAML goes down one call for each. */
const DEPTH_MAX = 64;

function isDeep(text: string): boolean {
  let open = 0;
  for (const [sign] of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + (sign === "[" || sign === "{" ? 1 : -1));
    if (open > DEPTH_MAX) return true;
  }
  return new RegExp(`^(?:[ \\t]*[-?:][ \\t]){${DEPTH_MAX}}`, "m").test(text);
}

const wholeFile = (message: string): FileProblem => ({ line: 1, column: 1, field: "", message });

const YAML_PROBLEMS: Partial<Record<string, string>> = {
  DUPLICATE_KEY: "Is written twice",
  BAD_INDENT: "Is indented in a way that makes no sense",
  TAB_AS_INDENT: "Is indented by a tab: use spaces",
  MULTILINE_IMPLICIT_KEY: "A colon is missing, or a text that goes on in the next line needs quotes",
  MISSING_CHAR: "Something is missing here: a colon, a quote or a bracket",
  UNEXPECTED_TOKEN: "Does not belong here",
  BLOCK_AS_IMPLICIT_KEY: "A text with a colon in it needs quotes",
  NON_STRING_KEY: "The name in front of a colon must be text",
};

/** Undefined where aliases are used. */
function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

/** One problem for each thing to mend; of alternatives, those of the one that was most likely meant. */
function problemsOf(issue: z.core.$ZodIssue, whole: unknown, above: Path = []): PathProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], message: "Is not known here" }));
  if (valueAt(whole, path) === undefined) return [{ path, message: "Is missing" }];
  if (issue.code === "invalid_key") return [{ path, message: issue.issues[0]?.message ?? issue.message }];
  if (issue.code === "invalid_union") {
    const nearest = issue.errors
      .filter((issues) => issues.every(({ path: inside, code }) => inside.length > 0 || code === "unrecognized_keys"))
      .sort((a, b) => strange(a) - strange(b) || a.length - b.length)[0];
    if (nearest) return nearest.flatMap((one) => problemsOf(one, whole, path));
  }
  return [{ path, message: plainMessage(issue) }];
}

const strange = (issues: z.core.$ZodIssue[]): number =>
  issues.filter(({ code }) => code === "unrecognized_keys").length;

const valueAt = (whole: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    whole,
  );

const CHOICE = "Invalid option: expected one of ";

/** The library's own sentence of a choice reads like a program. */
const plainMessage = ({ message }: z.core.$ZodIssue): string =>
  message.startsWith(CHOICE)
    ? `Must be one of: ${message.slice(CHOICE.length).replaceAll('"', "").replaceAll("|", ", ")}`
    : message;

/** Where in the text a path is: the key of its last step, or whatever of the way there is written. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const steps = path.slice(0, length);
    const parent: unknown = length === 1 ? document.contents : document.getIn(steps.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => String(key) === String(steps.at(-1)));
      const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
      if (range) return range[0];
    }
    const node = document.getIn(steps, true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/** "authentication[0].token" */
const fieldPath = (path: Path): string =>
  path.map((step, at) => (typeof step === "number" ? `[${step}]` : `${at === 0 ? "" : "."}${String(step)}`)).join("");
