import "server-only";
import {
  type DocumentedMethod,
  documentedMethods,
  type Operation,
  type Operations,
  type Resource,
} from "@/lib/api/wire/operation";
import type { Actor } from "@/lib/authorization/actor";
import { matchesEntityTag } from "@/lib/platform/expected-version";
import { countRefusal } from "@/lib/platform/loads";
import { log, traceOf } from "@/lib/platform/log";
import { ready } from "@/lib/platform/readiness";
import { Refusal } from "@/lib/platform/refusal";
import { type Note, tracer } from "@/lib/platform/tracing";
import type { Answer, AnswerBody } from "./answer";
import { logAnswer } from "./answer-log";
import { bearerCaller, limitRate } from "./bearer";
import { type Call, callOf, type Params, type PublicCall } from "./call";
import { requireDeclared } from "./declared-answer";
import { jsonText } from "./long-list";
import { logOutsideFailure } from "./outside-failure-log";
import { type AnswerHeaders, type PlainAnswer, responseOf } from "./plain-answer";
import { requestIdOf } from "./request-id";

/**
 * The door of a dialect: finds out who the actor is, hands over, and answers refusals in the dialect's own words. It
 * holds no rule of the product, and cookies mean nothing to it.
 */
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
export type HttpMethod = (typeof methods)[number];

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

export type Handler<A = Answer> = (call: Call) => Promise<A>;
export type PublicHandler<A = Answer> = (call: PublicCall) => Promise<A>;

/** A handler for each operation of a route, and no other. HEAD is GET's where it is not named. */
type Handlers<O extends Operations, C> = {
  [Method in keyof O]-?: O[Method] extends Operation ? (call: C) => Promise<AnswerBody<O[Method]>> : never;
} & { HEAD?: ((call: C) => Promise<Answer>) | undefined };

/** What a route file exports: Next calls it; the front takes the shorter way, `plain`. */
export interface RouteHandler {
  (request: Request, context: { params: Promise<Params> }): Promise<Response>;
  plain: (request: Request, params: Params) => Promise<PlainAnswer>;
  /** The door's answer to a method that nobody has heard of. */
  unknownMethod: (request: Request, params: Params) => Promise<PlainAnswer>;
  /** What it answers; undefined for a prefix and for a method that is refused. */
  resource: Resource | undefined;
  /** Whose it is: names out of closed sets, for whoever counts. */
  place: RoutePlace;
}

export interface RoutePlace {
  door: string;
  /** The route's pattern. */
  route: string;
}

/** What a file exports whose route answers the operations of a resource. */
type Exported = Record<HttpMethod, RouteHandler>;

interface Declare<C, IsPublic extends boolean> {
  <const O extends Operations>(resource: Resource<O, IsPublic>, handlers: Handlers<NoInfer<O>, C>): Exported;
  /** For whatever else is asked for under a prefix: one handler, which refuses. */
  rest: (pattern: string, refuse: (call: C) => Promise<never>) => Exported;
}

/** For a route whose GET does something: asked with HEAD, that would be done and its answer thrown away. */
export const noHead = { HEAD: undefined } as const;

/**
 * Makes a dialect's way to declare a route: every method is exported, those without a handler are refused. `public`
 * declares one that asks nobody who they are.
 */
export function createApi(dialect: Dialect): Declare<Call, false> & { public: Declare<PublicCall, true> } {
  const authenticated = (handler: Handler) => async (call: PublicCall, known: (actor: Actor) => void) => {
    const actor = withSignalOf(call, await (dialect.authenticate ?? bearerCaller)(call.headers, call.requestId));
    known(actor);
    await limitRate(actor);
    return handler(Object.assign(call, { actor }));
  };
  return Object.assign(declaring<Call, false>(dialect, authenticated), {
    public: declaring<PublicCall, true>(dialect, (handler) => handler),
  });
}

type AnyHandlers<C> = Partial<Record<HttpMethod, ((call: C) => Promise<Answer>) | undefined>>;

