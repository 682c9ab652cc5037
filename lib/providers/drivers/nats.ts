import "server-only";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { type Problem, StepError, type TestRun } from "../test-run";
import { handshake } from "../tls";
import { notSpoken, SIGN_IN_WANTED, TLS_NOT_OFFERED, WRONG } from "./protocol-problems";
import { relayTo } from "./relay";
import { judged, overStream, type Server, serverOf } from "./secure-stream";

/**
 * Signs in to a NATS server. A server says in clear what it can do, before both encrypt; so that is read here, and the driver,
 * which dials by itself, is given a relay to the encrypted side of it.
 */
export const natsConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () =>
      serverOf(data, { tls: 4222, other: 4222, usual: "other" }, "from the first byte"),
    );
    // Encryption begins after the first line, whatever the values call it.
    const way: Server["way"] = server.way === "none" ? "none" : "starttls";
    await overStream(testRun, { ...server, way }, network, (stream, plain) =>
      walk(testRun, { ...server, way }, data, stream, plain),
    );
  },
});

async function walk(testRun: TestRun, server: Server, data: CredentialData, stream: OpenStream, plain: OpenStream) {
  const fail = (error: unknown): never => {
    throw error instanceof StepError ? error : new StepError(serverProblem(plain, error));
  };
  let [info, encrypted]: [Info | undefined, OpenStream] = [undefined, stream];
  if (server.way === "starttls")
    await testRun.step("tls", async (notes) => {
      info = await greeting(stream).catch(fail);
      if (info.tls_required !== true && info.tls_available !== true) throw new StepError(TLS_NOT_OFFERED);
      const socket = await handshake(plain, server);
      judged(testRun, notes, server, socket);
      encrypted = new OpenStream(socket);
    });
  await testRun.step("sign_in", async () => {
    info ??= await greeting(stream).catch(fail);
    const relay = await relayTo(encrypted, Buffer.from(`INFO ${JSON.stringify(withoutTls(info))}\r\n`));
    try {
      const connection = await signIn(data, relay.port).catch(fail);
      void connection.closed();
      await connection.flush().catch(fail);
    } finally {
      relay.close();
    }
  });
}

type Info = Record<string, unknown>;

/** Of what a server says of itself, what concerns this one connection: no other servers to go to, no encryption to begin. */
const withoutTls = ({ tls_required: _, tls_available: __, tls_verify: ___, connect_urls: ____, ...rest }: Info): Info =>
  rest;

const LINE_MAX = 16_384;

/** Reads the first line, and nothing behind it. */
async function greeting(stream: OpenStream): Promise<Info> {
  let read = Buffer.alloc(0);
  const line = await new Promise<string>((resolve, reject) => {
    const onEnd = () => reject(new Error("Ended"));
    const onData = (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf("\r\n");
      if (end < 0 && read.length < LINE_MAX) return;
      stream.off("data", onData).off("end", onEnd).off("error", reject).off("close", onEnd).pause();
      // What comes before encryption and behind the line was slipped in by somebody.
      if (end >= 0 && end === read.length - 2) resolve(read.subarray(0, end).toString("utf8"));
      else reject(new Error("No line"));
    };
    stream.on("data", onData).on("end", onEnd).on("error", reject).on("close", onEnd);
  });
  const info = line.startsWith("INFO ") ? outsideJson(line.slice(5)) : undefined;
  if (typeof info !== "object" || info === null) throw new StepError(NOT_NATS);
  return info as Info;
}

const signIn = ({ user, password, token }: CredentialData, port: number): Promise<NatsConnection> =>
  connect({
    servers: `127.0.0.1:${port}`,
    ...(token !== undefined && token !== "" && { token: String(token) }),
    ...(user !== undefined && user !== "" && { user: String(user), pass: String(password ?? "") }),
    reconnect: false,
    maxReconnectAttempts: 0,
    ignoreClusterUpdates: true,
    timeout: 9_000,
    noEcho: true,
  });

/** By the driver's kind of error. */
function serverProblem(plain: OpenStream, error: unknown): Problem {
  const { name, message = "" } = error as { name?: string; message?: string };
  if (name === "AuthorizationError" || name === "UserAuthenticationExpiredError") return WRONG;
  if (/^'?authorization|authentication/i.test(message)) return message.includes("required") ? SIGN_IN_WANTED : WRONG;
  return streamProblem(plain, error) ?? (plain.silent ? CONNECTION_LOST : NOT_NATS);
}

const NOT_NATS = notSpoken("not_nats", "NATS", "4222");
