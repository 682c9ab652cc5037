import "server-only";
import { DialError, type DialFailure, dial } from "@/lib/net/dial";
import { judgeTarget, type Reachable } from "@/lib/net/guard";
import type { OpenStream } from "@/lib/net/open-stream";
import type { Place } from "@/lib/net/policy";
import { resolveHost } from "@/lib/net/resolve";
import type { Network } from "./define-connection";
import type { StepId } from "./report";
import { type Notes, type Problem, StepFailure, type Trail } from "./trail";

export interface Reached {
  stream: OpenStream;
  /** The one that was dialled. */
  address: string;
  /** Whether the address dialled is a public one; false inside a network that the operator opened. */
  isPublic: boolean;
}

/** Runs one part of the way as a step of the trail, or quietly. */
type Walk = <T>(id: StepId, run: (notes: Notes) => T | Promise<T>) => Promise<T>;

/** The first steps of every test: the name is resolved once, every address is judged, and one of them is dialled as it is. */
export const reach = (trail: Trail, target: Place, network: Network): Promise<Reached> =>
  onTheWay((id, run) => trail.step(id, run), trail.signal, target, network);

/** The same way to a further place, inside a step that has begun. @throws StepFailure */
export const reachWithin = (signal: AbortSignal, target: Place, network: Network): Promise<Reached> =>
  onTheWay(async (_, run) => run({}), signal, target, network);

async function onTheWay(walk: Walk, signal: AbortSignal, target: Place, network: Network): Promise<Reached> {
  const place = { ...target, host: target.host.replace(/^\[(.*)\]$/, "$1") };
  const resolved = await walk("resolve", async (notes) => {
    const found = await resolveHost(place.host, network.lookup);
    if (!found.ok) throw new StepFailure(found.reason === "not_found" ? HOST_NOT_FOUND : NO_RESOLVER);
    notes.detail = found.literal ? "An address; nothing to look up" : found.addresses.join(", ");
    return found.addresses;
  });
  const judged = await walk("address", async () => judge(place, resolved, network));
  return walk("connect", async (notes) => {
    const { connectTimeoutMs, maxInboundBytes } = network;
    try {
      const addresses = judged.map(({ address }) => address);
      const { stream, address } = await dial(addresses, place.port, { connectTimeoutMs, maxInboundBytes, signal });
      notes.detail = `${address} port ${place.port}`;
      return { stream, address, isPublic: judged.some((one) => one.address === address && one.isPublic) };
    } catch (error) {
      throw error instanceof DialError ? new StepFailure(NOT_CONNECTED[error.reason]) : error;
    }
  });
}

async function judge(place: Place, resolved: string[], { policy, lookup }: Network): Promise<Reachable[]> {
  const own = policy.own.filter(({ port }) => port === place.port);
  const ownAddresses = await Promise.all(own.map(({ host }) => resolveHost(host, lookup)));
  // Where our own database lives must be known, or a name of its could slip past the guard.
  if (ownAddresses.some((one) => !one.ok)) throw new StepFailure(NO_RESOLVER);
  const verdict = judgeTarget(
    policy,
    place,
    resolved,
    ownAddresses.flatMap((one) => (one.ok ? one.addresses : [])),
  );
  if (verdict.allowed) return verdict.dial;
  throw new StepFailure({
    code: "address_not_allowed",
    meaning: `${verdict.address} ${verdict.why}. Connections go to public addresses only.`,
    advice: verdict.allowLine
      ? `If this is meant, whoever runs Latchkey can allow it by setting ${verdict.allowLine} (several entries are separated by commas).`
      : "Use another host or port; this one cannot be allowed.",
    field: "host",
    outcome: "failed",
  });
}

const HOST_NOT_FOUND: Problem = {
  code: "host_not_found",
  meaning: "No such host name is known.",
  advice: "Check the spelling of the host.",
  field: "host",
  outcome: "failed",
};

const NO_RESOLVER: Problem = {
  code: "resolver_unavailable",
  meaning: "The name could not be looked up just now.",
  advice: "Try again; if it stays, the name service of this installation does not answer.",
  field: "host",
  outcome: "unreachable",
};

const NOT_CONNECTED: Record<DialFailure, Problem> = {
  refused: {
    code: "connection_refused",
    meaning: "The machine answers, but nothing listens on this port.",
    advice: "Check the port, and that the server is running.",
    field: "port",
    outcome: "unreachable",
  },
  timeout: {
    code: "connect_timeout",
    meaning: "Nobody answered at this address and port.",
    advice: "Check host and port, and whether a firewall must let Latchkey's address in.",
    field: "host",
    outcome: "unreachable",
  },
  unreachable: {
    code: "network_unreachable",
    meaning: "There is no way from here to this address.",
    advice: "Check the host, and the network of this installation.",
    field: "host",
    outcome: "unreachable",
  },
  reset: {
    code: "connection_reset",
    meaning: "The connection was broken off while it was being made.",
    advice: "Try again; if it stays, a firewall or the server turns this connection away.",
    field: "host",
    outcome: "unreachable",
  },
};
