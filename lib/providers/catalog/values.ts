import "server-only";
import type { CredentialData } from "../define";
import { type Problem, StepError } from "../test-run";
import { given } from "../value-missing";
import { filled, namesIn } from "./templates";

/** What of a kind's fields a request has to know. */
export type FieldFacts = Readonly<Record<string, { label: string; secret: boolean; required: boolean }>>;

/** A credential's values, as they are put into a request. Whatever is missing or unfit is told by its field's name. */
export class Values {
  constructor(
    readonly fields: FieldFacts,
    private readonly data: CredentialData,
  ) {}

  has(name: string): boolean {
    return this.data[name] !== undefined;
  }

  /** @throws StepFailure when there is none */
  get(name: string): string {
    return given(this.data[name], this.labelOf(name), name);
  }

  text(template: string, encode = (value: string) => value): string {
    return filled(template, (name) => encode(this.get(name)));
  }

  /** The same, or undefined where a field that may be left empty is. */
  optionalText(template: string): string | undefined {
    const isComplete = namesIn(template).every((name) => this.has(name) || this.fields[name]?.required);
    return isComplete ? this.text(template) : undefined;
  }

  /** What travels in a header. @throws StepFailure for what would break out of it */
  header(template: string): string {
    const value = this.text(template);
    if (/^[\x20-\x7e]*$/.test(value)) return value;
    throw this.unfit(namesIn(template)[0] ?? "", "visible ASCII characters, since it travels in a header");
  }

  unfit(name: string, what: string): StepError {
    return new StepError(unfitValue(this.labelOf(name), name, what));
  }

  private labelOf(name: string): string {
    return this.fields[name]?.label ?? name;
  }
}

const unfitValue = (label: string, field: string, what: string): Problem => ({
  code: "value_unfit",
  meaning: `${label} cannot be used as it is: it must be ${what}.`,
  advice: "Correct it and test again.",
  field,
  outcome: "failed",
});
