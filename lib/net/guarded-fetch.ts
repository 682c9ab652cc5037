import "server-only";
import tls from "node:tls";
import { Agent, type buildConnector, fetch as undiciFetch } from "undici";
import { DialError, dial } from "./dial";
import { judgeTarget } from "./guard";
import { outboundPolicy } from "./operator-policy";
import type { OutboundPolicy, Place } from "./policy";
import { type Lookup, resolveHost, systemLookup } from "./resolve";

/**
 * HTTP to hosts outside, by the same rules as every connection of this product: the name is resolved once, every address
 * is judged, one of them is dialled as it is, and the certificate must be that of the name. Redirects are not followed.
 */
export interface GuardedFetchOptions {
  /** From the first byte out to the last byte in, in milliseconds. */
  timeoutMs?: number;
  /** Largest answer, headers included, in bytes. */
  maxBytes?: number;
  policy?: OutboundPolicy;
  lookup?: Lookup;
  /** Further certificate authorities, as PEM. */
  ca?: string;
}

export type UnreachableReason = "not_resolved" | "not_allowed" | "not_connected" | "tls_failed" | "no_answer";

/** The other side could not be asked, or did not answer as HTTP. `message` is fixed text; what a library said is `cause`. */
export class Unreachable extends Error {
  constructor(
    readonly reason: UnreachableReason,
    options?: ErrorOptions,
  ) {
    super(`No answer from outside: ${reason}`, options);
  }
}

const CONNECT_MS = 5_000;

/**
 * Makes a `fetch` that obeys the guard. The answer's body has been read when it is handed over, so a slow or endless one
 * ends here.
 * @throws Unreachable from the returned function, for everything that is not an HTTP answer
 */
export function guardedFetch(options: GuardedFetchOptions = {}) {
  const { timeoutMs = 10_000, maxBytes = 64 * 1024 } = options;
  return async (url: string, request: RequestInit = {}): Promise<Response> => {
    const dispatcher = new Agent({ connect: connector(options, maxBytes), pipelining: 0 });
    const signals = [AbortSignal.timeout(timeoutMs), ...(request.signal ? [request.signal] : [])];
    try {
      const answer = await undiciFetch(url, {
        ...(request as object),
        redirect: "manual",
        signal: AbortSignal.any(signals),
        dispatcher,
      });
      const body = await answer.arrayBuffer();
      return new Response(NO_BODY.has(answer.status) ? null : body, {
        status: answer.status,
        headers: [...answer.headers],
      });
    } catch (error) {
      throw unreachable(error);
    } finally {
      await dispatcher.destroy();
    }
  };
}

const NO_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function unreachable(error: unknown): Unreachable {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof Unreachable) return at;
  return new Unreachable("no_answer", { cause: error });
}

function connector(options: GuardedFetchOptions, maxBytes: number): buildConnector.connector {
  return (target, done) => {
    open(target, options, maxBytes).then(
      (socket) => done(null, socket as never),
      (error: unknown) => done(error instanceof Error ? error : new Unreachable("not_connected"), null),
    );
  };
}

async function open(target: buildConnector.Options, options: GuardedFetchOptions, maxBytes: number) {
  const secure = target.protocol === "https:";
  const host = target.hostname.replace(/^\[(.*)\]$/, "$1");
  const place = { host, port: Number(target.port) || (secure ? 443 : 80) };
  const addresses = await judged(place, options);
  const { stream } = await dial(addresses, place.port, {
    connectTimeoutMs: CONNECT_MS,
    maxInboundBytes: maxBytes,
    signal: AbortSignal.timeout(CONNECT_MS),
  }).catch((error: unknown) => {
    throw error instanceof DialError ? new Unreachable("not_connected", { cause: error }) : error;
  });
  if (!secure) return stream;
  return new Promise((resolve, reject) => {
    const encrypted = tls.connect({ socket: stream, ...serverName(host), ...(options.ca && { ca: options.ca }) });
    encrypted.once("secureConnect", () => resolve(encrypted));
    encrypted.once("error", (cause) => reject(new Unreachable("tls_failed", { cause })));
  });
}

/** An address has no name to ask for; its certificate must carry the address itself. */
const serverName = (host: string) => (/^[\d.]+$|:/.test(host) ? { host } : { servername: host });

async function judged(place: Place, { policy = outboundPolicy(), lookup = systemLookup }: GuardedFetchOptions) {
  const resolved = await resolveHost(place.host, lookup);
  if (!resolved.ok) throw new Unreachable("not_resolved");
  const own = policy.own.filter(({ port }) => port === place.port);
  const ownAddresses = await Promise.all(own.map(({ host }) => resolveHost(host, lookup)));
  if (ownAddresses.some((one) => !one.ok)) throw new Unreachable("not_resolved");
  const ownList = ownAddresses.flatMap((one) => (one.ok ? one.addresses : []));
  const verdict = judgeTarget(policy, place, resolved.addresses, ownList);
  if (!verdict.allowed) throw new Unreachable("not_allowed");
  return verdict.dial.map(({ address }) => address);
}
