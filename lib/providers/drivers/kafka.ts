import "server-only";
import type { Socket } from "node:net";
import { type Admin, Kafka, logLevel, type SASLOptions } from "kafkajs";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { type Problem, StepError, type TestRun } from "../test-run";
import { NO_PERMISSION, notSpoken, SIGN_IN_METHOD, WRONG } from "./protocol-problems";
import { ScramRounds } from "./scram-rounds";
import { overStream, type Server, serverOf } from "./secure-stream";

/**
 * Signs in to one Kafka broker and asks for the names of the topics. Of several brokers the first is tried; those that it
 * names in its turn are not gone to.
 */
export const kafkaConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () => brokerOf(data));
    await overStream(testRun, server, network, (stream, plain) => walk(testRun, server, data, stream, plain));
  },
});

/** The first of "a.example.com:9092, b.example.com:9092". */
function brokerOf({ brokers, ...data }: CredentialData): Server {
  const [, host = "", port] =
    /^(\[[^\]]+\]|[^:\s]+)(?::(\d{1,5}))?$/.exec(String(brokers).split(",")[0]?.trim() ?? "") ?? [];
  if (host === "") throw new StepError(BAD_BROKERS);
  return serverOf(
    { ...data, host, ...(port && { port: Number(port) }) },
    { tls: 9092, other: 9092, usual: "tls" },
    "from the first byte",
  );
}

async function walk(
  testRun: TestRun,
  server: Server,
  data: CredentialData,
  stream: OpenStream,
  plain: OpenStream,
): Promise<void> {
  const rounds = new ScramRounds();
  let [tooMuch, elsewhere] = [false, false];
  const admin = driver(server, data, (first) => {
    if (!first) {
      elsewhere = true;
      throw new Error("One connection was granted");
    }

    stream.on("data", (chunk: Buffer) => {
      if (!rounds.areTooMany(chunk)) return;
      tooMuch = true;
      stream.destroy();
    });
    return stream;
  });
  const fail = (error: unknown, denied = false): never => {
    const problem = tooMuch ? TOO_COSTLY : serverProblem(plain, error);
    throw new StepError(denied && problem === WRONG ? NO_PERMISSION : problem);
  };
  try {
    await testRun.step("sign_in", () => admin.connect().catch((error: unknown) => fail(error)));
    await testRun.step("permission", async (notes) => {
      const topics = await admin.listTopics().catch((error: unknown) => (elsewhere ? undefined : fail(error, true)));
      // Whoever names other brokers to ask next has answered which ones there are.
      notes.detail = topics ? `${topics.length} topics can be seen` : "The list of brokers was read";
    });
  } finally {
    void admin.disconnect().catch(() => undefined);
  }
}

function driver(
  { host, port }: Server,
  { user, password, mechanism = "plain" }: CredentialData,
  open: (first: boolean) => OpenStream,
): Admin {
  let first = true;
  const sasl = user !== undefined &&
    user !== "" && { mechanism, username: String(user), password: String(password ?? "") };
  const kafka = new Kafka({
    clientId: "latchkey",
    // The stream is open already: by this name it knows a broker that it is connected to.
    brokers: [`${host}:${port}`],
    ...(sasl && { sasl: sasl as SASLOptions }),
    socketFactory: ({ onConnect }) => {
      const stream = open(first);
      first = false;
      process.nextTick(onConnect);
      return stream as unknown as Socket;
    },
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
    requestTimeout: 9_000,
    authenticationTimeout: 9_000,
  });
  return kafka.admin();
}

/** By the driver's kind of error, and the protocol's number. */
function serverProblem(plain: OpenStream, error: unknown): Problem {
  const { name, type, cause } = error as { name?: string; type?: string; cause?: unknown };
  const broken = streamProblem(plain, error);
  if (broken) return broken;
  if (type === "UNSUPPORTED_SASL_MECHANISM" || type === "ILLEGAL_SASL_STATE") return OTHER_MECHANISM;
  if (name === "KafkaJSSASLAuthenticationError" || type === "SASL_AUTHENTICATION_FAILED") return WRONG;
  if (type?.endsWith("AUTHORIZATION_FAILED")) return NO_PERMISSION;
  if (cause !== undefined && cause !== error) return serverProblem(plain, cause);
  return plain.silent ? CONNECTION_LOST : NOT_KAFKA;
}

const OTHER_MECHANISM: Problem = {
  ...SIGN_IN_METHOD,
  meaning: "The broker does not let anybody sign in by this mechanism.",
  advice: "Choose the mechanism that the broker has: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.",
  field: "mechanism",
};

const TOO_COSTLY: Problem = {
  code: "sign_in_too_costly",
  meaning: "The broker asks for more rounds of computing than a test may cost.",
  advice: "Check host and port: no broker that is set up sensibly asks for so many.",
  field: "brokers",
  outcome: "failed",
};

const BAD_BROKERS: Problem = {
  code: "address_unreadable",
  meaning: "The brokers cannot be read: they must be like a.example.com:9092, separated by commas.",
  advice: "Correct them and test again.",
  field: "brokers",
  outcome: "failed",
};

const NOT_KAFKA = notSpoken("not_kafka", "Kafka's protocol", "9092");
