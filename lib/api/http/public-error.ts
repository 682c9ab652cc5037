import type { FieldProblem, RefusalCode } from "@/lib/platform/refusal";

/** What a browser learns of a refusal or failure: fixed texts, the fields, and the id to ask an operator about. */
export interface PublicError {
  code: RefusalCode | "internal";
  message: string;
  fields: FieldProblem[];
  details?: Record<string, string | number | boolean | string[]>;
  retryAfterSeconds?: number;
  requestId: string;
}

export type ActionResult<T> = { ok: true; value: T } | { ok: false; error: PublicError };

const status: Record<PublicError["code"], number> = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  malformed: 422,
  invalid: 422,
  conflict: 409,
  over_limit: 409,
  version_mismatch: 412,
  version_required: 428,
  too_many_requests: 429,
  too_large: 413,
  unsupported_media_type: 415,
  method_not_allowed: 405,
  not_implemented: 501,
  idempotency_mismatch: 422,
  reauthorization_required: 409,
  damaged: 409,
  external_failure: 502,
  unavailable: 503,
  internal: 500,
};

export const statusOf = (error: PublicError): number => status[error.code];
