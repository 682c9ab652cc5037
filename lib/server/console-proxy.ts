import "server-only";
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from "node:http";
import type { ConsoleProcess } from "./console-process";

/** Hands a request to the console's process, and its answer back. */
export type Forward = (incoming: IncomingMessage, outgoing: ServerResponse, address: string) => void;

/**
 * @param publicUrl what the console is to take for its own address: Next compares it with Origin before it runs an
 * action, so it must not come from the request
 */
export function forwardTo(console: ConsoleProcess, publicUrl: URL): Forward {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });
  return (incoming, outgoing, address) => {
    if (!console.up) return answerNotReady(outgoing);
    const headers = { ...passedOn(incoming), ...vouchedFor(publicUrl, address) };
    const { method, url: path } = incoming;
    const onward = request({ socketPath: console.socket, agent, method, path, headers });
    onward.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, endToEnd(answer));
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    onward.on("error", () => (outgoing.headersSent ? outgoing.destroy() : answerNotReady(outgoing)));
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  };
}

const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** What Next's own client sends. Every other header of Next's steers the server from inside, and is dropped. */
const OF_NEXT_CLIENT = new Set([
  "next-action",
  "next-router-prefetch",
  "next-router-segment-prefetch",
  "next-router-state-tree",
  "next-url",
]);
const STEERING =
  /^(next-|x-next|x-middleware-|x-invoke-|x-nonce$|x-matched-path$|x-prerender-|x-forwarded|forwarded$|x-real-ip$|x-latchkey-)/;

function passedOn(incoming: IncomingMessage): OutgoingHttpHeaders {
  const kept = Object.entries(endToEnd(incoming)).filter(([name]) => OF_NEXT_CLIENT.has(name) || !STEERING.test(name));
  return Object.fromEntries(kept);
}

function vouchedFor(publicUrl: URL, address: string): OutgoingHttpHeaders {
  return {
    host: publicUrl.host,
    "x-forwarded-host": publicUrl.host,
    "x-forwarded-proto": publicUrl.protocol.slice(0, -1),
    "x-forwarded-for": address,
    "x-latchkey-address": address,
  };
}

/** The headers of a message but those that are about one connection. */
function endToEnd({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(",");
  const dropped = new Set([...HOP_BY_HOP, ...named.map((name) => name.trim())]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

const NOT_READY = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>Latchkey</title><h1>One moment</h1><p>The console is starting. This page tries again by itself.</p></html>
`;

function answerNotReady(outgoing: ServerResponse): void {
  outgoing.writeHead(503, {
    "content-type": "text/html; charset=utf-8",
    "content-length": Buffer.byteLength(NOT_READY),
    "cache-control": "no-store",
    "retry-after": "2",
  });
  outgoing.end(NOT_READY);
}
