import "server-only";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Actor } from "@/lib/actor";
import { env } from "@/lib/env";
import { log, traceOf } from "@/lib/log";
import { ready } from "@/lib/ready";
import { Refusal } from "@/lib/refusal";
import { callerOf } from "@/lib/tokens";
import { addressOf } from "./address";
import { parseJson, readBody } from "./json";
import { requestIdOf } from "./request-id";

/**
 * The door of a dialect: finds out who the actor is, hands over, and answers refusals in the dialect's own words. It
 * holds no rule of the product, and cookies mean nothing to it.
 */
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export type HttpMethod = (typeof methods)[number];

export interface Answer {
  status: number;
  /** Absent for an empty body. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** One request, as a handler sees it. */
export interface Call {
  actor: Actor;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: Headers;
  requestId: string;
  /** Names the operation, for idempotency keys: method and route pattern. */
  operation: string;
  signal: AbortSignal;
  /** The raw body, read once. */
  body: () => Promise<Buffer>;
  /** The body as a strict JSON object. @throws Refusal for another media type than the given ones */
  json: (...mediaTypes: string[]) => Promise<Record<string, unknown>>;
}

export interface Dialect {
  name: string;
  refuse: (refusal: Refusal, requestId: string) => Answer;
  /** For what nobody foresaw: fixed text, the request id, nothing else. */
  failed: (requestId: string) => Answer;
}

export type Handler = (call: Call) => Promise<Answer>;
/** An answer ready to be sent: what a Response would hold, without the cost of being one. */
export interface PlainAnswer {
  status: number;
  headers: Record<string, string>;
  text: string | undefined;
}

type Params = Record<string, string | string[]>;

/** What a route file exports: Next calls it; the front takes the shorter way, `plain`. */
export interface RouteHandler {
  (request: Request, context: { params: Promise<Params> }): Promise<Response>;
  plain: (request: Request, params: Params) => Promise<PlainAnswer>;
}

/** Makes a dialect's way to declare a route: every method is exported, those without a handler answer 405. */
export function door(dialect: Dialect) {
  return (pattern: string, handlers: Partial<Record<HttpMethod, Handler>>): Record<HttpMethod, RouteHandler> => {
    const allowed = methods.filter((method) => handlers[method]).join(", ");
    const entries = methods.map((method) => [method, serve(dialect, pattern, method, handlers[method], allowed)]);
    return Object.fromEntries(entries) as Record<HttpMethod, RouteHandler>;
  };
}

function serve(
  dialect: Dialect,
  pattern: string,
  method: HttpMethod,
  handler: Handler | undefined,
  allowed: string,
): RouteHandler {
  const plain = async (request: Request, params: Params): Promise<PlainAnswer> => {
    const requestId = requestIdOf(request.headers);
    const began = performance.now();
    let answer: Answer;
    let actor: Actor | undefined;
    try {
      await ready();
      if (!handler) throw new Refusal("method_not_allowed", "This method is not allowed here");
      actor = await authenticate(request.headers, requestId);
      await limitRate(actor);
      answer = await handler(callOf(request, actor, params, requestId, `${method} ${pattern}`));
    } catch (error) {
      answer = answerTo(error, dialect, requestId);
      if (answer.status === 405) answer.headers = { ...answer.headers, Allow: allowed };
    }
    logged(dialect, pattern, method, requestId, actor, answer.status, performance.now() - began);
    return sent(answer, requestId);
  };
  const respond = async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    const { text, ...rest } = await plain(request, (await context.params) ?? {});
    return new Response(text ?? null, rest);
  };
  return Object.assign(respond, { plain });
}

function callOf(request: Request, actor: Actor, params: Params, requestId: string, operation: string): Call {
  let read: Promise<Buffer> | undefined;
  const body = () => {
    read ??= readBody(request);
    return read;
  };
  return {
    actor,
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join("/") : value]),
    ),
    query: new URL(request.url).searchParams,
    headers: request.headers,
    requestId,
    operation,
    signal: request.signal,
    body,
    json: async (...mediaTypes) => {
      requireMediaType(request.headers, mediaTypes.length > 0 ? mediaTypes : ["application/json"]);
      return parseJson(await body());
    },
  };
}

function requireMediaType(headers: Headers, accepted: string[]): void {
  if (accepted.includes(mediaType(headers))) return;
  throw new Refusal("unsupported_media_type", `Send the body as ${accepted.join(" or ")}`);
}

export const mediaType = (headers: Headers): string =>
  (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

/** `Authorization: Bearer` or `X-API-Key`; both at once must agree. Cookies are not looked at. */
async function authenticate(headers: Headers, requestId: string): Promise<Actor> {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  const key = headers.get("x-api-key")?.trim() || undefined;
  const token = bearer ?? key;
  if (!token) throw new Refusal("unauthenticated", "Authentication required");
  if (bearer && key && bearer !== key) throw new Refusal("unauthenticated", "Invalid authentication token");
  return callerOf(token, requestId, addressOf(headers));
}

let limiter: RateLimiterMemory | undefined;

async function limitRate(actor: Actor): Promise<void> {
  limiter ??= new RateLimiterMemory({ points: env().RATE_LIMIT_PER_MINUTE, duration: 60 });
  try {
    await limiter.consume(actor.tokenId ?? actor.id);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new Refusal("too_many_requests", "Too many requests. Wait before the next one.", {
      retryAfterSeconds: Math.max(1, Math.ceil(error.msBeforeNext / 1000)),
    });
  }
}

function answerTo(error: unknown, dialect: Dialect, requestId: string): Answer {
  if (error instanceof Refusal) {
    const answer = dialect.refuse(error, requestId);
    const retry: Record<string, string> =
      error.retryAfterSeconds === undefined ? {} : { "Retry-After": String(error.retryAfterSeconds) };
    if (error.cause)
      log.warn("refused because of an outside failure", { requestId, code: error.code, ...traceOf(error.cause) });
    return { ...answer, headers: { ...answer.headers, ...retry } };
  }
  log.error("unforeseen error", { requestId, ...traceOf(error) });
  return dialect.failed(requestId);
}

function logged(
  dialect: Dialect,
  route: string,
  method: string,
  requestId: string,
  actor: Actor | undefined,
  status: number,
  durationMs: number,
): void {
  log.debug(dialect.name, {
    requestId,
    method,
    route,
    status,
    durationMs: Math.round(durationMs),
    ...(actor && { orgId: actor.orgId, actorKind: actor.kind, actorId: actor.id }),
  });
}

function sent(answer: Answer, requestId: string): PlainAnswer {
  const headers: Record<string, string> = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Request-ID": requestId,
    ...answer.headers,
  };
  if (answer.body === undefined) return { status: answer.status, headers, text: undefined };
  headers["Content-Type"] ??= "application/json";
  return { status: answer.status, headers, text: JSON.stringify(answer.body) };
}
