import "server-only";
import { Refusal } from "@/lib/platform/refusal";
import { isStorable } from "@/lib/platform/storable";
import { rowOf } from "@/lib/providers/catalog/kind-form";
import { listingOf } from "@/lib/providers/catalog/listing-of";
import { parseOwnKind } from "@/lib/providers/catalog/parse-own";
import type { FileProblem, PathProblem } from "@/lib/providers/catalog/problem";
import type { Kind } from "@/lib/providers/catalog/schema";
import type { Listing } from "@/lib/providers/listing-shape";

/**
 * A definition that may be stored or tried out.
 * @throws Refusal "invalid" naming each problem by line and field
 */
export function judgedKind(text: string, further?: (kind: Kind) => PathProblem[]): Kind {
  if (!isStorable(text))
    throw refused([{ line: 1, column: 1, field: "", message: "Contains characters that cannot be stored" }]);
  const parsed = parseOwnKind(text, further);
  if (!parsed.ok) throw refused(parsed.problems);
  return parsed.value;
}

const refused = (problems: FileProblem[]): Refusal =>
  new Refusal("invalid", "The definition is not acceptable", {
    fields: problems.map(({ line, field, message }) => ({
      path: ["text", line, field],
      message: `Line ${line}${field === "" ? "" : `, ${field}`}: ${message}`,
      code: "definition",
    })),
  });

export const listingOfKind = (kind: Kind): Listing => listingOf(rowOf(kind));
