import "server-only";
import { Duplex } from "node:stream";

/**
 * A connection that is already open, in the shape that drivers expect of a socket: `connect` reports success instead of
 * resolving and dialling by itself. Counts what comes in and cuts the connection past the limit, so that a hostile peer
 * cannot fill the memory.
 */
export class OpenStream extends Duplex {
  private received = 0;
  /** The peer sent more than it may; why the stream ended. */
  overflown = false;

  constructor(
    private readonly inner: Duplex,
    private readonly maxInboundBytes = Number.POSITIVE_INFINITY,
  ) {
    super({ allowHalfOpen: false });
    // Between two drivers nobody listens; an error then is told to the next one that uses the stream.
    this.on("error", () => undefined);
    for (const [event, listener] of this.listened) inner.on(event, listener);
    inner.pause();
  }

  private readonly listened: [string, Parameters<Duplex["on"]>[1]][] = [
    ["data", (chunk: Buffer) => this.accept(chunk)],
    ["end", () => this.push(null)],
    ["error", (error: Error) => this.destroy(error)],
    ["close", () => this.destroy()],
  ];

  /** Lets go of the connection below, which somebody else goes on with. Nothing more comes in here. */
  release(): void {
    this.inner.pause();
    for (const [event, listener] of this.listened) this.inner.off(event, listener);
    this.released = true;
  }

  private released = false;

  /** Not a single byte has come in. */
  get silent(): boolean {
    return this.received === 0;
  }

  private accept(chunk: Buffer): void {
    this.received += chunk.length;
    if (this.received > this.maxInboundBytes) {
      this.overflown = true;
      this.destroy(new Error("The other side sent too much"));
      return;
    }
    try {
      if (!this.push(chunk)) this.inner.pause();
    } catch (error) {
      // A driver that trips over what it reads ends its own stream, not the process.
      this.destroy(error instanceof Error ? error : new Error("The driver failed"));
    }
  }

  override _read(): void {
    if (!this.released) this.inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.inner.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.inner.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.released) this.inner.destroy();
    done(error);
  }

  /** What drivers call to dial. The stream is open already, so no second resolution can happen here. */
  connect(): this {
    process.nextTick(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  /** Whoever opened it has a clock of their own, which also ends a peer that says a little now and then. */
  setTimeout(): this {
    return this;
  }
}
