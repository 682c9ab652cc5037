import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { corsHeaders } from "@/lib/http/cors";

/**
 * Programs ask for `/` to learn whether anybody is there; people get the console. A program is whoever does not ask for
 * a page, and is not the console's own client fetching parts of one.
 */
export function isHealthCheck({ method, url, headers }: IncomingMessage): boolean {
  const [path, query = ""] = (url ?? "").split("?");
  if (path !== "/") return false;
  if (method === "HEAD") return true;
  const ofConsole = headers.rsc !== undefined || headers["next-url"] !== undefined || query.includes("_rsc=");
  return method === "GET" && !ofConsole && !/\btext\/html\b/.test(headers.accept ?? "");
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Latchkey</title><h1>Latchkey</h1><p>The API answers.</p></html>
`;

export function answerHealth({ method, headers }: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-length": method === "HEAD" ? 0 : Buffer.byteLength(PAGE),
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    ...corsHeaders(new Headers(headers.origin ? { origin: headers.origin } : {})),
  });
  outgoing.end(PAGE);
}
