import "server-only";
import { AbstractConnector, Redis } from "ioredis";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { reach } from "../reach";
import { type Problem, StepError, type TestRun } from "../test-run";
import { type Drivable, secureOrPlain } from "./encrypt";
import { BAD_URL, NO_PERMISSION, serverProblem } from "./redis-problems";

interface Target {
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  encrypted: boolean;
}

/** Signs in to a Redis server and asks for a PONG, over a stream that the driver did not open. A URL says it all. */
export const redisConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    if (data.url !== undefined) testRun.fieldInForm = () => "url";
    const target = await testRun.step("values", () => targetOf(data));
    const { stream: plain, isPublic } = await reach(testRun, target, network);
    let stream: Drivable = plain;
    try {
      stream = await secureOrPlain(testRun, target, plain, isPublic);
      await walk(testRun, target, stream, plain);
    } finally {
      stream.destroy();
      plain.destroy();
    }
  },
});

function targetOf(data: CredentialData): Target {
  if (data.url !== undefined) return readUrl(String(data.url));
  return {
    host: String(data.host),
    port: Number(data.port ?? 6379),
    user: optional(data.user),
    password: optional(data.password),
    encrypted: data.tls === true,
  };
}

const optional = (value: unknown) => (value === undefined || value === "" ? undefined : String(value));

/** @throws StepFailure for what is no redis:// or rediss:// URL; the platform's own error would keep the text */
function readUrl(text: string): Target {
  if (!/^rediss?:\/\//i.test(text) || !URL.canParse(text)) throw new StepError(BAD_URL);
  const { protocol, hostname, port, username, password } = new URL(text);
  try {
    return {
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(port) || 6379,
      user: optional(decodeURIComponent(username)),
      password: optional(decodeURIComponent(password)),
      encrypted: protocol === "rediss:",
    };
  } catch {
    throw new StepError(BAD_URL);
  }
}

async function walk(testRun: TestRun, { user, password }: Target, stream: Drivable, plain: OpenStream): Promise<void> {
  const client = driver(stream);
  client.on("error", () => undefined);
  const step = async <T>(id: "sign_in" | "permission", run: () => Promise<T>, denied?: Problem) =>
    testRun.step(id, async (notes) => {
      try {
        await run();
        if (id === "permission") notes.detail = "PING";
      } catch (error) {
        throw new StepError(serverProblem(plain, error, denied));
      }
    });
  await step("sign_in", async () => {
    await client.connect();
    if (password !== undefined) await (user === undefined ? client.auth(password) : client.auth(user, password));
    // Without a sign-in, the first command tells that one is missing.
    else await client.ping();
  });
  await step("permission", () => client.ping(), NO_PERMISSION);
  client.disconnect();
}

/** One attempt, no queue, no commands of the driver's own. */
function driver(stream: Drivable): Redis {
  class Open extends AbstractConnector {
    constructor() {
      super(0);
    }
    connect() {
      this.stream = stream as unknown as typeof this.stream;
      return Promise.resolve(this.stream);
    }
  }
  return new Redis({
    Connector: Open,
    lazyConnect: true,
    protocol: 2,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
    reconnectOnError: () => false,
    maxRetriesPerRequest: 0,
  });
}
