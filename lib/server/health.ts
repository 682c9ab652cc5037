import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { corsHeaders } from "@/lib/http/cors";
import { log } from "@/lib/log";
import { answerPage } from "./plain-page";
import type { RouteModule } from "./routes";

/**
 * Programs ask for `/` to learn whether anybody is there; people get the console. A program is whoever does not ask for
 * a page, and is not the console's own client fetching parts of one.
 */
export function isHealthCheck({ method, url, headers }: IncomingMessage): boolean {
  const [path, query = ""] = (url ?? "").split("?");
  if (path !== "/") return false;
  if (method === "HEAD") return true;
  const ofConsole = headers.rsc !== undefined || headers["next-url"] !== undefined || query.includes("_rsc=");
  return method === "GET" && !ofConsole && !/\btext\/html\b/.test(headers.accept ?? "");
}

export function answerHealth({ headers }: IncomingMessage, outgoing: ServerResponse): void {
  const cors = corsHeaders(new Headers(headers.origin ? { origin: headers.origin } : {}));
  answerPage(outgoing, 200, { title: "Latchkey", text: "The API answers.", headers: cors });
}

/** One thing that must be right before requests should be sent here. */
export interface HealthCheck {
  /** For the log: what is not right. */
  name: string;
  /** Answers within a few seconds. */
  passes: () => boolean | Promise<boolean>;
}

/**
 * `/api/health`: live as long as it answers, ready while every check passes. It says no more than that to strangers; the
 * log names a check that begins or ceases to fail.
 */
export function healthRoute(checks: readonly HealthCheck[]): RouteModule {
  const failing = new Set<string>();
  const passes = async ({ name, passes: check }: HealthCheck) => {
    const passed = await (async () => check())().catch(() => false);
    note(failing, name, passed);
    return passed;
  };
  const answer = async () => {
    const ready = (await Promise.all(checks.map(passes))).every(Boolean);
    const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
    if (ready) return Response.json({ live: true, ready }, { headers });
    return Response.json({ live: true, ready }, { status: 503, headers: { ...headers, "Retry-After": "2" } });
  };
  return { GET: answer };
}

function note(failing: Set<string>, code: string, passed: boolean): void {
  if (passed === !failing.has(code)) return;
  if (passed) failing.delete(code);
  else failing.add(code);
  log.warn(passed ? "ready again" : "not ready", { code });
}
