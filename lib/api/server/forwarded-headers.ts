import "server-only";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** About one connection or one message's framing, and so never passed on: the next hop is framed anew. */
const OF_HOP = new Set([
  "connection",
  "content-length",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
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

/** What the console gets of a request's headers, and what it can rely on because it comes from us. */
export function headersToConsole(headers: IncomingHttpHeaders, publicUrl: URL, address: string): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) => !OF_HOP.has(name) && (OF_NEXT_CLIENT.has(name) || !STEERING.test(name)),
  );
  return { ...Object.fromEntries(kept), ...vouchedFor(publicUrl, address) };
}

/** What a client gets of an answer's headers. The length stays: it is the answer's own, also where no body follows. */
export function headersToClient(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name === "content-length" || !OF_HOP.has(name)));
}

/** Next compares its own address with Origin before it runs an action, so it must not come from the request. */
const vouchedFor = (publicUrl: URL, address: string): IncomingHttpHeaders => ({
  host: publicUrl.host,
  "x-forwarded-host": publicUrl.host,
  "x-forwarded-proto": publicUrl.protocol.slice(0, -1),
  "x-forwarded-for": address,
  "x-latchkey-address": address,
});
