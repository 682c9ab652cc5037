import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { corsHeaders } from "@/lib/api/http/cors";
import { belowLitegraphPrefix } from "@/lib/api/http/litegraph-prefix";
import type { Readiness } from "@/lib/api/http/readiness";
import { log } from "@/lib/platform/log";
import { answerPage } from "./plain-page";
import { probeAnswer } from "./probes";
import type { RouteModule } from "./routes";
import { inTime } from "./storage-watch";

/**
 * Programs ask for `/` to learn whether anybody is there; people get the console. A program is whoever does not ask for
 * a page, and is not the console's own client fetching parts of one. Under LiteGraph's prefix there are only programs.
 */
export function isHealthCheck({ method, url, headers }: IncomingMessage): boolean {
  const [path = "", query = ""] = (url ?? "").split("?");
  const below = belowLitegraphPrefix(path);
  if (below === "" || below === "/") return method === "HEAD" || method === "GET";
  if (path !== "/") return false;
  if (method === "HEAD") return true;
  const ofConsole = headers.rsc !== undefined || headers["next-url"] !== undefined || query.includes("_rsc=");
  return method === "GET" && !ofConsole && !/\btext\/html\b/.test(headers.accept ?? "");
}

export function answerHealth({ headers }: IncomingMessage, outgoing: ServerResponse): void {
  const cors = corsHeaders(new Headers(headers.origin ? { origin: headers.origin } : {}));
  answerPage(outgoing, 200, { title: "Latchkey", text: "The API answers.", headers: cors });
}

const CHECK_MS = 4_000;

/** One thing that must be right before requests should be sent here. */
export interface HealthCheck {
  /** For the log: what is not right. */
  name: string;
  /** Answers within a few seconds. */
  passes: () => boolean | Promise<boolean>;
}

/** Asks all checks; who asks while that is under way gets the same answer. The log names a check that begins or ceases to fail. */
export function readinessOf(checks: readonly HealthCheck[]): Readiness {
  const failing = new Set<string>();
  const passes = async ({ name, passes: check }: HealthCheck) => {
    // A database that is silent must not make this silent as well.
    const passed = await inTime((async () => (await check()) || Promise.reject(new Error("not right")))(), CHECK_MS);
    note(failing, name, passed);
    return passed ? [] : [name];
  };
  // Strangers may ask: one round at a time, for all of them.
  let round: Promise<ReadonlySet<string>> | undefined;
  return () => {
    round ??= Promise.all(checks.map(passes))
      .then((all) => new Set(all.flat()))
      .finally(() => {
        round = undefined;
      });
    return round;
  };
}

/** `/api/health`: live as long as it answers, ready while every check passes. It says no more than that to strangers. */
export function healthRoute(readiness: Readiness): RouteModule {
  const answer = async () => {
    const ready = (await readiness()).size === 0;
    return probeAnswer({ live: true, ready }, ready);
  };
  return { GET: answer };
}

function note(failing: Set<string>, code: string, passed: boolean): void {
  if (passed === !failing.has(code)) return;
  if (passed) failing.delete(code);
  else failing.add(code);
  log.warn(passed ? "ready again" : "not ready", { code });
}
