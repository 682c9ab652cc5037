import "server-only";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import type { Budget } from "./budget";
import { decoded } from "./decode";

/** One HTTP request, and where on its connection's server it goes. */
export interface HttpRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Without its codings. */
  body: Buffer;
}

/** What every request says of itself. */
export const usualHeaders = (url: URL): Record<string, string> => ({
  Host: url.host,
  Accept: "application/json",
  "Accept-Encoding": "identity",
  "User-Agent": "latchkey",
  Connection: "close",
});

/** All the headers of an answer, informational ones before it included. Bytes. */
const HEADERS_MAX = 16 * 1024;
/** Answers before the answer (100, 103) that are let pass. */
const INFORMATIONAL_MAX = 8;

/**
 * The one HTTP client: a request over a stream that the guard has let through, and one answer, whole, within the budget.
 * Nothing is dialled here, no redirect is followed, nothing is tried twice.
 * @throws OverBudget, Undecodable, or whatever the stream or the parser reports when that is no HTTP answer
 */
export function exchangeOver(
  stream: Duplex,
  sent: HttpRequest,
  budget: Budget,
  { readsBody = true } = {},
): Promise<HttpAnswer> {
  const { method, path, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(error);
      call.destroy();
    };
    const options = {
      method,
      path,
      headers,
      createConnection: () => stream,
      setHost: false,
      maxHeaderSize: HEADERS_MAX,
    };
    const call = request({ ...options, signal: budget.signal });
    let early = 0;
    call.on("information", () => {
      early += 1;
      if (early > INFORMATIONAL_MAX) fail(new Error("Too many answers before the answer"));
    });
    // Nobody speaks another protocol here; a server that switches all the same would leave the request open.
    call.once("upgrade", () => fail(new Error("Another protocol was switched to")));
    call.on("error", fail);
    call.once("response", (response) => {
      const answer = { status: response.statusCode ?? 0, headers: response.headers };
      if (!readsBody) return resolve({ ...answer, body: Buffer.alloc(0) });
      bodyOf(response, budget).then((whole) => resolve({ ...answer, body: whole }), fail);
    });
    call.end(body);
  });
}

async function bodyOf(response: IncomingMessage, budget: Budget): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    budget.hold(chunk.length);
    chunks.push(chunk);
  }
  if (!response.complete) throw Object.assign(new Error("The answer was cut off"), { code: "ECONNRESET" });
  return decoded(Buffer.concat(chunks), response.headers["content-encoding"] ?? "", budget);
}
