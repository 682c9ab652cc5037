import "server-only";
import net from "node:net";
import { OpenStream } from "./open-stream";

/** The only place that opens a socket to a host that a user named. It takes addresses that the guard has judged. */
export interface DialOptions {
  connectTimeoutMs: number;
  maxInboundBytes: number;
  signal: AbortSignal;
}

export type DialFailure = "refused" | "timeout" | "unreachable" | "reset";

export class DialError extends Error {
  constructor(readonly reason: DialFailure) {
    super(`Connection failed: ${reason}`);
  }
}

/** At most so many addresses are tried; they share the time. */
const MAX_ATTEMPTS = 3;

/**
 * Connects to the first address that answers.
 * @throws DialError with the first failure when none does.
 */
export async function dial(
  addresses: string[],
  port: number,
  options: DialOptions,
): Promise<{ stream: OpenStream; address: string }> {
  const attempts = addresses.slice(0, MAX_ATTEMPTS);
  const endsAt = performance.now() + options.connectTimeoutMs;
  let failure: unknown = new DialError("unreachable");
  for (const [index, address] of attempts.entries()) {
    const timeoutMs = Math.max(1, (endsAt - performance.now()) / (attempts.length - index));
    try {
      const socket = await connectTo(address, port, timeoutMs, options.signal);
      return { stream: new OpenStream(socket, options.maxInboundBytes), address };
    } catch (error) {
      if (index === 0) failure = error;
    }
  }
  throw failure;
}

function connectTo(address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address, port, lookup: neverLookUp });
    const timer = setTimeout(() => give("timeout"), timeoutMs);
    const onAbort = () => give("timeout");
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      socket.removeAllListeners();
    };
    const give = (reason: DialFailure) => {
      settle();
      // Closing a half-open socket can still report an error, which then has nobody to go to.
      socket.on("error", () => undefined);
      socket.destroy();
      reject(new DialError(reason));
    };
    socket.once("error", (error: NodeJS.ErrnoException) => give(REASONS[error.code ?? ""] ?? "unreachable"));
    socket.once("connect", () => {
      settle();
      socket.setNoDelay(true);
      resolve(socket);
    });
    if (signal.aborted) give("timeout");
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

const REASONS: Record<string, DialFailure> = { ECONNREFUSED: "refused", ECONNRESET: "reset", ETIMEDOUT: "timeout" };

/** Proof that only literals get here: a name would have to be resolved a second time, past the guard. */
const neverLookUp: net.LookupFunction = (_host, _options, done) => done(new Error("Only addresses are dialled"), "");
