import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { readAllowList } from "@/lib/platform/net/policy";
import { startPeer } from "@/test/servers/peer";
import { type Postgres, type Presented, startPostgres } from "@/test/servers/postgres";
import type { CredentialData } from "../define";
import { TestRun } from "../test-run";
import { connection } from "./connection";

/** The edge of the network: whichever address is dialled, this machine's server answers, as an interceptor's would. */
const edge = vi.hoisted(() => ({ answers: (_address: string): boolean => true }));
vi.mock("@/lib/platform/net/dial", async (original) => {
  const real = await original<typeof import("@/lib/platform/net/dial")>();
  const dial: typeof real.dial = async (addresses, port, options) => {
    const address = addresses.find((one) => edge.answers(one));
    if (address === undefined) throw new real.DialError("unreachable");
    return { ...(await real.dial(["127.0.0.1"], port, options)), address };
  };
  return { ...real, dial };
});

const PUBLIC = "8.8.8.8";
const INSIDE = "10.20.0.5";
const NAMES: Record<string, string[]> = {
  "public.example": [PUBLIC],
  "inside.example": [INSIDE],
  "both.example": [PUBLIC, INSIDE],
  localhost: [INSIDE],
};

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
beforeEach(() => {
  edge.answers = () => true;
});
afterAll(() => server?.stop());

interface Tried {
  host: string;
  port?: number;
  ca?: boolean;
}

const fields = ({ host, port = server.port, ca = false }: Tried): CredentialData => ({
  host,
  port,
  database: server.database,
  username: server.username,
  password: server.password,
  ...(ca && { ssl_ca: server.authority }),
});

const asString = ({ host, port = server.port, ca = false }: Tried): CredentialData => ({
  connection_string: `postgresql://${server.username}:${server.password}@${host}:${port}/${server.database}`,
  ...(ca && { ssl_ca: server.authority }),
});

/** How the test ended, and what the step on encryption said. */
async function tried(data: CredentialData): Promise<string> {
  const testRun = new TestRun(connection.plan, { signal: AbortSignal.timeout(5_000) });
  const network = {
    policy: { allow: readAllowList("10.20.0.0/16:1-65535"), selfEndpoints: [] },
    lookup: async (name: string) => NAMES[name] ?? [],
    connectTimeoutMs: 2_000,
    maxInboundBytes: 65_536,
    sshLegacyAlgorithms: false,
    apis: { google: "", microsoft: "" },
  };
  await connection.test(data, testRun, network).catch(() => undefined);
  const { outcome, steps } = testRun.report();
  const step = steps.find(({ id }) => id === "tls");
  return [outcome, step?.status, step?.code].filter(Boolean).join(" ");
}

const REPORTS: [Presented, Tried, string][] = [
  ["good", { host: "public.example" }, "ok warning certificate_unknown_authority"],
  ["good", { host: PUBLIC }, "ok warning certificate_unknown_authority"],
  ["wrong name", { host: "public.example", ca: true }, "ok warning certificate_name_mismatch"],
  ["good", { host: "localhost", ca: true }, "ok ok"],
  ["none", { host: "public.example" }, "ok warning not_encrypted"],
  ["none", { host: "both.example" }, "ok warning not_encrypted"],
  ["good", { host: "inside.example" }, "ok warning certificate_unknown_authority"],
  ["expired", { host: INSIDE, ca: true }, "ok warning certificate_expired"],
  ["none", { host: "inside.example" }, "ok warning not_encrypted"],
  ["none", { host: INSIDE }, "ok warning not_encrypted"],
];

test.each(REPORTS)(
  "without a TLS mode, certificate %s, %o: %s, in both forms of the values",
  async (shown, where, told) => {
    await server.present(shown);
    try {
      expect(await tried(fields(where))).toBe(told);
      expect(await tried(asString(where))).toBe(told);
    } finally {
      await server.present("good");
    }
  },
);

test("where the server stands makes no difference: of a name with two addresses, either is treated alike", async () => {
  await server.present("none");
  try {
    for (const answering of [PUBLIC, INSIDE]) {
      edge.answers = (address) => address === answering;
      expect(await tried(fields({ host: "both.example" }))).toBe("ok warning not_encrypted");
    }
  } finally {
    await server.present("good");
  }
});

test("a mode that is given counts inside as outside", async () => {
  const inside = fields({ host: "inside.example" });
  expect(await tried({ ...inside, sslmode: "verify-full" })).toBe("failed failed certificate_unknown_authority");
  expect(await tried({ ...inside, sslmode: "require" })).toBe("ok warning certificate_not_checked");
  const string = String(asString({ host: "inside.example" }).connection_string);
  await server.present("none");
  try {
    for (const sslmode of ["allow", "prefer", "require", "verify-ca", "verify-full"]) {
      const connection_string = `${string}?sslmode=${sslmode}`;
      expect(await tried({ connection_string })).toBe("failed failed tls_not_offered");
    }
    expect(await tried({ connection_string: `${string}?sslmode=disable` })).toBe("ok warning not_encrypted");
  } finally {
    await server.present("good");
  }
});

test("what answers the question for encryption with anything else is no PostgreSQL, inside too", async () => {
  for (const reply of ["NN", "SZ", "HTTP/1.1 400"]) {
    const peer = await startPeer((socket) => socket.once("data", () => socket.write(reply)));
    expect(await tried(fields({ host: INSIDE, port: peer.port }))).toBe("failed failed not_postgresql");
    await peer.stop();
  }
});
