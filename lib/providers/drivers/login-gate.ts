import "server-only";
import type { Duplex } from "node:stream";
import { OpenStream } from "@/lib/platform/net/open-stream";

/** The message that opens the talk with a SQL Server, in which the first bytes of TLS travel as well. */
const PRELOGIN = 0x12;
/** In front of each packet: the kind of message, and in its third and fourth byte the packet's length. */
const HEAD = 8;

/**
 * The way to a SQL Server on which nothing but the opening is let through until encryption has come about. Its driver signs in
 * unencrypted where the server, or somebody in between, answers that there is no encryption.
 */
export class LoginGate extends OpenStream {
  /** Encryption was to come about, and the driver went on without. */
  hasRefused = false;
  private isOpen = false;
  private head = Buffer.alloc(0);
  private left = 0;

  constructor(way: Duplex) {
    super(way);
  }

  /** From here on everything passes: it is encrypted, and the certificate was judged. */
  open(): void {
    this.isOpen = true;
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.isOpen || this.isOpening(chunk)) {
      super._write(chunk, encoding, done);
    } else {
      this.hasRefused = true;
      done(new Error("Nothing is sent without encryption"));
    }
  }

  private isOpening(chunk: Buffer): boolean {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.left === 0) {
        const missing = HEAD - this.head.length;
        this.head = Buffer.concat([this.head, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.head[0] !== PRELOGIN) return false;
        if (this.head.length < HEAD) return true;
        this.left = this.head.readUInt16BE(2) - HEAD;
        this.head = Buffer.alloc(0);
        if (this.left < 0) return false;
        continue;
      }
      const taken = Math.min(this.left, rest.length);
      this.left -= taken;
      rest = rest.subarray(taken);
    }
    return true;
  }
}
