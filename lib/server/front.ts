import "server-only";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { requestIdOf } from "@/lib/http/request-id";
import type { HttpMethod, PlainAnswer } from "@/lib/http/route";
import { log, traceOf } from "@/lib/log";
import type { Forward } from "./console-proxy";
import { answerHealth, isHealthCheck } from "./health";
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
    const found = routeOf(routes, path);
    if (found === "malformed") return refuse(outgoing, 400, "Malformed path");
    const address = addressOf(incoming);
    if (!found)
      return isHealthCheck(incoming) ? answerHealth(incoming, outgoing) : toConsole(incoming, outgoing, address);
    const handler = handlerOf(found.value, incoming.method ?? "");
    const request = webRequest(incoming, outgoing, origin, address);
    if (handler) {
      answerWith(handler, request, found.params, outgoing).catch((error: unknown) => fail(outgoing, error));
    } else refuseMethod(found.value, request, outgoing);
  };
}

/** A path that cannot be decoded is refused by the door of its first segment, where that has one for all that is below. */
function routeOf(routes: RouteTable<RouteModule>, path: string) {
  try {
    return routes.match(path);
  } catch {
    const door = /^\/[A-Za-z0-9.]+/.exec(path)?.[0];
    return (door && routes.match(door)) || "malformed";
  }
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
  send(outgoing, await handler.plain(request, params));
}

function send(outgoing: ServerResponse, { status, headers, text = "" }: PlainAnswer): void {
  // A 204 has no length either (RFC 9110, section 8.6).
  const length = status === 204 ? {} : { "Content-Length": Buffer.byteLength(text) };
  outgoing.writeHead(status, { ...headers, ...length }).end(text);
}

/**
 * `/integrations` is another name of `/api/integrations`, as in next.config.js, and so is `/plugins`; below `/api/v1` a slash at the end counts
 * for nothing.
 */
function pathOf(target: string): string | undefined {
  if (!target.startsWith("/")) return undefined;
  const path = target.split("?", 1)[0] ?? "";
  if (/^\/api\/v1\/.*[^/]\/$/.test(path)) return path.slice(0, -1);
  return /^\/(integrations|plugins)(\/|$)/.test(path) ? `/api${path}` : path;
}

function handlerOf(module: RouteModule, method: string) {
  if (method === "HEAD") return module.HEAD ?? module.GET;
  return Object.hasOwn(module, method) ? module[method as HttpMethod] : undefined;
}

function refuseMethod(module: RouteModule, request: Request, outgoing: ServerResponse): void {
  const { method } = request;
  // Next's own settings of a route stand among its handlers.
  const door = Object.values(module).find((one) => typeof one === "function" && "unknownMethod" in one);
  if (door && method !== "OPTIONS") {
    door.unknownMethod(request, {}).then(
      (answer) => send(outgoing, answer),
      (error: unknown) => fail(outgoing, error),
    );
    return;
  }
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
