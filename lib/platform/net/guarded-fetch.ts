import "server-only";
import { Budget, OverBudget } from "./budget";
import { dialled, type GuardedOptions, secured, unreachable } from "./guarded-stream";
import { exchangeOver, type HttpAnswer, usualHeaders } from "./http-exchange";
import type { OpenStream } from "./open-stream";

/** HTTP to hosts outside, over a connection that was judged (`guarded-stream.ts`). Redirects are not followed. */
export interface OutsideRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

export interface GuardedFetchOptions extends GuardedOptions {
  /** Further certificate authorities, as PEM. */
  ca?: string;
}

/**
 * Asks once. When this has answered or thrown, nothing of it is open any more.
 * @throws Unreachable for everything that is not an HTTP answer
 */
export async function guardedFetch(asked: OutsideRequest, options: GuardedFetchOptions): Promise<HttpAnswer> {
  const budget = new Budget(options.limits, options.signal);
  let wire: OpenStream | undefined;
  try {
    const url = new URL(asked.url);
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
    wire = await dialled({ host, port }, options, budget);
    const stream = url.protocol === "https:" ? await secured(wire, { host, ca: options.ca }, budget) : wire;
    const { method, body } = asked;
    return await exchangeOver(
      stream,
      { method, path: url.pathname + url.search, headers: headersOf(url, asked), body },
      budget,
    );
  } catch (error) {
    throw unreachable(wire?.overflown ? new OverBudget() : error);
  } finally {
    budget.close();
  }
}

/** What says how a message is framed is ours to say. */
const OWN = new Set([
  "host",
  "connection",
  "accept-encoding",
  "content-length",
  "transfer-encoding",
  "user-agent",
  "expect",
]);

function headersOf(url: URL, { headers, body }: OutsideRequest): Record<string, string> {
  const usual = Object.entries(usualHeaders(url)).map(([name, value]) => [name.toLowerCase(), value] as const);
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries([
    ...usual,
    ...given.filter(([name]) => !OWN.has(name)),
    ...(body === undefined ? [] : [["content-length", String(Buffer.byteLength(body))] as const]),
  ]);
}
