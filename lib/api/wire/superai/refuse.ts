import type { FieldProblem, Refusal, RefusalCode } from "@/lib/platform/refusal";

/** Every refusal in SuperAI's words. The map is total: a new code does not compile until it has an answer here. */
const wire = {
  unauthenticated: [401, "unauthorized"],
  forbidden: [403, "forbidden"],
  not_found: [404, "not_found"],
  malformed: [422, "validation_error"],
  invalid: [400, "bad_request"],
  conflict: [409, "conflict"],
  over_limit: [400, "bad_request"],
  version_mismatch: [412, "precondition_failed"],
  version_required: [428, "precondition_required"],
  too_many_requests: [429, "rate_limited"],
  too_large: [413, "payload_too_large"],
  unsupported_media_type: [415, "unsupported_media_type"],
  method_not_allowed: [405, "method_not_allowed"],
  not_implemented: [501, "not_implemented"],
  idempotency_mismatch: [422, "idempotency_key_reused"],
  reauthorization_required: [500, "service_error"],
  damaged: [409, "damaged"],
  external_failure: [500, "service_error"],
  unavailable: [503, "service_unavailable"],
} as const satisfies Record<RefusalCode, readonly [number, string]>;

export const statusOf = (code: RefusalCode): number => wire[code][0];

/** The error envelope; a 422 also carries `detail` as the credential pages of the contract show it, without `input`. */
export function refuse(refusal: Refusal, requestId: string): { status: number; body: unknown } {
  const [status, code] = wire[refusal.code];
  const fields = refusal.fields.map(problem);
  const details = fields.length > 0 ? fields : (refusal.details ?? null);
  const body = { error: { message: refusal.message, code, details }, request_id: requestId };
  return {
    status,
    body: status === 422 ? { ...body, detail: fields.map(({ loc, msg, type }) => ({ loc, msg, type })) } : body,
  };
}

export const failed = (requestId: string) => ({
  status: 500,
  body: { error: { message: "Internal server error", code: "internal_error", details: null }, request_id: requestId },
});

const problem = ({ path, place, message, code }: FieldProblem) => ({
  type: code,
  loc: [place ?? "body", ...path],
  msg: message,
});
