import "server-only";
import { signInFormOf } from "./kind-form";
import { type CatalogProblem, lintCatalog } from "./lint";

export type Generated = { ok: true; files: Record<string, unknown> } | { ok: false; problems: CatalogProblem[] };

/**
 * Reads the files of the catalogue into the modules that the program loads: everything, for the server; what of sign-ins pages
 * show, for the browser. Lists have theirs by `listing-rows.ts`, which needs these.
 */
export function generateCatalog(folder: string): Generated {
  const { kinds, signIns, problems } = lintCatalog(folder);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    files: {
      "kinds.json": kinds,
      "sign-ins.json": signIns,
      "sign-in-forms.ts": Object.fromEntries(signIns.map((one) => [one.id, signInFormOf(one.id, one)])),
    },
  };
}
