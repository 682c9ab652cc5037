import "server-only";
import pg from "pg";
import type { OpenStream } from "@/lib/net/open-stream";
import { isCertificateBundle } from "../certificate";
import { defineConnection } from "../define-connection";
import { reach } from "../reach";
import { StepFailure, type Trail } from "../trail";
import { encrypt } from "./encrypt";
import { CONNECT_DENIED, NOT_POSTGRESQL, serverProblem } from "./problems";
import { type Target, targetOf } from "./target";

export const connection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],

  async test(data, trail, network) {
    if (data.connection_string !== undefined) {
      trail.fieldInForm = (field) => (field === "ssl_ca" ? field : "connection_string");
    }
    const target = await trail.step("values", () => readTarget(targetOf(data)));
    const reached = await reach(trail, target, network);
    const plain = reached.stream;
    let stream = plain;
    try {
      stream = await encrypt(trail, target, reached);
      await walk(trail, target, stream, plain);
    } finally {
      stream.destroy();
      plain.destroy();
    }
  },

  checkDeep: (data) =>
    typeof data.ssl_ca !== "string" || isCertificateBundle(data.ssl_ca)
      ? []
      : [{ path: ["ssl_ca"], message: "Is damaged: it cannot be read as a certificate", code: "value_error" }],
});

function readTarget(target: Target): Target {
  if (target.ca === undefined || isCertificateBundle(target.ca)) return target;
  throw new StepFailure({
    code: "certificate_authority_unreadable",
    meaning: "The certificate authority cannot be read as a certificate.",
    advice: "Paste it whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
    field: "ssl_ca",
    outcome: "failed",
  });
}

/** `plain` is the stream below the encryption: it knows whether the peer sent too much. */
async function walk(trail: Trail, target: Target, stream: OpenStream, plain: OpenStream): Promise<void> {
  const client = driver(target, stream);
  client.on("error", () => undefined);
  let denied = false;
  await trail.step("sign_in", async () => {
    try {
      const connected = client.connect();
      // It was paused after the server's word on encryption; without encryption nobody else wakes it.
      stream.resume();
      stream.once("data", (chunk: Buffer) => {
        if (!opensLikePostgresql(chunk)) stream.destroy(new StepFailure(NOT_POSTGRESQL));
      });
      await connected;
    } catch (error) {
      if (error instanceof StepFailure) throw error;
      const problem = serverProblem(plain, error);
      // The server says this only after the password was right: the sign-in worked, the permission is missing.
      denied = problem === CONNECT_DENIED;
      if (!denied) throw new StepFailure(problem);
    }
  });
  await trail.step("permission", async (notes) => {
    if (denied) throw new StepFailure(CONNECT_DENIED);
    try {
      await client.query("SELECT 1");
    } catch (error) {
      throw new StepFailure(serverProblem(plain, error));
    }
    notes.detail = "SELECT 1";
  });
  // A goodbye, so that the server's log does not complain; nobody waits for the answer.
  client.end().catch(() => undefined);
}

/**
 * A server first asks for authentication, refuses, or offers another version of the protocol. The driver would take any
 * other service's first letter for one of its messages, and wait for the rest.
 */
const opensLikePostgresql = (chunk: Buffer) => {
  const length = chunk.length >= 5 ? chunk.readUInt32BE(1) : 0;
  return ["R", "E", "v"].includes(chunk.toString("latin1", 0, 1)) && length < 30_000;
};

/** Every setting is given, and the password as a function: a gap would be filled from this process's environment or files. */
function driver({ host, port, database, user, password }: Target, stream: OpenStream): pg.Client {
  return new pg.Client({
    host,
    port,
    database,
    user,
    password: () => password,
    ssl: false,
    stream: () => stream,
    application_name: "latchkey",
    keepAlive: false,
  });
}
