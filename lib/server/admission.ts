import "server-only";
import { networkOf } from "@/lib/shares/network";
import { FairGate, type Leave } from "./fair-gate";

const WAIT_MS = 10_000;

/**
 * The console is one process: what it works on at once is bounded, in all and for each address, so that a stranger's
 * load is the stranger's own queue. Three places have to be had, in this order.
 */
export class Admission {
  /** A request from its arrival to the end of its answer. Nobody waits for this one. */
  readonly #exchanges = new FairGate({ total: 1_024, perKey: 128, waiting: 0, waitingPerKey: 0, waitMs: 0 });
  /** A body while it arrives, which is held here meanwhile: 256 KiB each. */
  readonly #bodies = new FairGate({ total: 128, perKey: 16, waiting: 512, waitingPerKey: 64, waitMs: WAIT_MS });
  /** Work at the console until the head of its answer is there. */
  readonly #work = new FairGate({ total: 48, perKey: 8, waiting: 1_024, waitingPerKey: 128, waitMs: WAIT_MS });

  /** A place until the exchange has ended; undefined when this address, or everybody, has too many. */
  async exchange(address: string, signal: AbortSignal): Promise<Leave | undefined> {
    return this.#exchanges.enter(networkOf(address), signal);
  }

  async body(address: string, signal: AbortSignal): Promise<Leave | undefined> {
    return this.#bodies.enter(networkOf(address), signal);
  }

  async work(address: string, signal: AbortSignal): Promise<Leave | undefined> {
    return this.#work.enter(networkOf(address), signal);
  }
}
