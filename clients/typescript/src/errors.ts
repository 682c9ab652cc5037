/** A problem with one field, as the API tells it. It never repeats what was sent. */
export interface FieldProblem {
  type: string;
  loc: (string | number)[];
  msg: string;
}

/** The API answered that it will not or cannot do this. `requestId` is what its operator asks for. */
export class LatchkeyError extends Error {
  override readonly name = "LatchkeyError";

  constructor(
    readonly status: number,
    /** A fixed word, such as `not_found` or `precondition_failed`. */
    readonly code: string,
    message: string,
    readonly requestId: string | undefined,
    readonly details: unknown,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(message);
  }

  /** The fields at fault, where the API names any. */
  get fields(): FieldProblem[] {
    return Array.isArray(this.details) ? this.details : [];
  }
}

/** Nothing was done: the server was not reached, or a request that changes nothing was cut off as often as it was tried. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/**
 * The connection broke, or something on the way gave up, after a request was sent that changes something: it may have been done or
 * not. It is never sent again by itself. Look what is there before you do.
 */
export class UnknownOutcomeError extends Error {
  override readonly name = "UnknownOutcomeError";

  constructor(
    message: string,
    readonly requestId: string | undefined,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The error in an answer; what stands between may have answered in any form. */
export async function errorIn(response: Response): Promise<LatchkeyError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { error, request_id } = isEnvelope(body) ? body : { error: {}, request_id: undefined };
  return new LatchkeyError(
    response.status,
    typeof error.code === "string" ? error.code : "unreadable",
    typeof error.message === "string" ? error.message : `The server answered ${response.status}`,
    response.headers.get("x-request-id") ?? (typeof request_id === "string" ? request_id : undefined),
    error.details ?? null,
    secondsIn(response.headers.get("retry-after")),
  );
}

const isEnvelope = (body: unknown): body is { error: Record<string, unknown>; request_id: unknown } =>
  typeof body === "object" && body !== null && "error" in body && typeof body.error === "object" && body.error !== null;

/** Retry-After in seconds (RFC 9110, section 10.2.3): a number, or a date. */
export function secondsIn(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1_000));
}
