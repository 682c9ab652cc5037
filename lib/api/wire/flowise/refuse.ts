import type { FieldProblem, Refusal, RefusalCode } from "@/lib/platform/refusal";
import type { Thrown } from "./schemas/error";

/** Every refusal in Flowise's words. The map is total: a new code does not compile until it has an answer here. */
const statuses = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  malformed: 400,
  invalid: 400,
  conflict: 409,
  over_limit: 400,
  version_mismatch: 412,
  version_required: 428,
  too_many_requests: 429,
  too_large: 413,
  unsupported_media_type: 415,
  method_not_allowed: 405,
  not_implemented: 501,
  idempotency_mismatch: 422,
  reauthorization_required: 400,
  damaged: 409,
  external_failure: 502,
  unavailable: 503,
} as const satisfies Record<RefusalCode, number>;

export const statusOf = (code: RefusalCode): number => statuses[code];

/**
 * Three shapes, and its clients depend on each: who is not known, who may not, everything else. Its pages print
 * `message`, so that says which field is meant.
 */
export function refuse(refusal: Refusal): { status: number; body: unknown } {
  const status = statuses[refusal.code];
  if (status === 401 && refusal.details?.session === true)
    return { status, body: { message: "Invalid or Missing token" } };
  if (status === 401 && refusal.details?.sign_in === true) return { status, body: thrown(status, refusal.message) };
  if (status === 401) return { status, body: { error: "Unauthorized Access" } };
  if (status === 403) return { status, body: { message: "Forbidden" } };
  return { status, body: thrown(status, messageOf(refusal)) };
}

/** The words for people: which fields are meant, where any are. */
export const messageOf = ({ fields, message }: Refusal): string =>
  fields.length > 0 ? fields.map(told).join("; ") : message;

export const failed = () => ({ status: 500, body: thrown(500, "Internal server error") });

export const thrown = (statusCode: number, message: string): Thrown => ({
  statusCode,
  success: false,
  message,
  stack: {},
});

const told = ({ path, message }: FieldProblem) => {
  const name = path.map((part) => (part === "credentials" ? "plainDataObj" : part)).join(".");
  return name === "" ? message : `${name}: ${message}`;
};
