/**
 * An expected no. Every layer throws this one class, and each dialect has a total map from its code to the wire.
 * The message is fixed text fit for the caller: it names fields and rules, never values, and never repeats what a
 * driver or library said.
 */
export const refusalCodes = [
  "unauthenticated",
  "forbidden",
  "not_found",
  /** The body's shape is wrong: a missing key, a wrong JSON type, an unknown key or enum value. */
  "malformed",
  /** The shape is right and a value is not acceptable. */
  "invalid",
  "conflict",
  "over_limit",
  "version_mismatch",
  "version_required",
  "too_many_requests",
  "too_large",
  "unsupported_media_type",
  "method_not_allowed",
  /** Part of a contract that this product keeps no other part of: there is nothing here to do it. */
  "not_implemented",
  "idempotency_mismatch",
  /** Somebody must sign in at the provider again before this works. */
  "reauthorization_required",
  /** What is stored does not open any more: it can be sent anew or deleted, and nothing else. */
  "damaged",
  /** The outside system failed, not we and not the caller. */
  "external_failure",
  /** We cannot do it now (database away, disk full); asking again later may help. */
  "unavailable",
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

export interface FieldProblem {
  /** Where in the input, outermost first. */
  path: (string | number)[];
  /** Which part of the request that is, if not its body. */
  place?: "query";
  /** Fixed text: what is wrong and what to do. Never the value. */
  message: string;
  /** Machine-readable kind, e.g. "missing", "string_type", "unknown_field". */
  code: string;
}

/** Nobody mends more at once, and each is a line of the answer. */
const PROBLEMS_MAX = 20;

export interface RefusalExtra {
  fields?: FieldProblem[];
  /** Further public facts, e.g. {limit: 50, scope: "provider", current: 50}. Never secrets. */
  details?: Record<string, string | number | boolean | string[]> | undefined;
  retryAfterSeconds?: number | undefined;
  /** For the log only. */
  cause?: unknown;
}

export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly fields: FieldProblem[];
  readonly details: RefusalExtra["details"];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: RefusalCode,
    message: string,
    extra: RefusalExtra = {},
  ) {
    super(message, { cause: extra.cause });
    this.fields = (extra.fields ?? []).slice(0, PROBLEMS_MAX);
    this.details = extra.details;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/** The one answer for what does not exist and for what belongs to another organisation: nobody can tell them apart. */
export const notFound = (): Refusal => new Refusal("not_found", "Resource not found");

export const invalidField = (name: string, message: string, code = "value_error"): Refusal =>
  new Refusal("invalid", message, { fields: [{ path: [name], message, code }] });

/** Does a part of larger work; what it refuses by field is told by the field's place in the whole. */
export async function inPart<T>(path: (string | number)[], work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal) || error.fields.length === 0) throw error;
    const { message, details, retryAfterSeconds, cause } = error;
    const fields = error.fields.map((field) => ({ ...field, path: [...path, ...field.path] }));
    throw new Refusal(error.code, message, { fields, details, retryAfterSeconds, cause });
  }
}
