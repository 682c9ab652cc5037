import "server-only";
import { createConnection } from "mysql2/promise";
import type { OpenStream } from "@/lib/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { reach } from "../reach";
import { streamProblem } from "../stream-problems";
import { type Notes, StepFailure, type Trail } from "../trail";
import {
  NOT_CHECKED,
  NOT_MYSQL,
  NOT_OFFERED_INSIDE,
  serverProblem,
  TLS_NOT_OFFERED,
  TURNED_AWAY,
} from "./mysql-problems";
import { given } from "./value-missing";

interface Target {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** Signs in to a MySQL, MariaDB or SingleStore server over a stream that the driver did not open. */
export const mysqlConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, trail, network) {
    trail.fieldInForm = (field) => FIELDS[field] ?? field;
    const target = await trail.step("values", () => targetOf(data));
    const { stream, isPublic } = await reach(trail, target, network);
    try {
      const encrypted = await trail.step("tls", (notes) => offersTls(stream, isPublic, notes));
      await walk(trail, target, stream, { encrypted, isPublic });
    } finally {
      stream.destroy();
    }
  },
});

const FIELDS: Record<string, string> = { host: "testHost", port: "testPort" };

function targetOf(data: CredentialData): Target {
  return {
    host: given(data.testHost, "The host for the test", "testHost"),
    port: Number(data.testPort ?? 3306),
    user: given(data.user, "The user", "user"),
    password: String(data.password ?? ""),
  };
}

/** The capability by which a server says in its greeting that it can encrypt. */
const CLIENT_SSL = 0x0800;

/** Reads the greeting, which the server sends by itself, and puts it back for the driver. */
async function offersTls(stream: OpenStream, isPublic: boolean, notes: Notes): Promise<boolean> {
  const greeting = await firstChunk(stream);
  const offered = (capabilitiesOf(greeting) & CLIENT_SSL) !== 0;
  stream.unshift(greeting);
  if (offered) {
    notes.detail = isPublic ? "Offered; the certificate is checked before anything is sent" : "Offered";
    if (!isPublic) notes.warning = NOT_CHECKED;
  } else if (isPublic) throw new StepFailure(TLS_NOT_OFFERED);
  else {
    notes.detail = "Not offered by the server: everything, the password included, travels unencrypted";
    notes.warning = NOT_OFFERED_INSIDE;
  }
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
  { encrypted, isPublic }: { encrypted: boolean; isPublic: boolean },
): Promise<void> {
  const connection = await trail.step("sign_in", async () => {
    try {
      const connecting = createConnection({
        host,
        user,
        password,
        stream,
        ...(encrypted && { ssl: { minVersion: "TLSv1.2", rejectUnauthorized: isPublic, verifyIdentity: isPublic } }),
        // Whatever the server asks for: no file of this machine, and no password in the clear.
        flags: ["-LOCAL_FILES"],
        enableCleartextPlugin: false,
        disableEval: true,
      });
      // It was paused after the greeting, and the driver does not wake it.
      stream.resume();
      return await connecting;
    } catch (error) {
      throw new StepFailure(serverProblem(stream, error));
    }
  });
  connection.on("error", () => undefined);
  await trail.step("permission", async (notes) => {
    try {
      await connection.query("SELECT 1");
    } catch (error) {
      throw new StepFailure(serverProblem(stream, error));
    }
    notes.detail = "SELECT 1";
  });
  connection.destroy();
}
