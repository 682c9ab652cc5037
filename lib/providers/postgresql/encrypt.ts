import "server-only";
import { OpenStream } from "@/lib/net/open-stream";
import type { Reached } from "../reach";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { handshake, judgeCertificate } from "../tls";
import { type Problem, StepFailure, type Trail } from "../trail";
import { NOT_POSTGRESQL } from "./problems";
import type { Target } from "./target";

/**
 * Asks the server for TLS and judges its certificate, before the driver gets the stream: so the report can tell what
 * the certificate says, and the driver never decides by itself whether to go on in the clear.
 */
export async function encrypt(trail: Trail, target: Target, { stream, isPublic }: Reached): Promise<OpenStream> {
  // Nothing said: the internet is not trusted, a network that the operator opened is trusted like the operator.
  const mode = target.sslmode ?? (isPublic ? "verify-full" : "automatic");
  return trail.step("tls", async (notes) => {
    if (mode === "disable") {
      notes.detail = "Switched off: everything, the password included, travels unencrypted";
      notes.warning = NOT_ENCRYPTED;
      return stream;
    }
    const answer = await askForTls(stream);
    if (answer === "N" && mode === "automatic") {
      notes.detail = "Not offered by the server: everything, the password included, travels unencrypted";
      notes.warning = NOT_OFFERED_INSIDE;
      return stream;
    }
    if (answer !== "S") throw new StepFailure(answer === "N" ? TLS_NOT_OFFERED : NOT_POSTGRESQL);
    const socket = await handshake(stream, target);
    judgeCertificate(trail, notes, { mode: mode === "automatic" ? "require" : mode, host: target.host }, socket);
    return new OpenStream(socket);
  });
}

/** PostgreSQL's SSLRequest: a length, and a number that no protocol version has. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** The one byte that answers. More than one could be meant to pass as part of the encrypted talk, so it is no answer. */
function askForTls(stream: OpenStream): Promise<"S" | "N" | undefined> {
  return new Promise((resolve, reject) => {
    const onEnd = () => reject(new StepFailure(CONNECTION_LOST));
    const onError = (error: Error) => reject(new StepFailure(streamProblem(stream, error) ?? NOT_POSTGRESQL));
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

const NOT_OFFERED_INSIDE = {
  code: "not_encrypted",
  meaning: "The server does not offer encryption, so the connection through the internal network is not encrypted.",
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
