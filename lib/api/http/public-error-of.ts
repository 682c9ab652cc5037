import "server-only";
import type { z } from "zod";
import { countRefusal } from "@/lib/platform/loads";
import { log, traceOf } from "@/lib/platform/log";
import { Refusal } from "@/lib/platform/refusal";
import { requireStorable } from "@/lib/platform/storable";
import { logOutsideFailure } from "./outside-failure-log";
import type { PublicError } from "./public-error";

/** Brings anything thrown to what a browser may see. What nobody foresaw is logged under the request id. */
export function publicErrorOf(error: unknown, requestId: string): PublicError {
  if (!(error instanceof Refusal)) {
    log.error("unforeseen error", { requestId, ...traceOf(error) });
    return {
      code: "internal",
      message: "Something went wrong on our side. Try again; if it stays, tell your operator this id.",
      fields: [],
      requestId,
    };
  }
  countRefusal(error.code);
  logOutsideFailure(error, requestId);
  return {
    code: error.code,
    message: error.message,
    fields: error.fields,
    requestId,
    ...(error.details && { details: error.details }),
    ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
  };
}

/**
 * Parses what a browser sent. @throws Refusal "malformed" naming the fields, never repeating the values, and as
 * `requireStorable`
 */
export function parsed<T>(schema: z.ZodType<T>, input: unknown): T {
  requireStorable(input);
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => ({
    path: issue.path.map((part) => (typeof part === "number" ? part : String(part))),
    message: "Is not valid",
    code: issue.code,
  }));
  throw new Refusal("malformed", "Some values have the wrong form", { fields });
}
