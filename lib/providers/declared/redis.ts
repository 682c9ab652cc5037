import "server-only";
import { AbstractConnector, Redis } from "ioredis";
import type { OpenStream } from "@/lib/net/open-stream";
import type { CredentialData } from "../define";
import { type Connection, defineConnection } from "../define-connection";
import { reach } from "../reach";
import { type Problem, StepFailure, type Trail } from "../trail";
import { type Drivable, secureOrPlain } from "./encrypt";
import { BAD_URL, NO_PERMISSION, serverProblem } from "./redis-problems";
import { given } from "./value-missing";

interface Target {
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  encrypted: boolean;
}

/** Which form fields say what; a URL says it all. */
interface Names {
  host: string;
  port: string;
  user: string;
  password: string;
}

/** Signs in to a Redis server and asks for a PONG, over a stream that the driver did not open. */
export const redisConnection = (targetOf: (data: CredentialData) => Target, names: Names): Connection =>
  defineConnection({
    plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
    async test(data, trail, network) {
      trail.fieldInForm = (field) => (field in names ? names[field as keyof Names] : field);
      const target = await trail.step("values", () => targetOf(data));
      const { stream: plain, isPublic } = await reach(trail, target, network);
      let stream: Drivable = plain;
      try {
        stream = await secureOrPlain(trail, target, plain, isPublic);
        await walk(trail, target, stream, plain);
      } finally {
        stream.destroy();
        plain.destroy();
      }
    },
  });

/** The fields of a server by host and port. */
export const redisByFields = redisConnection(
  (data) => ({
    host: given(data.redisCacheHost, "The host", "host"),
    port: Number(data.redisCachePort ?? 6379),
    user: optional(data.redisCacheUser),
    password: optional(data.redisCachePwd),
    encrypted: data.redisCacheSslEnabled === true,
  }),
  { host: "redisCacheHost", port: "redisCachePort", user: "redisCacheUser", password: "redisCachePwd" },
);

export const redisByUrl = redisConnection((data) => readUrl(given(data.redisUrl, "The URL", "host")), {
  host: "redisUrl",
  port: "redisUrl",
  user: "redisUrl",
  password: "redisUrl",
});

const optional = (value: unknown) => (value === undefined || value === "" ? undefined : String(value));

/** @throws StepFailure for what is no redis:// or rediss:// URL; the platform's own error would keep the text */
function readUrl(text: string): Target {
  if (!/^rediss?:\/\//i.test(text) || !URL.canParse(text)) throw new StepFailure(BAD_URL);
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
    throw new StepFailure(BAD_URL);
  }
}

async function walk(trail: Trail, { user, password }: Target, stream: Drivable, plain: OpenStream): Promise<void> {
  const client = driver(stream);
  client.on("error", () => undefined);
  const step = async <T>(id: "sign_in" | "permission", run: () => Promise<T>, denied?: Problem) =>
    trail.step(id, async (notes) => {
      try {
        await run();
        if (id === "permission") notes.detail = "PING";
      } catch (error) {
        throw new StepFailure(serverProblem(plain, error, denied));
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
