import "server-only";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { hasBody } from "./framing";

/** How long a closed connection is still read from, so that the kernel does not throw our answer away with the rest. */
const LINGER_MS = 1_000;

const retired = new WeakSet<Socket>();
const open = new WeakMap<Socket, Set<ServerResponse>>();

/** Every part of the way waits once for the end of an answer: their number is fixed, and above what Node takes for a leak. */
const PARTS = 24;

/** Notes that an answer is owed on a connection. */
export function openExchange({ socket }: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.setMaxListeners(PARTS);
  const owed = open.get(socket) ?? new Set();
  open.set(socket, owed.add(outgoing));
  outgoing.once("close", () => owed.delete(outgoing));
}

/** The answers that are owed on a connection, oldest first. */
export const exchangesOn = (socket: Socket): ServerResponse[] => [...(open.get(socket) ?? [])];

/**
 * Begins an answer; nothing here begins one in another way. The connection lives on only if the request was read to
 * its end by now: otherwise the rest of its body would have to be told from the next request, and is not.
 */
export function beginAnswer(outgoing: ServerResponse, status: number, headers: OutgoingHttpHeaders): ServerResponse {
  const { req } = outgoing;
  if (req.headers.upgrade !== undefined || (hasBody(req) && !req.complete)) retire(outgoing);
  return outgoing.writeHead(status, headers);
}

/** Closes the connection after this answer, whatever was agreed. */
export function retire(outgoing: ServerResponse): void {
  outgoing.shouldKeepAlive = false;
  if (outgoing.socket) retired.add(outgoing.socket);
}

const continued = new WeakSet<IncomingMessage>();

/** Says to a client that waits for it that its body is wanted. To be called before a body is read. */
export function wantBody(outgoing: ServerResponse): void {
  const { req } = outgoing;
  if (req.headers.expect === undefined || outgoing.headersSent || continued.has(req)) return;
  continued.add(req);
  outgoing.writeContinue();
}

/** True for a request that came behind one after which its connection was given up: it is not to be acted on. */
export const isStray = ({ socket }: IncomingMessage): boolean => retired.has(socket);

/** Node closes at once what it closes after an answer. Ours half-closes, and reads on for a moment. */
export function lingerOnClose(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    if (socket.readableEnded) return;
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once("close", () => clearTimeout(timer));
  };
}

/** Aborts when the client has gone before its answer was whole. */
export function goneSignal(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (outgoing.destroyed) gone.abort();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return gone.signal;
}
