import "server-only";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { rowOf, signInFormOf } from "./kind-form";
import { type ParsedFile, parseKind, parseSignIn } from "./parse";
import type { FileProblem } from "./problem";

/** A problem, and the file that it is in. */
export interface CatalogProblem extends FileProblem {
  file: string;
}

export type Generated = { ok: true; files: Record<string, unknown> } | { ok: false; problems: CatalogProblem[] };

/**
 * Reads the files of the catalogue into the modules that the program loads: everything, for the server; rows for lists and
 * what of sign-ins pages show, for the browser.
 */
export function generateCatalog(folder: string): Generated {
  const kinds = filesIn(folder, parseKind);
  const signIns = filesIn(join(folder, "sign-ins"), parseSignIn);
  const problems = [...kinds.problems, ...signIns.problems];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    files: {
      "kinds.json": kinds.values,
      "sign-ins.json": signIns.values,
      "index.json": kinds.values.map(rowOf),
      "sign-in-forms.json": Object.fromEntries(signIns.values.map((one) => [one.id, signInFormOf(one.id, one)])),
    },
  };
}

/** The definitions in a folder, by their ids in whatever case: each is called as its file is. */
function filesIn<T extends { id: string }>(folder: string, parse: (text: string) => ParsedFile<T>) {
  const values: T[] = [];
  const problems: CatalogProblem[] = [];
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".yaml"))) {
    const file = join(folder, name);
    const parsed = parse(readFileSync(file, "utf8"));
    if (!parsed.ok) problems.push(...parsed.problems.map((problem) => ({ file, ...problem })));
    else if (parsed.value.id !== basename(name, ".yaml"))
      problems.push({ file, line: 1, column: 1, field: "id", message: "Must be the file's own name" });
    else values.push(parsed.value);
  }
  const key = ({ id }: T) => id.toLowerCase();
  return { values: values.sort((a, b) => (key(a) < key(b) ? -1 : 1)), problems };
}
