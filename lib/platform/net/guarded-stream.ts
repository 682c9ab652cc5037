import "server-only";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { type Budget, type Limits, OverBudget } from "./budget";
import { Undecodable } from "./decode";
import { DialError, dial } from "./dial";
import { type Encryption, encrypted } from "./encrypt";
import { judgeTarget } from "./guard";
import type { OpenStream } from "./open-stream";
import type { Endpoint, OutboundPolicy } from "./policy";
import { type Lookup, resolveHost, systemLookup } from "./resolve";
import { Unreachable } from "./unreachable";

/**
 * Connections to hosts outside, by the same rules for whatever is spoken over them: the name is resolved once, every address
 * is judged, one of them is dialled as it is, and the certificate must be that of the name.
 * Runs in a process that holds no keys (`worker/entry.ts`).
 */
export interface GuardedOptions {
  policy: OutboundPolicy;
  limits: Limits;
  lookup?: Lookup;
  signal?: AbortSignal;
}

/** What a connection brings beside its answer's body: headers, and what TLS adds. Bytes. */
const AROUND = 64 * 1024;

/** @throws Unreachable when it was not allowed or not reached; nothing was sent then */
export async function dialled(place: Endpoint, options: GuardedOptions, budget: Budget): Promise<OpenStream> {
  const addresses = await budget.during(judged(place, options));
  const { connectMs, maxBytes } = budget.limits;
  const limits = { connectTimeoutMs: connectMs, maxInboundBytes: maxBytes + AROUND, signal: budget.signal };
  const { stream } = await dial(addresses, place.port, limits).catch((error: unknown) => {
    throw error instanceof DialError ? new Unreachable("not_connected", { cause: error }) : error;
  });
  return budget.own(stream);
}

/** The certificate must be trusted, and that of the name. @throws Unreachable "tls_failed" */
export async function secured(
  wire: Duplex,
  names: Pick<Encryption, "host" | "ca" | "certificate">,
  budget: Budget,
): Promise<TLSSocket> {
  const signal = AbortSignal.any([budget.signal, AbortSignal.timeout(budget.limits.connectMs)]);
  const socket = await encrypted(wire, { ...names, verify: true, signal }).catch((cause: unknown) => {
    throw new Unreachable("tls_failed", { cause });
  });
  return budget.own(socket);
}

/** What ended an exchange, as one of the reasons there are. */
export function unreachable(error: unknown): Unreachable {
  if (error instanceof Unreachable) return error;
  const code = String((error as NodeJS.ErrnoException).code);
  const unreadable = error instanceof OverBudget || error instanceof Undecodable || code.startsWith("HPE_");
  return new Unreachable(unreadable ? "unreadable" : "no_answer", { cause: error });
}

async function judged(place: Endpoint, { policy, lookup = systemLookup }: GuardedOptions) {
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
