import "server-only";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import type { OpenStream } from "@/lib/net/open-stream";
import type { Reached } from "./reach";
import { streamProblem } from "./stream-problems";
import { handshake, judgeCertificate } from "./tls";
import { type Notes, type Problem, StepFailure, type Trail } from "./trail";

/** One HTTP request over a stream that the guard has let through: one answer, no redirect followed, nothing dialled here. */
export interface HttpRequest {
  encrypted: boolean;
  host: string;
  port: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What every request of a test says of itself. */
export const usualHeaders = (url: URL): Record<string, string> => ({
  Host: url.host,
  Accept: "application/json",
  "Accept-Encoding": "identity",
  "User-Agent": "latchkey",
  Connection: "close",
});

/** Where a URL leads: what has to be dialled. */
export const placeOf = (url: URL) => ({
  encrypted: url.protocol === "https:",
  host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
  port: Number(url.port) || (url.protocol === "https:" ? 443 : 80),
});

/** The stream that a request goes out on, and the one below its encryption, which knows what came in. */
export interface HttpStream {
  stream: Duplex;
  plain: OpenStream;
  close: () => void;
}

/**
 * Encrypts, and checks the certificate fully. Plain HTTP is for inner networks alone, and is told as what it is.
 * @throws StepFailure, with everything closed
 */
export async function secured(
  trail: Trail,
  notes: Notes,
  place: Pick<HttpRequest, "encrypted" | "host">,
  { stream: plain, isPublic }: Reached,
): Promise<HttpStream> {
  try {
    if (!place.encrypted) {
      if (isPublic) throw new StepFailure(NOT_ENCRYPTED);
      notes.detail = "Not encrypted: everything, the key included, can be read on the way";
      notes.warning = NOT_ENCRYPTED;
      return httpStream(plain, plain);
    }
    const socket = await handshake(plain, { host: place.host });
    try {
      judgeCertificate(trail, notes, { mode: "verify-full", host: place.host }, socket);
    } catch (error) {
      socket.destroy();
      throw withOwnAuthority(error);
    }
    return httpStream(socket, plain);
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

const httpStream = (stream: Duplex, plain: OpenStream): HttpStream => ({
  stream,
  plain,
  close: () => {
    stream.destroy();
    plain.destroy();
  },
});

/** @throws StepFailure for everything that is not an HTTP answer */
export function exchange(
  on: HttpStream,
  sent: Pick<HttpRequest, "method" | "path" | "headers" | "body">,
  { readsBody = true } = {},
): Promise<HttpAnswer> {
  const { method, path, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(new StepFailure(streamProblem(on.plain, error) ?? NOT_HTTP));
    const call = request({ method, path, headers, createConnection: () => on.stream, setHost: false });
    call.once("error", fail);
    call.once("response", (response) => {
      const answer = { status: response.statusCode ?? 0, headers: response.headers };
      if (!readsBody) return resolve({ ...answer, body: "" });
      textOf(response).then((text) => resolve({ ...answer, body: text }), fail);
    });
    call.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // The stream below ends a flood.
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Certificates of these kinds have no field for an authority of one's own. */
export const withOwnAuthority = (error: unknown): unknown =>
  error instanceof StepFailure && error.problem.field === "ssl_ca"
    ? new StepFailure({ ...error.problem, advice: OWN_AUTHORITY, field: "host" })
    : error;

const OWN_AUTHORITY =
  "Check the address. If the server is your own, whoever runs Latchkey can name its authority's certificate in NODE_EXTRA_CA_CERTS.";

const NOT_ENCRYPTED: Problem = {
  code: "not_encrypted",
  meaning: "The address begins with http://, so the key would travel unencrypted.",
  advice: "Use https://.",
  field: "host",
  outcome: "failed",
};

const NOT_HTTP: Problem = {
  code: "not_http",
  meaning: "What answers at this address does not speak HTTP as a test understands it.",
  advice: "Check the address and its port.",
  field: "host",
  outcome: "failed",
};
