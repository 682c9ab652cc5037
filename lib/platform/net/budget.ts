import "server-only";
import type { Duplex } from "node:stream";

/** What one exchange with the outside may cost, from the moment it was asked for to its last byte. */
export interface Limits {
  /** All of it: waiting for a place, look-up, connecting, TLS, headers, body. Milliseconds. */
  totalMs: number;
  /** Of that, until a connection stands and is encrypted. Milliseconds. */
  connectMs: number;
  /** What comes in on the wire, and again what is held of it once it is decoded. Bytes. */
  maxBytes: number;
}

/** More came, or would have to be held, than the budget has. */
export class OverBudget extends Error {
  constructor() {
    super("More came than was granted");
  }
}

/**
 * Counts what one exchange holds, and owns what it opened: at the deadline, when the caller gives up, or at `close`,
 * every connection of it is closed. No redirect is ever followed, so none has to be counted.
 */
export class Budget {
  private readonly controller = new AbortController();
  private readonly opened: Duplex[] = [];
  private readonly timer: NodeJS.Timeout;
  private held = 0;

  constructor(
    readonly limits: Limits,
    private readonly caller?: AbortSignal,
  ) {
    this.timer = setTimeout(this.close, limits.totalMs);
    caller?.addEventListener("abort", this.close, { once: true });
    if (caller?.aborted) this.close();
  }

  /** Aborted when the exchange is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Bytes that may still be held. */
  get left(): number {
    return this.limits.maxBytes - this.held;
  }

  /** @throws OverBudget when so many bytes more may not be held */
  hold(bytes: number): void {
    this.held += bytes;
    if (this.held > this.limits.maxBytes) throw new OverBudget();
  }

  /** Gives back what is held no longer. */
  release(bytes: number): void {
    this.held -= bytes;
  }

  /** From here on the stream ends with the exchange. */
  own<T extends Duplex>(stream: T): T {
    // Closing it early can still report an error, which then has nobody to go to.
    stream.on("error", () => undefined);
    if (this.signal.aborted) stream.destroy();
    else this.opened.push(stream);
    return stream;
  }

  /** Work that cannot be called off by itself is waited for no longer than the exchange lasts. */
  async during<T>(work: Promise<T>): Promise<T> {
    let onAbort = () => {};
    const over = new Promise<never>((_, reject) => {
      onAbort = () => reject(new Error("The exchange is over"));
      if (this.signal.aborted) onAbort();
      else this.signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      this.signal.removeEventListener("abort", onAbort);
    }
  }

  readonly close = (): void => {
    clearTimeout(this.timer);
    this.caller?.removeEventListener("abort", this.close);
    this.controller.abort();
    for (const stream of this.opened.splice(0)) stream.destroy();
  };
}
