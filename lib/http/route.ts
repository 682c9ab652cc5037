import "server-only";
import type { Actor } from "@/lib/actor";
import { log, traceOf } from "@/lib/log";
import { ready } from "@/lib/ready";
import { Refusal } from "@/lib/refusal";
import { requireStorableParameters } from "@/lib/storable";
import { isKnown } from "@/lib/versions";
import { addressOf } from "./address";
import { logAnswer } from "./answer-log";
import { bearerCaller, limitRate } from "./bearer";
import { parseJson, readBody } from "./json";
import { jsonText } from "./long-list";
import { requireMediaType } from "./media-type";
import { logOutsideFailure } from "./outside-failure-log";
import { type AnswerHeaders, type PlainAnswer, responseOf } from "./plain-answer";
import { requestIdOf } from "./request-id";

/**
 * The door of a dialect: finds out who the actor is, hands over, and answers refusals in the dialect's own words. It
 * holds no rule of the product, and cookies mean nothing to it.
 */
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export type HttpMethod = (typeof methods)[number];

export interface Answer {
  status: number;
  /** Sent as JSON. Absent, with `text`, for an empty body. */
  body?: unknown;
  /** Sent as it is, in place of `body`; its Content-Type is among the headers. */
  text?: string;
  /** Sent as it comes, in place of both: a body that is never held whole. */
  stream?: AsyncIterable<string>;
  headers?: AnswerHeaders;
}

/** One request, as a handler sees it. */
export interface Call {
  actor: Actor;
  /** As it was asked for, whatever prefix stands before the route. */
  path: string;
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

/** The same for a route that asks nobody who they are. */
export type OpenCall = Omit<Call, "actor"> & { address: string };

export interface Dialect {
  name: string;
  /** Who asks, where the dialect has ways of its own to say so; else a bearer token says it. */
  authenticate?: (headers: Headers, requestId: string) => Promise<Actor>;
  /** Headers of every answer of the dialect. */
  headersFor?: (headers: Headers) => Record<string, string>;
  /** What OPTIONS tells browsers of other origins, beside the methods of the route. */
  preflight?: (headers: Headers) => Answer;
  /** @param path as it was asked for */
  refuse: (refusal: Refusal, requestId: string, path: string) => Answer;
  /** For what nobody foresaw: fixed text, the request id, nothing else. */
  failed: (requestId: string) => Answer;
}

export type Handler = (call: Call) => Promise<Answer>;
export type OpenHandler = (call: OpenCall) => Promise<Answer>;
type Params = Record<string, string | string[]>;

/** What a route file exports: Next calls it; the front takes the shorter way, `plain`. */
export interface RouteHandler {
  (request: Request, context: { params: Promise<Params> }): Promise<Response>;
  plain: (request: Request, params: Params) => Promise<PlainAnswer>;
  /** The door's answer to a method that nobody has heard of. */
  unknownMethod: (request: Request, params: Params) => Promise<PlainAnswer>;
}

type Routes<H> = (
  pattern: string,
  handlers: Partial<Record<HttpMethod, H | undefined>>,
) => Record<HttpMethod, RouteHandler>;

/** For a route whose GET does something: asked with HEAD, that would be done and its answer thrown away. */
export const noHead = { HEAD: undefined } as const;

/**
 * Makes a dialect's way to declare a route: every method is exported, those without a handler are refused. `open`
 * declares one that asks nobody who they are.
 */
export function door(dialect: Dialect): Routes<Handler> & { open: Routes<OpenHandler> } {
  const closed = (handler: Handler) => async (call: OpenCall, known: (actor: Actor) => void) => {
    const actor = withSignalOf(call, await (dialect.authenticate ?? bearerCaller)(call.headers, call.requestId));
    known(actor);
    await limitRate(actor);
    return handler(Object.assign(call, { actor }));
  };
  const declare = <H>(asRun: (handler: H) => Run): Routes<H> => {
    return (pattern, given) => {
      // HEAD is GET whose body stays here; Node leaves it out. A route can say that it has none.
      const handlers = given.GET ? { HEAD: given.GET, ...given } : given;
      const allowed = methods.filter((method) => handlers[method] || method === "OPTIONS").join(", ");
      const runs = methods.map((method) => [method, handlers[method] && asRun(handlers[method])] as const);
      const entries = runs.map(([method, run]) => [method, serve(dialect, pattern, method, run, allowed)]);
      return Object.fromEntries(entries) as Record<HttpMethod, RouteHandler>;
    };
  };
  return Object.assign(declare(closed), { open: declare<OpenHandler>((handler) => handler) });
}

/** Made only where somebody asks for it, as in the call itself. */
const withSignalOf = (call: OpenCall, actor: Actor): Actor =>
  Object.defineProperty(actor, "signal", { get: () => call.signal, enumerable: true });

type Run = (call: OpenCall, known: (actor: Actor) => void) => Promise<Answer>;

function serve(
  dialect: Dialect,
  pattern: string,
  method: HttpMethod,
  given: Run | undefined,
  allowed: string,
): RouteHandler {
  const answering = (run: Run | undefined) => async (request: Request, params: Params) => {
    const requestId = requestIdOf(request.headers);
    const began = performance.now();
    let answer: Answer;
    let actor: Actor | undefined;
    try {
      await ready();
      if (!run) throw new Refusal("method_not_allowed", "This method is not allowed here");
      answer = await run(callOf(request, params, requestId, `${method} ${pattern}`), (known) => {
        actor = known;
      });
      answer = unlessKnown(answer, request);
    } catch (error) {
      answer = answerTo(error, dialect, requestId, request);
      if (answer.status === 405) answer.headers = { ...answer.headers, Allow: allowed };
    }
    const durationMs = performance.now() - began;
    logAnswer(dialect.name, actor, { requestId, method, route: pattern, status: answer.status, durationMs });
    return await sent(answer, requestId, dialect.headersFor?.(request.headers));
  };
  const plain = answering(given ?? (method === "OPTIONS" ? optionsOf(dialect, allowed) : undefined));
  const respond = async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    return responseOf(await plain(request, (await context.params) ?? {}));
  };
  return Object.assign(respond, { plain, unknownMethod: answering(undefined) });
}

