import "server-only";
import type { IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { Budget, OverBudget } from "@/lib/platform/net/budget";
import type { ClientCertificate } from "@/lib/platform/net/encrypt";
import { exchangeOver, type HttpRequest as Sent } from "@/lib/platform/net/http-exchange";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { ReachedHost } from "./reach";
import { streamProblem, TOO_MUCH_DATA } from "./stream-problems";
import { type Problem, type StepDetails, StepError, type TestRun } from "./test-run";
import { handshake, judgeCertificate } from "./tls";

export { usualHeaders } from "@/lib/platform/net/http-exchange";

/** One HTTP request over a stream that the guard has let through: one answer, no redirect followed, nothing dialled here. */
export interface HttpRequest extends Sent {
  encrypted: boolean;
  host: string;
  port: number;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

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
  testRun: TestRun,
  notes: StepDetails,
  place: Pick<HttpRequest, "encrypted" | "host"> & { certificate?: ClientCertificate | undefined },
  { stream: plain, isPublic }: ReachedHost,
): Promise<HttpStream> {
  try {
    if (!place.encrypted) {
      if (isPublic) throw new StepError(NOT_ENCRYPTED);
      notes.detail = "Not encrypted: everything, the key included, can be read on the way";
      notes.warning = NOT_ENCRYPTED;
      return httpStream(plain, plain);
    }
    const socket = await handshake(plain, { host: place.host, certificate: place.certificate });
    try {
      judgeCertificate(testRun, notes, { mode: "verify-full", host: place.host }, socket);
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

/** What one request of a test may cost; the test's own deadline ends it sooner. */
const LIMITS = { totalMs: 10_000, connectMs: 5_000, maxBytes: 256 * 1024 };

/** @throws StepFailure for everything that is not an HTTP answer */
export async function exchange(on: HttpStream, sent: Sent, options: { readsBody?: boolean } = {}): Promise<HttpAnswer> {
  const budget = new Budget(LIMITS);
  try {
    const { body, ...answer } = await exchangeOver(on.stream, sent, budget, options);
    return { ...answer, body: body.toString("utf8") };
  } catch (error) {
    if (error instanceof OverBudget) throw new StepError(TOO_MUCH_DATA);
    throw new StepError(streamProblem(on.plain, error) ?? NOT_HTTP);
  } finally {
    budget.close();
  }
}

/** Certificates of these kinds have no field for an authority of one's own. */
export const withOwnAuthority = (error: unknown): unknown =>
  error instanceof StepError && error.problem.field === "ssl_ca"
    ? new StepError({ ...error.problem, advice: OWN_AUTHORITY, field: "host" })
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
