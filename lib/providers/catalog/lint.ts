import "server-only";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ParsedFile, parseKind, parseSignIn } from "./parse";
import type { FileProblem } from "./problem";
import type { Kind } from "./schema";
import type { SignInFile } from "./schema-oauth2";
import { isDriverTest } from "./schema-test";

/** A problem, and the file that it is in. */
export interface CatalogProblem extends FileProblem {
  file: string;
}

export interface Linted {
  kinds: Kind[];
  signIns: SignInFile[];
  problems: CatalogProblem[];
  /** Sentences on what is good enough to work, and could help people more. */
  warnings: string[];
}

/** Where files of sign-ins lie, which are of another form. */
const SIGN_INS = "sign-ins";

/**
 * Judges a file of the catalogue, or all of a folder and its sign-ins.
 * @throws Error of the system where there is no such file
 */
export function lintCatalog(path: string): Linted {
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder && existsSync(join(path, SIGN_INS)) ? yamlIn(join(path, SIGN_INS)) : [];
  const files = [...(isFolder ? yamlIn(path) : [path]), ...folder];
  const found: Linted = { kinds: [], signIns: [], problems: [], warnings: [] };
  for (const file of files) {
    if (basename(dirname(file)) === SIGN_INS) collect(file, parseSignIn, found.signIns, found.problems);
    else collect(file, parseKind, found.kinds, found.problems);
  }
  if (isFolder && files.length === 0)
    found.problems.push({ file: path, line: 1, column: 1, field: "", message: "Holds no file that ends in .yaml" });
  found.warnings.push(...coverage(found.kinds));
  return found;
}

const yamlIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    .map((name) => join(folder, name));

function collect<T extends { id: string }>(
  file: string,
  parse: (text: string) => ParsedFile<T>,
  values: T[],
  problems: CatalogProblem[],
): void {
  const parsed = parse(readFileSync(file, "utf8"));
  if (!parsed.ok) problems.push(...parsed.problems.map((problem) => ({ file, ...problem })));
  else if (parsed.value.id !== basename(file, ".yaml"))
    problems.push({ file, line: 1, column: 1, field: "id", message: "Must be the file's own name" });
  else values.push(parsed.value);
}

/** Of five, four should have it. */
const ENOUGH = 0.8;

function coverage(kinds: Kind[]): string[] {
  const fields = kinds.flatMap((kind) => kind.fields.filter(({ hidden }) => !hidden));
  // What speaks a protocol of its own signs nothing.
  const requested = kinds.filter(({ test }) => !test || !isDriverTest(test));
  const measured: [what: string, all: number, having: number][] = [
    ["fields have help", fields.length, fields.filter(({ help }) => help !== undefined).length],
    [
      "fields have an example or a placeholder",
      fields.length,
      fields.filter(({ example, placeholder, default: preset }) => example ?? placeholder ?? preset).length,
    ],
    ["kinds have a link to documentation", kinds.length, kinds.filter(({ docs }) => docs !== undefined).length],
    ["kinds say how requests are signed", requested.length, requested.filter((kind) => kind.authentication).length],
  ];
  return measured.flatMap(([what, all, having]) =>
    all > 0 && having / all < ENOUGH ? [`${having} of ${all} ${what}: fewer than four of five`] : [],
  );
}
