import "server-only";
import type { IncomingMessage } from "node:http";
import { Transform } from "node:stream";

/** What is held whole before it is sent on. */
const BODY_MAX_BYTES = 256 * 1024;

/** A body that came whole, or why it did not. */
export type ReadBody = { bytes: Buffer } | { failed: "too_large" | "gone" };

/**
 * Reads a body whole. What is too large is not read on, and by its length not even begun.
 * @param begin called before the first byte is read
 */
export function readWhole(incoming: IncomingMessage, begin: () => void, maxBytes = BODY_MAX_BYTES): Promise<ReadBody> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve({ failed: "too_large" });
  begin();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return void chunks.push(chunk);
      incoming.pause();
      resolve({ failed: "too_large" });
    });
    incoming.on("end", () => resolve({ bytes: Buffer.concat(chunks) }));
    incoming.on("error", () => resolve({ failed: "gone" }));
    incoming.on("close", () => resolve({ failed: "gone" }));
  });
}

/** Passes a body on as it comes, and breaks off behind that many bytes, whatever its length was said to be. */
export function countedBody(incoming: IncomingMessage, maxBytes: number): Transform {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maxBytes ? new BodyTooLarge() : null, chunk);
    },
  });
  incoming.on("error", (error) => counted.destroy(error));
  incoming.on("close", () => incoming.complete || counted.destroy(new Error("the body broke off")));
  return incoming.pipe(counted);
}

export class BodyTooLarge extends Error {}
