import "server-only";
import type { TLSSocket } from "node:tls";
import { OpenStream } from "@/lib/platform/net/open-stream";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { type Problem, type StepDetails, StepError, type TestRun } from "../test-run";
import { handshake, judgeCertificate } from "../tls";
import { NOT_POSTGRESQL } from "./problems";
import type { Target } from "./target";

export interface Way {
  stream: OpenStream;
  /**
   * Whether the server may be told the password itself: its certificate was verified, or the credential names a mode that
   * accepts less. Else the password is proven, never sent.
   */
  mayHearPassword: boolean;
}

/**
 * Asks the server for TLS and judges its certificate, before the driver gets the stream: so the report can tell what
 * the certificate says, and the driver never decides by itself whether to go on in the clear.
 */
export function encrypt(testRun: TestRun, target: Target, stream: OpenStream): Promise<Way> {
  return testRun.step("tls", (notes) =>
    target.sslmode === undefined ? unnamed(testRun, notes, target, stream) : named(testRun, notes, target, stream),
  );
}

/** The mode that the credential names counts, wherever the server stands. */
async function named(
  testRun: TestRun,
  notes: StepDetails,
  { host, ca, sslmode = "verify-full" }: Target,
  stream: OpenStream,
) {
  if (sslmode === "disable") {
    notes.detail = "Switched off: everything, the password included, can be read on the way";
    notes.warning = NOT_ENCRYPTED;
    return { stream, mayHearPassword: true };
  }
  if (!(await offersTls(stream))) throw new StepError(TLS_NOT_OFFERED);
  const socket = await handshake(stream, { host, ca });
  judgeCertificate(testRun, notes, { mode: sslmode, host }, socket);
  return { stream: new OpenStream(socket), mayHearPassword: true };
}

/** Nothing is named: what the server has is used, and it hears the password only if it was verified fully. */
async function unnamed(testRun: TestRun, notes: StepDetails, { host, ca }: Target, stream: OpenStream): Promise<Way> {
  if (!(await offersTls(stream))) {
    notes.detail =
      "Not offered by the server: the password is at most proven, never sent; everything else can be read on the way";
    notes.warning = NOT_OFFERED;
    return { stream, mayHearPassword: false };
  }
  const socket = await handshake(stream, { host, ca });
  const problem = verdict(testRun, notes, host, socket);
  if (problem) notes.warning = { ...problem, meaning: `${problem.meaning} ${PROVEN_ONLY}` };
  return { stream: new OpenStream(socket), mayHearPassword: problem === undefined };
}

const PROVEN_ONLY = "So the password is at most proven, never sent.";

/** What a full verification has against the certificate. */
function verdict(testRun: TestRun, notes: StepDetails, host: string, socket: TLSSocket): Problem | undefined {
  try {
    judgeCertificate(testRun, notes, { mode: "verify-full", host }, socket);
    return undefined;
  } catch (error) {
    if (error instanceof StepError) return error.problem;
    throw error;
  }
}

/** @throws StepFailure for what answers in no way that PostgreSQL does */
async function offersTls(stream: OpenStream): Promise<boolean> {
  const answer = await askForTls(stream);
  if (answer === undefined) throw new StepError(NOT_POSTGRESQL);
  return answer === "S";
}

/** PostgreSQL's SSLRequest: a length, and a number that no protocol version has. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** The one byte that answers. More than one could be meant to pass as part of the encrypted talk, so it is no answer. */
function askForTls(stream: OpenStream): Promise<"S" | "N" | undefined> {
  return new Promise((resolve, reject) => {
    const onEnd = () => reject(new StepError(CONNECTION_LOST));
    const onError = (error: Error) => reject(new StepError(streamProblem(stream, error) ?? NOT_POSTGRESQL));
    stream.once("end", onEnd).once("error", onError);
    stream.once("data", (chunk: Buffer) => {
      stream.pause();
      stream.off("end", onEnd).off("error", onError);
      const letter = chunk.length === 1 ? chunk.toString("latin1") : "";
      resolve(letter === "S" || letter === "N" ? letter : undefined);
    });
    stream.write(SSL_REQUEST);
  });
}

const NOT_ENCRYPTED = {
  code: "not_encrypted",
  meaning: "The connection is not encrypted.",
  advice: "Set TLS to “Verify fully”, if the server offers it.",
  field: "sslmode",
};

const NOT_OFFERED = {
  code: "not_encrypted",
  meaning:
    "The server does not offer encryption. The password is at most proven, never sent; everything else is readable.",
  advice: "Switch TLS on at the server (ssl = on), then set TLS to “Verify fully”.",
  field: "sslmode",
};

const TLS_NOT_OFFERED: Problem = {
  code: "tls_not_offered",
  meaning: "The server does not offer encryption.",
  advice: "Switch TLS on at the server (ssl = on). Only on a network you trust completely, set TLS to “None”.",
  field: "sslmode",
  outcome: "failed",
};
