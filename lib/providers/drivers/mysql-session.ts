import "server-only";
import { type Connection, type ConnectionOptions, createConnection } from "mysql2";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { Network } from "../define-connection";
import { reach } from "../reach";
import { streamProblem } from "../stream-problems";
import { type Problem, type StepDetails, StepError, type TestRun } from "../test-run";
import { type MayHear, provingOnly, verifiedAs } from "./mysql-password";
import {
  NOT_ENCRYPTED,
  NOT_MYSQL,
  NOT_OFFERED_INSIDE,
  NOT_VERIFIED,
  NOT_VERIFIED_INSIDE,
  PASSWORD_NOT_SENT,
  serverProblem,
  TLS_NOT_OFFERED,
  TLS_NOT_OFFERED_IN_PUBLIC,
  TURNED_AWAY,
} from "./mysql-problems";

export const mysqlModes = ["verify-full", "require", "disable"] as const;

export interface MysqlTarget {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Not given: none is chosen. */
  database?: string;
  /** Not given: what suits where the server stands, without telling the password to one that was not verified. */
  tls: (typeof mysqlModes)[number] | undefined;
}

export interface MysqlSession {
  connection: Connection;
  /** What an error of a query means. */
  problemOf: (error: unknown) => Problem;
  close: () => void;
}

/** How the way to the server is made, and who may hear the password itself at its end. */
interface Way {
  encrypted: boolean;
  verified: boolean;
  mayHear: MayHear;
}

/**
 * Walks the steps from the host's name to a session: resolve, address, connect, tls, sign_in. The driver dials nothing
 * itself.
 * @throws StepFailure of the step that failed, with everything closed
 */
export async function openMysql(testRun: TestRun, target: MysqlTarget, network: Network): Promise<MysqlSession> {
  const { stream, isPublic } = await reach(testRun, target, network);
  try {
    const way = await testRun.step("tls", (notes) => wayTo(stream, target, isPublic, notes));
    const connection = await testRun.step("sign_in", () => signIn(stream, target, way));
    const close = () => {
      connection.destroy();
      stream.destroy();
    };
    return { connection, problemOf: (error) => serverProblem(stream, error), close };
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

/** The capability by which a server says in its greeting that it can encrypt. */
const CLIENT_SSL = 0x0800;

/** A mode that is named counts, wherever the server stands. */
async function wayTo(
  stream: OpenStream,
  { host, tls }: MysqlTarget,
  isPublic: boolean,
  notes: StepDetails,
): Promise<Way> {
  const offered = await offersTls(stream);
  if (tls === "disable") {
    notes.detail = "Switched off: everything, the password included, can be read on the way";
    notes.warning = NOT_ENCRYPTED;
    return { encrypted: false, verified: false, mayHear: () => true };
  }
  if (offered) {
    const verified = tls === "verify-full" || (tls === undefined && isPublic);
    notes.detail = verified ? "Offered; the certificate is checked before anything is sent" : "Offered";
    if (!verified) notes.warning = tls === undefined ? NOT_VERIFIED_INSIDE : NOT_VERIFIED;
    return { encrypted: true, verified, mayHear: tls === undefined ? verifiedAs(host) : () => true };
  }
  if (tls !== undefined) throw new StepError(TLS_NOT_OFFERED);
  if (isPublic) throw new StepError(TLS_NOT_OFFERED_IN_PUBLIC);
  notes.detail =
    "Not offered by the server: the password is at most proven, never sent; everything else can be read on the way";
  notes.warning = NOT_OFFERED_INSIDE;
  return { encrypted: false, verified: false, mayHear: () => false };
}

/** Reads the greeting, which the server sends by itself, and puts it back for the driver. */
async function offersTls(stream: OpenStream): Promise<boolean> {
  const greeting = await firstChunk(stream);
  const offered = (capabilitiesOf(greeting) & CLIENT_SSL) !== 0;
  stream.unshift(greeting);
  return offered;
}

function firstChunk(stream: OpenStream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (error?: Error) => reject(new StepError(streamProblem(stream, error) ?? NOT_MYSQL));
    stream.once("end", fail).once("error", fail);
    stream.once("data", (chunk: Buffer) => {
      stream.pause();
      stream.off("end", fail).off("error", fail);
      resolve(chunk);
    });
  });
}

/** Protocol 10: a version text that ends in zero, four bytes, eight bytes and a zero, then the lower capabilities. */
function capabilitiesOf(greeting: Buffer): number {
  if (greeting[4] === 0xff) throw new StepError(TURNED_AWAY);
  const versionEnd = greeting.indexOf(0, 5);
  const at = versionEnd + 1 + 4 + 8 + 1;
  if (greeting[4] !== 10 || versionEnd < 0 || greeting.length < at + 2) throw new StepError(NOT_MYSQL);
  return greeting.readUInt16LE(at);
}

async function signIn(
  stream: OpenStream,
  { host, user, password, database }: MysqlTarget,
  { encrypted, verified, mayHear }: Way,
): Promise<Connection> {
  let refused = false;
  const refuse = () => {
    refused = true;
    throw new StepError(PASSWORD_NOT_SENT);
  };
  try {
    const connecting = connected({
      host,
      user,
      password,
      ...(database !== undefined && { database }),
      stream,
      ...(encrypted && { ssl: { minVersion: "TLSv1.2", rejectUnauthorized: verified, verifyIdentity: verified } }),
      // Whatever the server asks for: no file of this machine, and no password where it may not be heard.
      flags: ["-LOCAL_FILES"],
      authPlugins: provingOnly(mayHear, refuse),
      disableEval: true,
    });
    // It was paused after the greeting, and the driver does not wake it.
    stream.resume();
    return await connecting;
  } catch (error) {
    throw new StepError(refused ? PASSWORD_NOT_SENT : serverProblem(stream, error));
  }
}

/**
 * The driver tells that its stream was closed before it tells why it closed it, such as for the certificate. So the reason
 * is waited for; what comes later still goes nowhere.
 */
function connected(options: ConnectionOptions): Promise<Connection> {
  const connection = createConnection(options);
  return new Promise((resolve, reject) => {
    let reason: { code: string } | undefined;
    connection.once("connect", () => resolve(connection));
    connection.on("error", (error) => {
      if (reason === undefined || reason.code === "PROTOCOL_CONNECTION_LOST") reason = error;
      setImmediate(() => reject(reason));
    });
  });
}
