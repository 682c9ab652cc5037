import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { requireStorableParameters } from "@/lib/platform/storable";
import { addressOf } from "./address";
import { parseJson, readBody } from "./json";
import { requireMediaType } from "./media-type";

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
export type PublicCall = Omit<Call, "actor"> & { address: string };

/** Parameters of a path, as the table of routes finds them: a rest is several. */
export type Params = Record<string, string | string[]>;

/** @param operation method and route pattern */
export function callOf(request: Request, params: Params, requestId: string, operation: string): PublicCall {
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
