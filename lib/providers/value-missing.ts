import "server-only";
import { type Problem, StepError } from "./test-run";

/** Data may be stored incomplete; the test is where that shows. */
export const valueMissing = (label: string, field: string): Problem => ({
  code: "value_missing",
  meaning: `${label} is not set, and the test needs it.`,
  advice: "Enter it and test again.",
  field,
  outcome: "failed",
});

/** @throws StepFailure when there is no value */
export function given(value: string | number | boolean | undefined, label: string, field: string): string {
  if (value === undefined || value === "") throw new StepError(valueMissing(label, field));
  return String(value);
}
