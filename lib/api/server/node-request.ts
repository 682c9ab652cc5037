import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { goneSignal, wantBody } from "./exchange";
import { hasBody } from "./framing";

/**
 * Node's request as the web `Request` that route handlers take. Only what handlers use is there, and each part is made
 * when it is first asked for: a whole undici Request costs more than everything else on the way.
 */
export function webRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  origin: string,
  address: string,
): Request {
  const request: Pick<Request, "method" | "url" | "headers" | "body" | "signal"> = new LazyRequest(
    incoming,
    outgoing,
    origin,
    address,
  );
  return request as Request;
}

class LazyRequest {
  readonly method: string;
  readonly url: string;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #address: string;
  #headers: Headers | undefined;
  #body: ReadableStream<Uint8Array<ArrayBuffer>> | null | undefined;
  #signal: AbortSignal | undefined;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, origin: string, address: string) {
    this.method = incoming.method ?? "GET";
    this.url = origin + incoming.url;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#address = address;
  }

  get headers(): Headers {
    this.#headers ??= headersOf(this.#incoming, this.#address);
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    if (this.#body === undefined) {
      this.#body = hasBody(this.#incoming) ? streamOf(this.#incoming) : null;
      if (this.#body) wantBody(this.#outgoing);
    }
    return this.#body;
  }

  /** Aborts when the client goes away before it has its answer. */
  get signal(): AbortSignal {
    this.#signal ??= goneSignal(this.#outgoing);
    return this.#signal;
  }
}

/** The judged address replaces whatever a client sent in headers of ours. */
function headersOf({ rawHeaders }: IncomingMessage, address: string): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (!/^x-latchkey-/i.test(name)) headers.append(name, rawHeaders[at + 1] ?? "");
  }
  headers.set("x-latchkey-address", address);
  return headers;
}

/** Reads no faster than the handler does, so that what it refuses to read is never in memory. */
function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  let ended = false;
  return new ReadableStream({
    start(controller) {
      const end = (how: () => void) => {
        if (!ended) how();
        ended = true;
      };
      incoming.on("data", (chunk: Buffer<ArrayBuffer>) => {
        if (ended) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on("end", () => end(() => controller.close()));
      incoming.on("error", (error) => end(() => controller.error(error)));
      incoming.on("close", () => end(() => controller.error(new Error("The client went away"))));
      incoming.pause();
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      ended = true;
    },
  });
}
