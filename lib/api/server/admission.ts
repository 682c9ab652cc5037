import "server-only";
import type { Bounds } from "@/lib/platform/fair-share/branch";
import { FairQueue } from "@/lib/platform/fair-share/fair-queue";
import { networkOf } from "@/lib/platform/fair-share/network";
import type { QueueName } from "@/lib/platform/loads";

/** Lets go of one's place; doing it twice does nothing. */
type Leave = () => void;

/**
 * The console is one process: what it works on at once is bounded, in all and for each address, so that a stranger's
 * load is the stranger's own queue. Three places have to be had, in this order.
 */
export class Admission {
  /** A request from its arrival to the end of its answer. Nobody waits for this one. */
  readonly #exchanges = placesFor("console-exchanges", {
    all: { running: 1_024, waiting: 0 },
    each: { running: 128, waiting: 0 },
  });
  /** A body while it arrives, which is held here meanwhile: 256 KiB each. */
  readonly #bodies = placesFor("console-bodies", {
    all: { running: 128, waiting: 512 },
    each: { running: 16, waiting: 64 },
  });
  /** Work at the console until the head of its answer is there. */
  readonly #work = placesFor("console-work", {
    all: { running: 48, waiting: 1_024 },
    each: { running: 8, waiting: 128 },
  });

  /** A place until the exchange has ended; undefined when this address, or everybody, has too many. */
  exchange(address: string, signal: AbortSignal): Promise<Leave | undefined> {
    return enter(this.#exchanges, address, signal);
  }

  body(address: string, signal: AbortSignal): Promise<Leave | undefined> {
    return enter(this.#bodies, address, signal);
  }

  work(address: string, signal: AbortSignal): Promise<Leave | undefined> {
    return enter(this.#work, address, signal);
  }
}

const placesFor = (name: QueueName, { all, each }: { all: Bounds; each: Bounds }) =>
  new FairQueue({
    name,
    all,
    each: [each],
    waitMs: 10_000,
    // Nobody reads these: the gateway answers with a page of its own, whoever's load it was.
    words: { own: "Too much at once", busy: "Too much at once" },
    retryAfterSeconds: 2,
  });

const enter = (places: FairQueue, address: string, signal: AbortSignal): Promise<Leave | undefined> =>
  places.enter([networkOf(address)], signal).catch(() => undefined);