/** A reader that has this very answer is told so instead (RFC 9110, section 13.2.2). The route has run: rights and events are as ever. */
function unlessKnown(answer: Answer, { method, headers }: Request): Answer {
  const tag = answer.headers?.ETag;
  const isRead = method === "GET" || method === "HEAD";
  if (!isRead || answer.status !== 200 || typeof tag !== "string") return answer;
  return isKnown(headers.get("if-none-match"), tag) ? { status: 304, headers: { ETag: tag } } : answer;
}

/** OPTIONS where a route has nothing of its own to say: what is allowed, and what the dialect tells browsers. */
const optionsOf =
  ({ preflight }: Dialect, allowed: string): Run =>
  async ({ headers }) => {
    const { status, headers: more } = preflight?.(headers) ?? { status: 204 };
    return { status, headers: { Allow: allowed, ...more } };
  };

function callOf(request: Request, params: Params, requestId: string, operation: string): OpenCall {
  let read: Promise<Buffer> | undefined;
  const body = () => {
    read ??= readBody(request);
    return read;
  };
  return {
    address: addressOf(request.headers),
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join("/") : value]),
    ),
    // These are made only where somebody asks for them.
    get path() {
      return new URL(request.url).pathname;
    },
    get query() {
      const query = new URL(request.url).searchParams;
      requireStorableParameters(query);
      return query;
    },
    get signal() {
      return request.signal;
    },
    headers: request.headers,
    requestId,
    operation,
    body,
    json: async (...mediaTypes) => {
      requireMediaType(request.headers, mediaTypes.length > 0 ? mediaTypes : ["application/json"]);
      return parseJson(await body());
    },
  };
}

function answerTo(error: unknown, dialect: Dialect, requestId: string, request: Request): Answer {
  if (error instanceof Refusal) {
    const answer = dialect.refuse(error, requestId, new URL(request.url).pathname);
    const retry: Record<string, string> =
      error.retryAfterSeconds === undefined ? {} : { "Retry-After": String(error.retryAfterSeconds) };
    logOutsideFailure(error, requestId);
    return { ...answer, headers: { ...answer.headers, ...retry } };
  }
  // Work whose caller has gone is given up wherever it is; that is no fault of anybody's.
  if (!request.signal.aborted) log.error("unforeseen error", { requestId, ...traceOf(error) });
  return dialect.failed(requestId);
}

async function sent(answer: Answer, requestId: string, ofDialect?: Record<string, string>): Promise<PlainAnswer> {
  const headers: AnswerHeaders = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Request-ID": requestId,
    ...ofDialect,
    ...answer.headers,
  };
  if (answer.stream) headers["Content-Type"] ??= "application/json";
  if (answer.body === undefined) return { status: answer.status, headers, text: answer.text, stream: answer.stream };
  headers["Content-Type"] ??= "application/json";
  return { status: answer.status, headers, text: await jsonText(answer.body) };
}
