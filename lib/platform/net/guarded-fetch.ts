import "server-only";
import { Budget, type Limits, OverBudget } from "./budget";
import { Undecodable } from "./decode";
import { DialError, dial } from "./dial";
import { encrypted } from "./encrypt";
import { judgeTarget } from "./guard";
import { exchangeOver, type HttpAnswer, usualHeaders } from "./http-exchange";
import type { OpenStream } from "./open-stream";
import type { Endpoint, OutboundPolicy } from "./policy";
import { type Lookup, resolveHost, systemLookup } from "./resolve";
import { Unreachable } from "./unreachable";

/**
 * HTTP to hosts outside, by the same rules as every connection of this product: the name is resolved once, every address
 * is judged, one of them is dialled as it is, and the certificate must be that of the name. Redirects are not followed.
 * Runs in a process that holds no keys (`worker/entry.ts`).
 */
export interface OutsideRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

export interface GuardedFetchOptions {
  policy: OutboundPolicy;
  limits: Limits;
  lookup?: Lookup;
  /** Further certificate authorities, as PEM. */
  ca?: string;
  signal?: AbortSignal;
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
    wire = await dialled(url, options, budget);
    const stream = url.protocol === "https:" ? await secured(wire, url, options, budget) : wire;
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

function unreachable(error: unknown): Unreachable {
  if (error instanceof Unreachable) return error;
  const code = String((error as NodeJS.ErrnoException).code);
  const unreadable = error instanceof OverBudget || error instanceof Undecodable || code.startsWith("HPE_");
  return new Unreachable(unreadable ? "unreadable" : "no_answer", { cause: error });
}

/** What a connection brings beside its answer's body: headers, and what TLS adds. Bytes. */
const AROUND = 64 * 1024;

const hostOf = (url: URL) => url.hostname.replace(/^\[(.*)\]$/, "$1");

async function dialled(url: URL, options: GuardedFetchOptions, budget: Budget): Promise<OpenStream> {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const addresses = await budget.during(judged({ host: hostOf(url), port }, options));
  const { connectMs, maxBytes } = budget.limits;
  const limits = { connectTimeoutMs: connectMs, maxInboundBytes: maxBytes + AROUND, signal: budget.signal };
  const { stream } = await dial(addresses, port, limits).catch((error: unknown) => {
    throw error instanceof DialError ? new Unreachable("not_connected", { cause: error }) : error;
  });
  return budget.own(stream);
}

/** The certificate must be trusted, and that of the name. */
async function secured(wire: OpenStream, url: URL, { ca, limits }: GuardedFetchOptions, budget: Budget) {
  const signal = AbortSignal.any([budget.signal, AbortSignal.timeout(limits.connectMs)]);
  const socket = await encrypted(wire, { host: hostOf(url), verify: true, signal, ca }).catch((cause: unknown) => {
    throw new Unreachable("tls_failed", { cause });
  });
  return budget.own(socket);
}

async function judged(place: Endpoint, { policy, lookup = systemLookup }: GuardedFetchOptions) {
  const resolved = await resolveHost(place.host, lookup);
  if (!resolved.ok) throw new Unreachable("not_resolved");
  const own = policy.selfEndpoints.filter(({ port }) => port === place.port);
  const ownAddresses = await Promise.all(own.map(({ host }) => resolveHost(host, lookup)));
  if (ownAddresses.some((one) => !one.ok)) throw new Unreachable("not_resolved");
  const ownList = ownAddresses.flatMap((one) => (one.ok ? one.addresses : []));
  const verdict = judgeTarget(policy, place, resolved.addresses, ownList);
  if (!verdict.allowed) throw new Unreachable("not_allowed");
  return verdict.dial.map(({ address }) => address);
}
