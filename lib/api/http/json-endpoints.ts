import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/authorization/actor";
import { requireOwnOrigin, requireVisitor } from "./console";
import { parseJson, readBody } from "./json";
import { type PublicError, statusOf } from "./public-error";
import { parsed, publicErrorOf } from "./public-error-of";
import { requestIdOf } from "./request-id";

type Params = Promise<Record<string, string>>;
const PRIVATE = {
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/** What React Query asks for: JSON for the signed-in browser, from path and query parameters. */
export function jsonQuery<Query>(schema: z.ZodType<Query>, run: (actor: Actor, query: Query) => Promise<unknown>) {
  return async (request: Request, context: { params: Params }): Promise<Response> => {
    try {
      const { actor } = await requireVisitor();
      const query = { ...Object.fromEntries(new URL(request.url).searchParams), ...(await context.params) };
      return Response.json(await run(actor, parsed(schema, query)), { headers: PRIVATE });
    } catch (error) {
      return refused(publicErrorOf(error, requestIdOf(request.headers)));
    }
  };
}

/** A file for the signed-in browser. */
export function download<Query>(schema: z.ZodType<Query>, run: (actor: Actor, query: Query) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    try {
      const { actor } = await requireVisitor();
      const asker = { ...actor, signal: request.signal };
      return await run(asker, parsed(schema, Object.fromEntries(new URL(request.url).searchParams)));
    } catch (error) {
      return refused(publicErrorOf(error, requestIdOf(request.headers)));
    }
  };
}

/** A write whose answer must carry headers of its own, which a server action's cannot. JSON in, JSON out. */
export function jsonMutation<Input>(
  schema: z.ZodType<Input>,
  run: (actor: Actor, input: Input) => Promise<{ body: unknown; headers: Record<string, string> }>,
) {
  return async (request: Request): Promise<Response> => {
    try {
      requireOwnOrigin(request.headers);
      const { actor } = await requireVisitor();
      const { body, headers } = await run(
        { ...actor, signal: request.signal },
        parsed(schema, parseJson(await readBody(request))),
      );
      return Response.json(body, { headers: { ...PRIVATE, ...headers } });
    } catch (error) {
      return refused(publicErrorOf(error, requestIdOf(request.headers)));
    }
  };
}

export function refused(error: PublicError): Response {
  const { retryAfterSeconds: seconds } = error;
  const retry: Record<string, string> = seconds === undefined ? {} : { "Retry-After": String(seconds) };
  return Response.json(error, { status: statusOf(error), headers: { ...PRIVATE, ...retry } });
}

/**
 * Work whose progress the browser watches: one JSON value a line as it happens (NDJSON). Refused before the first
 * line it is an ordinary error answer, afterwards a last line {error}.
 */
export function ndjsonStream<Input>(
  schema: z.ZodType<Input>,
  run: (actor: Actor, input: Input, tell: (line: unknown) => void, signal: AbortSignal) => Promise<unknown>,
) {
  return async (request: Request): Promise<Response> => {
    const requestId = requestIdOf(request.headers);
    try {
      requireOwnOrigin(request.headers);
      const { actor } = await requireVisitor();
      const input = parsed(schema, parseJson(await readBody(request)));
      const asker = { ...actor, signal: request.signal };
      return linesOf((tell) => run(asker, input, tell, request.signal), requestId);
    } catch (error) {
      return refused(publicErrorOf(error, requestId));
    }
  };
}

/** The answer of work that tells how far it is. */
export function linesOf(work: (tell: (line: unknown) => void) => Promise<unknown>, requestId: string): Response {
  const encoder = new TextEncoder();
  let open = true;
  const lines = new ReadableStream<Uint8Array>({
    async start(controller) {
      const tell = (line: unknown) => {
        if (open) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      try {
        tell(await work(tell));
      } catch (error) {
        tell({ error: publicErrorOf(error, requestId) });
      }
      if (open) controller.close();
    },
    cancel() {
      open = false;
    },
  });
  return new Response(lines, { headers: { ...PRIVATE, "Content-Type": "application/x-ndjson" } });
}
