import "server-only";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { beginAnswer } from "./exchange";

interface PlainPage {
  title: string;
  /** Plain text of ours; nothing that came with the request. */
  text: string;
  /** The page asks again by itself after so many seconds. */
  again?: number;
  headers?: OutgoingHttpHeaders;
}

/** A page from the gateway itself: it loads nothing, runs nothing, sends nothing and stands in no frame. */
export function answerPage(outgoing: ServerResponse, status: number, { title, text, again, headers }: PlainPage): void {
  const refresh = again === undefined ? "" : `<meta http-equiv="refresh" content="${again}">`;
  const page = `<!doctype html><html lang="en"><meta charset="utf-8">${refresh}
<title>Latchkey</title><h1>${title}</h1><p>${text}</p></html>
`;
  beginAnswer(outgoing, status, {
    "content-type": "text/html; charset=utf-8",
    "content-length": Buffer.byteLength(page),
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    ...(again !== undefined && { "retry-after": String(again) }),
    ...headers,
  });
  outgoing.end(outgoing.req.method === "HEAD" ? undefined : page);
}
