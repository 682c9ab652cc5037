import "server-only";
import { env } from "@/lib/platform/env";

/**
 * Which web pages of other origins may call the API from a browser: the exact ones that CORS_ORIGINS names, never all,
 * and never with cookies. Nobody else's request gets a header of this kind.
 */
const HEADERS = [
  "Authorization",
  "X-API-Key",
  "Content-Type",
  "Idempotency-Key",
  "If-Match",
  "x-token",
  "x-email",
  "x-password",
  "x-tenant-guid",
  "x-request-id",
  "x-request-from",
];
const EXPOSED = "ETag, Retry-After, X-Request-ID, x-litegraph-node";
/** How long a browser may remember a preflight's answer, in seconds. */
const REMEMBER = 600;

let origins: ReadonlySet<string> | undefined;

function allowed(): ReadonlySet<string> {
  origins ??= new Set(
    env()
      .CORS_ORIGINS?.split(",")
      .map((one) => one.trim()),
  );
  return origins;
}

/** For every answer of a dialect that browsers call. Empty while no origin is allowed at all. */
export function corsHeaders(headers: Headers): Record<string, string> {
  if (allowed().size === 0) return {};
  const origin = headers.get("origin") ?? "";
  if (!allowed().has(origin)) return { Vary: "Origin" };
  return { Vary: "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED };
}

/** What a preflight is told besides; the methods are the dialect's. */
export function preflightHeaders(headers: Headers, methods: readonly string[]): Record<string, string> {
  if (!allowed().has(headers.get("origin") ?? "")) return {};
  return {
    "Access-Control-Allow-Methods": methods.join(", "),
    "Access-Control-Allow-Headers": HEADERS.join(", "),
    "Access-Control-Max-Age": String(REMEMBER),
  };
}
