import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { constants } from "node:zlib";
import compression from "compression";

/**
 * Compresses an answer that is text, in brotli or gzip as the client takes them, unless it is small, compressed already, or says
 * `no-transform` (RFC 9110, section 8.4; 9111, section 5.2.2.6). To be called before the answer begins. Each piece goes out as
 * soon as it is written: pages and reports of progress are sent while they are made.
 */
export function compressText(incoming: IncomingMessage, outgoing: ServerResponse): void {
  // Asked for nothing but the library's own questions of a request: its headers and method.
  compress(incoming as Parameters<typeof compress>[0], outgoing as Parameters<typeof compress>[1], () => undefined);
}

const compress = compression({
  filter: (request, answer) =>
    IN_LINES.test(String(answer.getHeader("content-type"))) || compression.filter(request, answer),
  flush: constants.Z_SYNC_FLUSH,
  brotli: { flush: constants.BROTLI_OPERATION_FLUSH },
});
/** JSON in lines, which the library's list of types does not have. */
const IN_LINES = /^application\/x-ndjson\b/;
