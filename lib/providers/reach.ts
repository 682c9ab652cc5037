import "server-only";
import { DialError, type DialFailure, dial } from "@/lib/platform/net/dial";
import { judgeTarget, type Reachable } from "@/lib/platform/net/guard";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { Endpoint } from "@/lib/platform/net/policy";
import { resolveHost } from "@/lib/platform/net/resolve";
import type { Network } from "./define-connection";
import type { StepId } from "./report";
import { type Problem, type StepDetails, StepError, type TestRun } from "./test-run";

export interface ReachedHost {
  stream: OpenStream;
  /** The one that was dialled. */
  address: string;
  /** Whether the address dialled is a public one; false inside a network that the operator opened. */
  isPublic: boolean;
}

/** Runs one part of the way as a step of the test run, or quietly. */
type Walk = <T>(id: StepId, run: (notes: StepDetails) => T | Promise<T>) => Promise<T>;

/** The first steps of every test: the name is resolved once, every address is judged, and one of them is dialled as it is. */
export const reach = (testRun: TestRun, target: Endpoint, network: Network): Promise<ReachedHost> =>
  onTheWay((id, run) => testRun.step(id, run), testRun.signal, target, network);

/** The same way to a further place, inside a step that has begun. @throws StepFailure */
export const reachWithin = (signal: AbortSignal, target: Endpoint, network: Network): Promise<ReachedHost> =>
  onTheWay(async (_, run) => run({}), signal, target, network);

async function onTheWay(walk: Walk, signal: AbortSignal, target: Endpoint, network: Network): Promise<ReachedHost> {
  const place = { ...target, host: target.host.replace(/^\[(.*)\]$/, "$1") };
  const resolved = await walk("resolve", async (notes) => {
    const found = await resolveHost(place.host, network.lookup);
    if (!found.ok) throw new StepError(found.reason === "not_found" ? HOST_NOT_FOUND : NO_RESOLVER);
    notes.detail = found.literal ? "An address; nothing to look up" : found.addresses.join(", ");
    return found.addresses;
  });
  const judged = await walk("address", async () => checkTargets(place, resolved, network));
  return walk("connect", async (notes) => {
    const { connectTimeoutMs, maxInboundBytes } = network;
    try {
      const addresses = judged.map(({ address }) => address);
      const { stream, address } = await dial(addresses, place.port, { connectTimeoutMs, maxInboundBytes, signal });
      notes.detail = `${address} port ${place.port}`;
      return { stream, address, isPublic: judged.some((one) => one.address === address && one.isPublic) };
    } catch (error) {
      throw error instanceof DialError ? new StepError(NOT_CONNECTED[error.reason]) : error;
    }
  });
}

async function checkTargets(place: Endpoint, resolved: string[], { policy, lookup }: Network): Promise<Reachable[]> {
  const own = policy.selfEndpoints.filter(({ port }) => port === place.port);
  const ownAddresses = await Promise.all(own.map(({ host }) => resolveHost(host, lookup)));
  // Where our own database lives must be known, or a name of its could slip past the guard.
  if (ownAddresses.some((one) => !one.ok)) throw new StepError(NO_RESOLVER);
  const verdict = judgeTarget(
    policy,
    place,
    resolved,
    ownAddresses.flatMap((one) => (one.ok ? one.addresses : [])),
  );
  if (verdict.allowed) return verdict.dial;
  throw new StepError({
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
