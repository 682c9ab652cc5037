import "server-only";
import type { TLSSocket } from "node:tls";
import { type ClientCertificate, encrypted } from "@/lib/platform/net/encrypt";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import {
  type CertificateMode,
  certificateProblem,
  describeCertificate,
  expiry,
  type PresentedCertificate,
} from "./certificate";
import { streamProblem } from "./stream-problems";
import { type Problem, type StepDetails, StepError, type TestRun } from "./test-run";

/** @throws StepFailure when no encryption comes about; the certificate is judged by `judgeCertificate`, before anything is sent */
export async function handshake(
  stream: OpenStream,
  { host, ca, certificate }: { host: string; ca?: string | undefined; certificate?: ClientCertificate | undefined },
): Promise<TLSSocket> {
  try {
    return await encrypted(stream, { host, ca, certificate, verify: false });
  } catch (error) {
    throw new StepError(streamProblem(stream, error) ?? HANDSHAKE_FAILED);
  }
}

export const presented = (socket: TLSSocket): PresentedCertificate => ({
  certificate: socket.getPeerCertificate(),
  // Typed as an error, but it is OpenSSL's code; or Node's, of a name, where a driver lets Node compare names as well.
  chainError:
    socket.authorized || String(socket.authorizationError) === OTHER_NAME
      ? undefined
      : String(socket.authorizationError),
});

/** Says that the chain is trusted; whether the name fits is looked at by whoever judges. */
const OTHER_NAME = "ERR_TLS_CERT_ALTNAME_INVALID";

/** A certificate that ends within this time is worth a warning. */
const SOON_MS = 21 * 24 * 60 * 60 * 1000;

/** Judges the certificate as the mode demands, and notes what is worth knowing of it. @throws StepFailure */
export function judgeCertificate(
  testRun: TestRun,
  notes: StepDetails,
  { mode, host }: { mode: CertificateMode; host: string },
  socket: TLSSocket,
): void {
  const found = presented(socket);
  notes.detail = describeCertificate(found.certificate);
  const end = expiry(found.certificate);
  if (end) testRun.facts.certificateExpiresAt = end.toISOString();
  const problem = certificateProblem(mode, host.replace(/^\[(.*)\]$/, "$1"), found);
  if (problem) throw new StepError(problem);
  if (mode === "require") notes.warning = NOT_CHECKED;
  else if (end && end.getTime() - Date.now() < SOON_MS) notes.warning = EXPIRES_SOON;
}

const NOT_CHECKED = {
  code: "certificate_not_checked",
  meaning: "The connection is encrypted, but whose it is was not checked: anybody in between could pose as the server.",
  advice: "Set TLS to “Verify fully”.",
  field: "sslmode",
};

const EXPIRES_SOON = {
  code: "certificate_expires_soon",
  meaning: "The server's certificate expires within three weeks.",
  advice: "Renew it on the server in time.",
  field: "host",
};

const HANDSHAKE_FAILED: Problem = {
  code: "tls_failed",
  meaning: "The server agreed to encrypt, but no common way was found (TLS 1.2 or newer is required).",
  advice: "Check the server's TLS settings, and that no other service answers at this port.",
  field: "sslmode",
  outcome: "failed",
};
