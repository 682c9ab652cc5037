import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import type { PublicError } from "@/lib/api/http/public-error";

/**
 * Puts the server's field problems on the form's fields of the same name, moves the focus to the first, and answers
 * the texts of those that have no field here.
 */
export function applyProblems<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  error: PublicError,
  pathOf: (path: (string | number)[]) => string = (path) => path.join("."),
): string[] {
  const homeless: string[] = [];
  let first = true;
  for (const problem of error.fields) {
    const path = pathOf(problem.path) as FieldPath<Values>;
    if (!isField(form, path)) {
      homeless.push(problem.message);
      continue;
    }
    form.setError(path, { type: problem.code, message: problem.message }, { shouldFocus: first });
    first = false;
  }
  return homeless;
}

/** Every field of a form of ours starts with a value, so one without is no field. */
const isField = <Values extends FieldValues>(form: UseFormReturn<Values>, path: FieldPath<Values>): boolean =>
  form.getValues(path) !== undefined;
