import "server-only";
import { type Connection, type ConnectionOptions, createConnection } from "mysql2";
import type { OpenStream } from "@/lib/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { reach } from "../reach";
import { streamProblem } from "../stream-problems";
import { type Notes, StepFailure, type Trail } from "../trail";
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
import { given } from "./value-missing";

const MODES = ["verify-full", "require", "disable"] as const;

interface Target {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Not given: what suits where the server stands, without telling the password to one that was not verified. */
  tls: (typeof MODES)[number] | undefined;
}

/** How the way to the server is made, and who may hear the password itself at its end. */
interface Way {
  encrypted: boolean;
  verified: boolean;
  mayHear: MayHear;
}

/** Signs in to a MySQL, MariaDB or SingleStore server over a stream that the driver did not open. */
export const mysqlConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, trail, network) {
    trail.fieldInForm = (field) => FIELDS[field] ?? field;
    const target = await trail.step("values", () => targetOf(data));
    const { stream, isPublic } = await reach(trail, target, network);
    try {
      const way = await trail.step("tls", (notes) => wayTo(stream, target, isPublic, notes));
      await walk(trail, target, stream, way);
    } finally {
      stream.destroy();
    }
  },
});

const FIELDS: Record<string, string> = { host: "testHost", port: "testPort", sslmode: "testTls" };

function targetOf(data: CredentialData): Target {
  return {
    host: given(data.testHost, "The host for the test", "testHost"),
    port: Number(data.testPort ?? 3306),
    user: given(data.user, "The user", "user"),
    password: String(data.password ?? ""),
    tls: MODES.find((mode) => mode === data.testTls),
  };
}

/** The capability by which a server says in its greeting that it can encrypt. */
const CLIENT_SSL = 0x0800;

/** A mode that is named counts, wherever the server stands. */
async function wayTo(stream: OpenStream, { host, tls }: Target, isPublic: boolean, notes: Notes): Promise<Way> {
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
  if (tls !== undefined) throw new StepFailure(TLS_NOT_OFFERED);
  if (isPublic) throw new StepFailure(TLS_NOT_OFFERED_IN_PUBLIC);
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
    const fail = (error?: Error) => reject(new StepFailure(streamProblem(stream, error) ?? NOT_MYSQL));
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
  if (greeting[4] === 0xff) throw new StepFailure(TURNED_AWAY);
  const versionEnd = greeting.indexOf(0, 5);
  const at = versionEnd + 1 + 4 + 8 + 1;
  if (greeting[4] !== 10 || versionEnd < 0 || greeting.length < at + 2) throw new StepFailure(NOT_MYSQL);
  return greeting.readUInt16LE(at);
}

async function walk(
  trail: Trail,
  { host, user, password }: Target,
  stream: OpenStream,
  { encrypted, verified, mayHear }: Way,
): Promise<void> {
  let refused = false;
  const refuse = () => {
    refused = true;
    throw new StepFailure(PASSWORD_NOT_SENT);
  };
  const connection = await trail.step("sign_in", async () => {
    try {
      const connecting = connected({
        host,
        user,
        password,
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
      throw new StepFailure(refused ? PASSWORD_NOT_SENT : serverProblem(stream, error));
    }
  });
  await trail.step("permission", async (notes) => {
    try {
      await connection.promise().query("SELECT 1");
    } catch (error) {
      throw new StepFailure(serverProblem(stream, error));
    }
    notes.detail = "SELECT 1";
  });
  connection.destroy();
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
