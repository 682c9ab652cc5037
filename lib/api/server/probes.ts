import "server-only";
import type { Readiness } from "@/lib/api/http/readiness";
import type { Lifecycle } from "./lifecycle";
import type { RouteModule } from "./routes";

/** Names of the checks, as strangers may read them beside whether each passes. */
type Word = "ok" | "failed";

/**
 * The three questions that an orchestrator asks. Strangers may ask too, so answers name checks and never say what is wrong with one.
 * @param names of every check, so that an answer names those that pass as well
 */
export function probeRoutes(
  readiness: Readiness,
  names: readonly string[],
  lifecycle: Lifecycle,
): Record<"live" | "ready" | "startup", RouteModule> {
  const look = async () => {
    const failing = await readiness();
    if (failing.size === 0) lifecycle.noteReady();
    return failing;
  };
  const live = async () => probeAnswer({ live: true }, true);
  const ready = async () => {
    lifecycle.noteAsked();
    const failing = await look();
    const word = (name: string): Word => (failing.has(name) ? "failed" : "ok");
    const passes = failing.size === 0;
    return probeAnswer({ ready: passes, checks: Object.fromEntries(names.map((name) => [name, word(name)])) }, passes);
  };
  const startup = async () => {
    if (!lifecycle.hasStarted) await look();
    return probeAnswer({ started: lifecycle.hasStarted }, lifecycle.hasStarted);
  };
  return { live: { GET: live }, ready: { GET: ready }, startup: { GET: startup } };
}

/** The answer to a probe: 503 with a word on when to ask again, where it does not pass. */
export function probeAnswer(body: object, passes: boolean): Response {
  const headers = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
  if (passes) return Response.json(body, { headers });
  return Response.json(body, { status: 503, headers: { ...headers, "Retry-After": "2" } });
}
