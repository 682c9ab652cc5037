import "server-only";
import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { requestIdOf } from "@/lib/api/http/request-id";
import { beginAnswer, exchangesOn } from "./exchange";

const CODES: Record<number, string> = {
  404: "not_found",
  405: "method_not_allowed",
  408: "request_timeout",
  413: "payload_too_large",
  417: "expectation_failed",
  431: "headers_too_large",
  500: "internal_error",
  501: "not_implemented",
  505: "version_not_supported",
};

/** Refused before any door was found, so in the native API's envelope. */
export function refuse(outgoing: ServerResponse, status: number, message: string, more?: OutgoingHttpHeaders): void {
  const { headers, body } = envelope(status, message, outgoing.req.headers["x-request-id"]);
  beginAnswer(outgoing, status, { ...headers, ...more });
  outgoing.end(outgoing.req.method === "HEAD" ? undefined : body);
}

/** What the parser of HTTP would not take. Its texts name bytes of the request, so none of them is passed on. */
const PARSER: Record<string, [status: number, message: string]> = {
  HPE_INVALID_METHOD: [501, "This method is not known here"],
  HPE_HEADER_OVERFLOW: [431, "The headers are too large"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "The chunk extensions are too large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request did not arrive in time"],
};

/**
 * Answers what is no request, and closes the connection. Where an answer is still owed to an earlier request nothing is
 * said: its sender would take this for that answer.
 */
export function refuseUnparsed(error: ParserError, socket: Socket): void {
  const owed = exchangesOn(socket);
  const isOwn = owed.length === 1 && owed[0] && !owed[0].req.complete && !owed[0].headersSent;
  if (!socket.writable || error.code === "ECONNRESET" || (owed.length > 0 && !isOwn)) return void socket.destroy();
  const [status, message] = isRequestLine(error) ? (PARSER[error.code ?? ""] ?? MALFORMED) : MALFORMED;
  refuseRaw(socket, status, message);
}

type ParserError = NodeJS.ErrnoException & { rawPacket?: Buffer };

const MALFORMED: [number, string] = [400, "This is not a well-formed HTTP request"];

/** Other protocols begin with what no method is either. */
const isRequestLine = ({ code, rawPacket }: ParserError) =>
  code !== "HPE_INVALID_METHOD" || /^[A-Za-z-]{1,32} \S+ HTTP\//.test(rawPacket?.toString("latin1", 0, 4_096) ?? "");

/** For a socket that Node has no answer object for. */
export function refuseRaw(socket: Socket, status: number, message: string, more: Record<string, string> = {}): void {
  const { headers, body } = envelope(status, message);
  const lines = Object.entries({ ...headers, ...more, connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** @param sentId the id that the caller gave the request, where it was read as far as that */
function envelope(status: number, message: string, sentId?: string | string[]) {
  const id = requestIdOf(new Headers(typeof sentId === "string" ? { "x-request-id": sentId } : {}));
  const error = { message, code: CODES[status] ?? "bad_request", details: null };
  const body = JSON.stringify({ error, request_id: id });
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "cache-control": "no-store",
    "x-request-id": id,
  };
  return { headers, body };
}
