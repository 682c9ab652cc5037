import "server-only";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type PlainAnswer, responseOf } from "@/lib/api/http/plain-answer";
import type { HttpMethod, RoutePlace } from "@/lib/api/http/route";
import type { Exchange } from "@/lib/observability";
import { consoleRoute } from "@/lib/observability/console-route";
import { log, traceOf } from "@/lib/platform/log";
import { compressText } from "./compress";
import { beginAnswer, isStray, retire } from "./exchange";
import { framingProblem } from "./framing";
import { answerHealth, isHealthCheck } from "./health";
import type { MetricsDoor } from "./metrics-door";
import { webRequest } from "./node-request";
import { refuse } from "./refusal-answer";
import { apiName, clearPath, isApiPath, isStorableQuery } from "./request-path";
import type { RouteTable } from "./route-table";
import type { AnyHandler, RouteModule } from "./routes";
import type { Watch } from "./watch";
import { sendResponse } from "./web-response";

interface Gateway {
  /** Hears of every request, where somebody watches. */
  watch?: Watch | undefined;
  /** Takes requests for the metrics, where they are answered here. */
  metrics?: MetricsDoor | undefined;
  routes: RouteTable<RouteModule>;
  addressOf: (request: IncomingMessage) => string;
  /** What the product is called from outside: scheme, host, port. */
  origin: string;
  /** Answers whatever is no path of the API. */
  toConsole: (incoming: IncomingMessage, outgoing: ServerResponse, address: string) => Promise<void>;
}

/**
 * The one way in. API paths are answered here by the route files' own handlers, which costs a twentieth of Next's way
 * to the same handlers; everything else is the console's. What is not clearly one request for one path is nobody's.
 */
export function gatewayListener({ routes, addressOf, origin, toConsole, watch, metrics }: Gateway): RequestListener {
  return (incoming, outgoing) => {
    if (isStray(incoming)) return void incoming.destroy();
    const exchange = watch?.(incoming, outgoing);
    const problem = framingProblem(incoming);
    if (problem) {
      retire(outgoing);
      return refuse(outgoing, problem.status, problem.message);
    }
    const path = clearPath(incoming.url ?? "");
    if (path === undefined) return refuse(outgoing, 400, "Malformed path");
    if (metrics?.(incoming, outgoing)) return place(exchange, "gateway", "/metrics");
    if (isHealthCheck(incoming)) {
      place(exchange, "gateway", "/");
      return answerHealth(incoming, outgoing);
    }
    const found = routeOf(routes, apiName(path));
    if (found === "malformed") return refuse(outgoing, 400, "Malformed path");
    const address = addressOf(incoming);
    if (found) {
      const { door, route } = placeOf(found.value);
      place(exchange, door, route);
      const request = webRequest(incoming, outgoing, origin, address);
      answerRoute(found.value, request, found.params, outgoing).catch((error: unknown) => fail(outgoing, error));
    } else if (isApiPath(path)) refuse(outgoing, 404, "There is nothing at this path");
    else if (!isStorableQuery(incoming.url ?? "")) refuse(outgoing, 400, "A parameter of the address cannot be stored");
    else {
      place(exchange, "console", consoleRoute(path, incoming));
      toConsole(incoming, outgoing, address).catch((error: unknown) => fail(outgoing, error));
    }
  };
}

function place(exchange: Exchange | undefined, door: string, route: string): void {
  if (exchange) Object.assign(exchange, { door, route });
}

/** Probes have no door. */
function placeOf(module: RouteModule): RoutePlace {
  const doors = Object.values(module).filter((one) => typeof one === "function" && "place" in one);
  return doors[0]?.place ?? { door: "gateway", route: "/api/health" };
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
async function answerRoute(
  module: RouteModule,
  request: Request,
  params: Record<string, string | string[]>,
  outgoing: ServerResponse,
): Promise<void> {
  const handler = handlerOf(module, request.method);
  if (!handler) return refuseMethod(module, request, outgoing);
  if (!("plain" in handler)) {
    return sendResponse(outgoing, await handler(request, { params: Promise.resolve(params) }));
  }
  const answer = await handler.plain(request, params);
  if (isLong(answer)) compressText(outgoing.req, outgoing);
  if (answer.stream) return sendResponse(outgoing, responseOf(answer));
  send(outgoing, answer);
}

function send(outgoing: ServerResponse, { status, headers, text = "" }: PlainAnswer): void {
  // A 204 has no length either, and a 304 would name that of the answer it stands for (RFC 9110, section 8.6).
  const length = status === 204 || status === 304 ? {} : { "Content-Length": Buffer.byteLength(text) };
  beginAnswer(outgoing, status, { ...headers, ...length }).end(text);
}

/**
 * Whether an answer of the API is worth what compressing costs. One with a strong validator is sent as it is: its bytes are what
 * the validator speaks of (RFC 9110, section 8.8.1).
 */
const isLong = ({ headers: { ETag }, text = "", stream }: PlainAnswer) =>
  (stream !== undefined || text.length >= LONG_ANSWER) && (typeof ETag !== "string" || ETag.startsWith("W/"));
const LONG_ANSWER = 32 * 1_024;

function handlerOf(module: RouteModule, method: string): AnyHandler | undefined {
  if (method === "HEAD") return module.HEAD ?? module.GET;
  return Object.hasOwn(module, method) ? module[method as HttpMethod] : undefined;
}

async function refuseMethod(module: RouteModule, request: Request, outgoing: ServerResponse): Promise<void> {
  // Next's own settings of a route stand among its handlers.
  const door = Object.values(module).find((one) => typeof one === "function" && "unknownMethod" in one);
  if (door) return send(outgoing, await door.unknownMethod(request, {}));
  const own = Object.keys(module).filter((name) => /^[A-Z]+$/.test(name));
  const allow = [...new Set(own.flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name]))), "OPTIONS"].join(", ");
  if (request.method === "OPTIONS") beginAnswer(outgoing, 204, { allow }).end();
  else refuse(outgoing, 405, "Method not allowed", { allow });
}

/** Doors answer their own errors; what arrives here nobody foresaw. */
function fail(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.destroyed) return;
  log.error("unforeseen error outside every door", traceOf(error));
  if (outgoing.headersSent) outgoing.destroy();
  else refuse(outgoing, 500, "Internal server error");
}
