import "server-only";
import { connect } from "amqplib";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { type Problem, StepError, type TestRun } from "../test-run";
import { BUSY, NO_PERMISSION, notSpoken, SIGN_IN_METHOD, WRONG } from "./protocol-problems";
import { relayTo } from "./relay";
import { overStream, serverOf } from "./secure-stream";

/** Signs in to a RabbitMQ server and opens a channel in the virtual host. The driver dials by itself, so it is given a relay. */
export const amqpConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () =>
      serverOf(data, { tls: 5671, other: 5672, usual: "tls" }, "from the first byte"),
    );
    await overStream(testRun, server, network, (stream, plain) => walk(testRun, data, stream, plain));
  },
});

async function walk(testRun: TestRun, data: CredentialData, stream: OpenStream, plain: OpenStream): Promise<void> {
  const relay = await relayTo(stream);
  const fail = (error: unknown): never => {
    throw new StepError(serverProblem(plain, error));
  };
  try {
    const connection = await testRun.step("sign_in", () => connect(addressOf(data, relay.port)).catch(fail));
    connection.on("error", () => undefined);
    await testRun.step("permission", async (notes) => {
      const channel = await connection.createChannel().catch(fail);
      channel.on("error", () => undefined);
      notes.detail = "A channel was opened";
    });
  } finally {
    relay.close();
  }
}

const addressOf = ({ user, password, vhost }: CredentialData, port: number) => ({
  protocol: "amqp",
  hostname: "127.0.0.1",
  port,
  username: String(user),
  password: String(password ?? ""),
  vhost: encodeURIComponent(String(vhost ?? "/")),
  heartbeat: 0,
});

/** By the number that the server closed with, which the driver tells in the words before the server's own. */
function serverProblem(plain: OpenStream, error: unknown): Problem {
  if (plain.overflown) return streamProblem(plain, error) ?? NOT_AMQP;
  const { code, message = "" } = error as { code?: unknown; message?: string };
  const number = /^Handshake terminated by server: (\d{3})\b/.exec(message)?.[1] ?? String(code);
  const known = BY_NUMBER[number] ?? streamProblem(plain, error);
  if (known) return known;
  // The driver tells that the server closed where it was to open the virtual host, and not by which number.
  if (message.startsWith("Expected ConnectionOpenOk; got <ConnectionClose")) return NO_VHOST;
  if (message.startsWith("SASL mechanism")) return SIGN_IN_METHOD;
  return plain.silent ? CONNECTION_LOST : NOT_AMQP;
}

const NO_VHOST: Problem = {
  ...NO_PERMISSION,
  meaning: "The sign-in is right, but the virtual host is not there, or the user may not enter it.",
  advice: "Check the virtual host; the usual one is a lone slash.",
  field: "vhost",
};

const BY_NUMBER: Partial<Record<string, Problem>> = {
  320: BUSY,
  403: WRONG,
  506: BUSY,
  530: NO_VHOST,
};

const NOT_AMQP = notSpoken("not_amqp", "AMQP 0-9-1", "5671 with TLS or 5672 without");
