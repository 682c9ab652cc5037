import "server-only";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { Problem } from "./test-run";

/** What can go wrong with any open connection, whatever is spoken over it; undefined when the stream itself is fine. */
export function streamProblem(stream: OpenStream, error: unknown): Problem | undefined {
  if (stream.overflown) return TOO_MUCH_DATA;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code !== undefined && BROKEN.includes(code) ? CONNECTION_LOST : undefined;
}

const BROKEN = [
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ECONNABORTED",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_DESTROYED",
];

export const TOO_MUCH_DATA: Problem = {
  code: "too_much_data",
  meaning: "The other side sent more than a test accepts (256 KiB).",
  advice: "Check host and port: this is not how the expected server behaves.",
  field: "host",
  outcome: "failed",
};

export const CONNECTION_LOST: Problem = {
  code: "connection_lost",
  meaning: "The other side broke off the connection.",
  advice: "Try again; if it stays, look at the server's own log at this time.",
  outcome: "unreachable",
};
