import "server-only";
import type { TLSSocket } from "node:tls";
import { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import type { Network } from "../define-connection";
import { withOwnAuthority } from "../http-exchange";
import { reach } from "../reach";
import { CONNECTION_LOST } from "../stream-problems";
import { type Problem, type StepDetails, StepError, type TestRun } from "../test-run";
import { handshake, judgeCertificate } from "../tls";
import { ANY_CERTIFICATE, NO_TLS_AT_PORT, NOT_ENCRYPTED } from "./protocol-problems";

/** How a server of a protocol is reached: encrypted from the first byte on, from a command on, or not at all. */
export type Way = "tls" | "starttls" | "none";

export interface Server {
  host: string;
  port: number;
  way: Way;
  /** The values say that whoever answers may hear the password, as long as it is encrypted. */
  acceptsAny: boolean;
}

/** The ports of a protocol: encrypted at once, and otherwise; and which of them is meant where none is named. */
interface Ports {
  tls: number;
  other: number;
  usual: "tls" | "other";
}

/**
 * Where the values lead. A way that they do not name is encrypted: by the command of the protocol, if it has one and the
 * port is not that of encryption from the first byte on.
 */
export function serverOf(data: CredentialData, ports: Ports, upgrades: "upgrades" | "from the first byte"): Server {
  const named = WAYS.find((one) => one === data.tls);
  const usual = named === undefined ? ports[ports.usual] : named === "tls" ? ports.tls : ports.other;
  const port = Number(data.port ?? usual);
  return {
    host: String(data.host),
    port,
    way: named ?? (upgrades === "upgrades" && port !== ports.tls ? "starttls" : "tls"),
    acceptsAny: data.accepts_any === true,
  };
}

const WAYS: Way[] = ["tls", "starttls", "none"];

/**
 * Opens the way to a server for a driver, and closes it whatever becomes of that. Where encryption comes later, the "tls"
 * step is the driver's own.
 */
export async function overStream(
  testRun: TestRun,
  server: Server,
  network: Network,
  talk: (stream: OpenStream, plain: OpenStream) => Promise<void>,
): Promise<void> {
  testRun.fieldInForm = (field) => (field === "sslmode" ? "tls" : field);
  const { stream: plain } = await reach(testRun, server, network);
  let stream = plain;
  try {
    if (server.way !== "starttls")
      stream = await testRun.step("tls", (notes) => fromTheStart(testRun, notes, server, plain));
    await talk(stream, plain);
  } finally {
    stream.destroy();
    plain.destroy();
  }
}

async function fromTheStart(
  testRun: TestRun,
  notes: StepDetails,
  server: Server,
  plain: OpenStream,
): Promise<OpenStream> {
  if (server.way === "none") {
    notes.detail = "Switched off: everything, the password included, can be read on the way";
    notes.warning = NOT_ENCRYPTED;
    return plain;
  }
  const socket = await handshake(plain, server).catch((error: unknown) => {
    const told = error instanceof StepError ? NO_TLS[error.problem.code] : undefined;
    throw told ? new StepError(told) : error;
  });
  judged(testRun, notes, server, socket);
  return new OpenStream(socket);
}

/** What it may mean that no encryption came about, where it was to begin at once. */
const NO_TLS: Partial<Record<string, Problem>> = {
  tls_failed: NO_TLS_AT_PORT,
  connection_lost: {
    ...CONNECTION_LOST,
    meaning: "The other side broke off the connection when encryption was to begin.",
    advice: NO_TLS_AT_PORT.advice,
    field: "sslmode",
  },
};

/** Judges a server's certificate before it hears anything secret. @throws StepError, with the socket closed */
export function judged(testRun: TestRun, notes: StepDetails, server: Server, socket: TLSSocket): void {
  try {
    judge(testRun, notes, server, socket);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The same, for a driver whose socket must not be closed under it: the caller sees to it that nothing is sent. @throws StepError */
export function judge(testRun: TestRun, notes: StepDetails, { host, acceptsAny }: Server, socket: TLSSocket): void {
  try {
    judgeCertificate(testRun, notes, { mode: acceptsAny ? "require" : "verify-full", host }, socket);
    if (acceptsAny) notes.warning = ANY_CERTIFICATE;
  } catch (error) {
    throw withOwnAuthority(error);
  }
}
