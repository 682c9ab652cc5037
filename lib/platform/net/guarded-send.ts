import "server-only";
import type { TLSSocket } from "node:tls";
import { Budget, OverBudget } from "./budget";
import type { ClientCertificate } from "./encrypt";
import { dialled, type GuardedOptions, secured, unreachable } from "./guarded-stream";
import { OpenStream } from "./open-stream";

/** What is said to a host outside that never answers (syslog): text over TLS, and nothing but the end comes back. */
export interface OutsideText {
  host: string;
  port: number;
  /** The authorities that its certificate may be of, as PEM; the public ones when absent. */
  ca?: string | undefined;
  certificate?: ClientCertificate | undefined;
  text: string;
}

/**
 * Sends once. Returns when the other side ended the connection in order after all of it: it answered the closing alert of TLS
 * with its own, which a process that was killed does not send, and then closed without a reset, which is what the system of one
 * that left something unread sends.
 * @throws Unreachable for everything else; "no_answer" when it may have all of it or a part
 */
export async function guardedSend({ host, port, text, ...names }: OutsideText, options: GuardedOptions): Promise<void> {
  const budget = new Budget(options.limits, options.signal);
  let wire: OpenStream | undefined;
  try {
    wire = await dialled({ host, port }, options, budget);
    // TLS lets go of the connection at its own end; what the connection ends with is still to be seen.
    const upper = budget.own(new OpenStream(wire));
    const socket = await secured(upper, { host, ...names }, budget);
    await budget.during(takenWhole(text, { socket, upper, wire }));
  } catch (error) {
    throw unreachable(wire?.overflown ? new OverBudget() : error);
  } finally {
    budget.close();
  }
}

interface Layers {
  socket: TLSSocket;
  upper: OpenStream;
  wire: OpenStream;
}

const takenWhole = (text: string, { socket, upper, wire }: Layers) =>
  new Promise<void>((resolve, reject) => {
    const early = () => reject(new Error("The other side ended before it had everything"));
    let written = false;
    socket.once("error", reject).once("close", early);
    wire.once("error", reject);
    socket.once("end", () => {
      // Without the alert, the end of the connection is what ends TLS, and comes first.
      if (!written || wire.readableEnded) return early();
      socket.off("close", early);
      upper.release();
      wire.once("end", resolve).once("close", early);
      wire.end();
      wire.resume();
    });
    socket.resume();
    socket.write(text, () => {
      written = true;
      socket.end();
    });
  });
