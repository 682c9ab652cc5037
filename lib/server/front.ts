import "server-only";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { requestIdOf } from "@/lib/http/request-id";
import type { HttpMethod } from "@/lib/http/route";
import { log, traceOf } from "@/lib/log";
import type { Forward } from "./console-proxy";
import { webRequest } from "./node-request";
import type { RouteTable } from "./route-table";
import type { AnyHandler, RouteModule } from "./routes";
import { sendResponse } from "./web-response";

interface Front {
  routes: RouteTable<RouteModule>;
  addressOf: (request: IncomingMessage) => string;
  /** What the product is called from outside: scheme, host, port. */
  origin: string;
  toConsole: Forward;
}

/**
 * The one way in. API paths are answered here by the route files' own handlers, which costs a twentieth of Next's way
 * to the same handlers; everything else is the console's.
 */
export function frontListener({ routes, addressOf, origin, toConsole }: Front): RequestListener {
  return (incoming, outgoing) => {
    const path = pathOf(incoming.url ?? "");
    if (path === undefined) return refuse(outgoing, 400, "Malformed request target");
    let found: ReturnType<typeof routes.match>;
    try {
      found = routes.match(path);
    } catch {
      return refuse(outgoing, 400, "Malformed path");
    }
    const address = addressOf(incoming);
    if (!found) return toConsole(incoming, outgoing, address);
    const handler = handlerOf(found.value, incoming.method ?? "");
    if (!handler) return refuseMethod(found.value, incoming, outgoing);
    const request = webRequest(incoming, outgoing, origin, address);
    answerWith(handler, request, found.params, outgoing).catch((error: unknown) => fail(outgoing, error));
  };
}

/** Doors offer their answer without a Response around it; other handlers are taken as Next takes them. */
async function answerWith(
  handler: AnyHandler,
  request: Request,
  params: Record<string, string | string[]>,
  outgoing: ServerResponse,
): Promise<void> {
  if (!("plain" in handler)) {
    return sendResponse(outgoing, await handler(request, { params: Promise.resolve(params) }));
  }
  const { status, headers, text = "" } = await handler.plain(request, params);
  // A 204 has no length either (RFC 9110, section 8.6).
  const length = status === 204 ? {} : { "Content-Length": Buffer.byteLength(text) };
  outgoing.writeHead(status, { ...headers, ...length }).end(text);
}

/** `/integrations` is another name of `/api/integrations`, as in next.config.js. */
function pathOf(target: string): string | undefined {
  if (!target.startsWith("/")) return undefined;
  const path = target.split("?", 1)[0] ?? "";
  return /^\/integrations(\/|$)/.test(path) ? `/api${path}` : path;
}

function handlerOf(module: RouteModule, method: string) {
  if (method === "HEAD") return module.HEAD ?? module.GET;
  return Object.hasOwn(module, method) ? module[method as HttpMethod] : undefined;
}

function refuseMethod(module: RouteModule, { method }: IncomingMessage, outgoing: ServerResponse): void {
  const allow = Object.keys(module).filter((name) => /^[A-Z]+$/.test(name));
  outgoing.setHeader("allow", allow.join(", "));
  if (method === "OPTIONS") outgoing.writeHead(204).end();
  else refuse(outgoing, 405, "Method not allowed");
}

const CODES: Record<number, string> = { 405: "method_not_allowed", 500: "internal_error" };

/** Refused before any door was found, so in the native API's envelope. */
function refuse(outgoing: ServerResponse, status: number, message: string): void {
  const id = requestIdOf(new Headers());
  const headers = { "content-type": "application/json", "cache-control": "no-store", "x-request-id": id };
  outgoing.writeHead(status, headers);
  outgoing.end(
    JSON.stringify({ error: { message, code: CODES[status] ?? "bad_request", details: null }, request_id: id }),
  );
}

/** Doors answer their own errors; what arrives here nobody foresaw. */
function fail(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.destroyed) return;
  log.error("unforeseen error outside every door", traceOf(error));
  if (outgoing.headersSent) outgoing.destroy();
  else refuse(outgoing, 500, "Internal server error");
}
