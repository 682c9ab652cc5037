import type { z } from "zod";
import { type FieldProblem, Refusal } from "@/lib/platform/refusal";

/** The body in its documented form. @throws Refusal "malformed" naming the fields, never repeating a value */
export function shaped<T>(schema: z.ZodType<T>, body: Record<string, unknown>): T {
  // The input is asked for to tell a missing field from a wrong one; it goes no further.
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  throw new Refusal("malformed", "Request validation failed", { fields: result.error.issues.flatMap(asProblems) });
}

/** Fixed words for each kind of problem; zod's own messages can repeat what was sent. */
function asProblems(issue: z.core.$ZodIssue): FieldProblem[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key.slice(0, 100)],
        message: "Is not a known field",
        code: "extra_forbidden",
      }));
    case "invalid_type":
      return [
        issue.input === undefined
          ? { path, message: "Field required", code: "missing" }
          : { path, message: `Must be of type ${issue.expected}`, code: `${issue.expected}_type` },
      ];
    case "invalid_value":
      return [{ path, message: `Must be one of: ${issue.values.join(", ")}`, code: "enum" }];
    case "too_small":
      return [{ path, message: `Must be at least ${issue.minimum}`, code: "too_small" }];
    case "too_big":
      return [{ path, message: `Must be at most ${issue.maximum}`, code: "too_big" }];
    default:
      return [{ path, message: "Is not valid", code: "value_error" }];
  }
}

/** Query parameters: each at most once, none unknown. @throws Refusal "invalid" */
export function parameters<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
  const given: Record<string, string> = Object.create(null);
  for (const [name, value] of query) {
    if (name in given) throw inQuery([{ path: [name.slice(0, 100)], message: "Is given twice", code: "value_error" }]);
    given[name] = value;
  }
  const result = schema.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  throw inQuery(result.error.issues.flatMap(asProblems));
}

export const invalidParameter = (name: string, message: string): Refusal =>
  inQuery([{ path: [name], message, code: "value_error" }]);

const inQuery = (fields: FieldProblem[]) =>
  new Refusal("invalid", "Invalid request parameters", {
    fields: fields.map((field) => ({ ...field, place: "query" as const })),
  });
