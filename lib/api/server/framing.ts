import "server-only";
import type { IncomingMessage } from "node:http";

/**
 * What a request must be for us to know where it ends, and what becomes of everything HTTP allows around that. Node's
 * parser, which is strict, refuses before us: both lengths at once, a repeated or odd length, folded lines, a bare CR or
 * LF, blanks before a colon. Its own answers and the rest are decided here:
 *
 * - A body belongs to POST, PUT and PATCH, with a length or chunked. Clients send one with DELETE as well: the API reads it
 *   and makes nothing of it, and the console does not take that method. Any other method with one is refused; a length
 *   of zero is no body.
 * - `Transfer-Encoding` is `chunked`, alone and in HTTP/1.1, or the request is refused.
 * - `Connection` names what is about the connection. Naming any other header, to have it dropped on the way, is refused.
 * - `Expect: 100-continue` is answered once the body is wanted; any other expectation is 417.
 * - `Upgrade`, h2c included, is not taken up: the request is answered as HTTP/1.1 and the connection closed.
 * - An absolute target (RFC 9112, section 3.2.2) is taken for the path in it, and its authority for the Host header. What else is no
 *   path is refused, `*` and CONNECT among it.
 * - Trailers and chunk extensions are read and dropped.
 *
 * A refused message ends its connection: what follows on it cannot be trusted to be a request.
 */
export function framingProblem(incoming: IncomingMessage): FramingProblem | undefined {
  const problems = [versionProblem, hostProblem, connectionProblem, encodingProblem, bodyProblem, targetProblem];
  for (const problem of problems) {
    const found = problem(incoming);
    if (found) return found;
  }
  return undefined;
}

export interface FramingProblem {
  status: number;
  message: string;
}

const WITH_BODY = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** What the header may name: the connection's own affairs. */
const OF_CONNECTION = new Set(["", "close", "keep-alive", "upgrade", "http2-settings", "te", "proxy-connection"]);

/** Whether bytes of a body follow the head. */
export const hasBody = ({ headers }: Pick<IncomingMessage, "headers">): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

const versionProblem = ({ httpVersion }: IncomingMessage) =>
  ["1.0", "1.1"].includes(httpVersion) ? undefined : { status: 505, message: "Send HTTP/1.1" };

const hostProblem = (incoming: IncomingMessage) =>
  timesOf(incoming, "host") > 1 ? { status: 400, message: "The Host header stands more than once" } : undefined;

function connectionProblem({ headers }: IncomingMessage) {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  return named.every((name) => OF_CONNECTION.has(name))
    ? undefined
    : { status: 400, message: "The Connection header names headers that are not about the connection" };
}

function encodingProblem(incoming: IncomingMessage) {
  const encoding = incoming.headers["transfer-encoding"];
  if (encoding === undefined) return undefined;
  const isClear = /^chunked$/i.test(encoding) && timesOf(incoming, "transfer-encoding") === 1;
  return isClear && incoming.httpVersion === "1.1" && incoming.headers["content-length"] === undefined
    ? undefined
    : { status: 400, message: "The only Transfer-Encoding is chunked, without Content-Length, in HTTP/1.1" };
}

function bodyProblem(incoming: IncomingMessage) {
  if (timesOf(incoming, "content-length") > 1) return { status: 400, message: "Content-Length stands more than once" };
  return hasBody(incoming) && !WITH_BODY.has(incoming.method ?? "")
    ? { status: 400, message: "A request with this method has no body" }
    : undefined;
}

/**
 * Brings an absolute target, which servers have to take, to the path in it; its authority stands for the Host header from then on.
 * A target of another scheme, with user information or without an authority is left as it is, and so refused.
 */
export function toOriginForm(incoming: IncomingMessage): void {
  const [, host, path] = /^https?:\/\/([A-Za-z0-9.\-_:[\]]+)(\/[^#]*|\?[^#]*)?$/i.exec(incoming.url ?? "") ?? [];
  if (host === undefined) return;
  incoming.url = path?.startsWith("/") ? path : `/${path ?? ""}`;
  incoming.headers.host = host;
  const { rawHeaders } = incoming;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() === "host") rawHeaders[at + 1] = host;
}

/** The origin form is a path. */
const targetProblem = ({ url = "" }: IncomingMessage) =>
  /^\/[\x21-\x7e]*$/.test(url) && !url.includes("#") ? undefined : { status: 400, message: "Malformed request target" };

function timesOf({ rawHeaders }: IncomingMessage, name: string): number {
  let times = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) times++;
  return times;
}