function declaring<C, IsPublic extends boolean>(
  dialect: Dialect,
  asRun: (handler: (call: C) => Promise<Answer>) => Run,
): Declare<C, IsPublic> {
  const exported = (pattern: string, given: AnyHandlers<C>, resource?: Resource) => {
    // HEAD is GET whose body stays here; Node leaves it out. A route can say that it has none.
    const handlers = given.GET ? { HEAD: given.GET, ...given } : given;
    const allowed = methods.filter((method) => handlers[method] || method === "OPTIONS").join(", ");
    const runs = methods.map((method) => [method, handlers[method] && asRun(handlers[method])] as const);
    const entries = runs.map(([method, run]) => [method, serve(dialect, { pattern, method, run, allowed, resource })]);
    return Object.fromEntries(entries) as Exported;
  };
  const declare = <O extends Operations>(resource: Resource<O, IsPublic>, handlers: Handlers<O, C>) =>
    exported(resource.pattern, handlers as AnyHandlers<C>, resource);
  const rest = (pattern: string, refuse: (call: C) => Promise<never>) =>
    exported(pattern, Object.fromEntries(documentedMethods.map((method) => [method, refuse])));
  return Object.assign(declare, { rest });
}

/** Made only where somebody asks for it, as in the call itself. */
const withSignalOf = (call: PublicCall, actor: Actor): Actor =>
  Object.defineProperty(actor, "signal", { get: () => call.signal, enumerable: true });

type Run = (call: PublicCall, known: (actor: Actor) => void) => Promise<Answer>;

interface Served {
  pattern: string;
  method: HttpMethod;
  run: Run | undefined;
  allowed: string;
  resource: Resource | undefined;
}

function serve(dialect: Dialect, { pattern, method, run: given, allowed, resource }: Served): RouteHandler {
  const place = { door: dialect.name, route: pattern };
  const operation = given && resource?.operations[method === "HEAD" ? "GET" : (method as DocumentedMethod)];
  const answering = (run: Run | undefined) => {
    const answer = answerWith(run);
    return (request: Request, params: Params): Promise<PlainAnswer> => {
      const following = tracer();
      if (!following) return answer(request, params);
      const from = request.headers.get("traceparent");
      return following.span("door", { ...place, method }, (note) => answer(request, params, note), from);
    };
  };
  const answerWith = (run: Run | undefined) => async (request: Request, params: Params, note?: Note) => {
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
      if (operation) requireDeclared(operation, answer);
      answer = unlessKnown(answer, request);
    } catch (error) {
      answer = answerTo(error, dialect, requestId, request);
      if (answer.status === 405) answer.headers = { ...answer.headers, Allow: allowed };
    }
    const durationMs = performance.now() - began;
    note?.({ status: answer.status, ...(actor && { actorKind: actor.kind }) });
    logAnswer(dialect.name, actor, { requestId, method, route: pattern, status: answer.status, durationMs });
    return await sent(answer, requestId, dialect.headersFor?.(request.headers));
  };
  const plain = answering(given ?? (method === "OPTIONS" ? optionsOf(dialect, allowed) : undefined));
  const respond = async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    return responseOf(await plain(request, (await context.params) ?? {}));
  };
  return Object.assign(respond, { plain, unknownMethod: answering(undefined), resource: operation && resource, place });
}

/** A reader that has this very answer is told so instead (RFC 9110, section 13.2.2). The route has run: rights and events are as ever. */
function unlessKnown(answer: Answer, { method, headers }: Request): Answer {
  const tag = answer.headers?.ETag;
  const isRead = method === "GET" || method === "HEAD";
  if (!isRead || answer.status !== 200 || typeof tag !== "string") return answer;
  return matchesEntityTag(headers.get("if-none-match"), tag) ? { status: 304, headers: { ETag: tag } } : answer;
}

/** OPTIONS where a route has nothing of its own to say: what is allowed, and what the dialect tells browsers. */
const optionsOf =
  ({ preflight }: Dialect, allowed: string): Run =>
  async ({ headers }) => {
    const { status, headers: more } = preflight?.(headers) ?? { status: 204 };
    return { status, headers: { Allow: allowed, ...more } };
  };

function answerTo(error: unknown, dialect: Dialect, requestId: string, request: Request): Answer {
  if (error instanceof Refusal) {
    const answer = dialect.refuse(error, requestId, new URL(request.url).pathname);
    const retry: Record<string, string> =
      error.retryAfterSeconds === undefined ? {} : { "Retry-After": String(error.retryAfterSeconds) };
    countRefusal(error.code);
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
