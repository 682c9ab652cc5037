import "server-only";
import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import type { OpenStream } from "@/lib/net/open-stream";
import { streamProblem } from "./stream-problems";
import { handshake, judgeCertificate } from "./tls";
import { type Problem, StepFailure, type Trail } from "./trail";

/** One HTTP request over a connection that the guard has opened. Redirects are not followed: nothing here could. */
export interface HttpRequest {
  encrypted: boolean;
  host: string;
  port: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface HttpAnswer {
  status: number;
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

/** The TLS step. Clear text is for networks that the operator opened, and gets a warning there. */
export function encrypted(
  trail: Trail,
  { encrypted: wanted, host }: Pick<HttpRequest, "encrypted" | "host">,
  plain: OpenStream,
  isPublic: boolean,
): Promise<Duplex> {
  return trail.step("tls", async (notes) => {
    if (!wanted) {
      if (isPublic) throw new StepFailure(NOT_ENCRYPTED);
      notes.detail = "Not encrypted: everything, the key included, can be read on the way";
      notes.warning = NOT_ENCRYPTED;
      return plain;
    }
    const socket = await handshake(plain, { host });
    try {
      judgeCertificate(trail, notes, { mode: "verify-full", host }, socket);
    } catch (error) {
      socket.destroy();
      throw withOwnAuthority(error);
    }
    return socket;
  });
}

/** @throws StepFailure for what is not HTTP */
export function exchange(
  stream: Duplex,
  plain: OpenStream,
  { method, path, headers, body }: HttpRequest,
  readsBody: boolean,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(new StepFailure(streamProblem(plain, error) ?? NOT_HTTP));
    const call = request({ method, path, headers, createConnection: () => stream, setHost: false });
    call.once("error", fail);
    call.once("response", (response) => {
      const status = response.statusCode ?? 0;
      if (!readsBody) return resolve({ status, body: "" });
      textOf(response).then((text) => resolve({ status, body: text }), fail);
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

/** Credentials that are tried out over HTTP have no field for an authority of one's own. */
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
