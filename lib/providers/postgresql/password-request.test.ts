import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readAllowList } from "@/lib/platform/net/policy";
import { startPeer } from "@/test/servers/peer";
import { type Postgres, type Presented, type SignInMethod, startPostgres } from "@/test/servers/postgres";
import { TestRun } from "../test-run";
import { connection } from "./connection";
import { scramVerifier } from "./scram";

/** The edge of the network: whichever address is dialled, this machine's server answers. */
vi.mock("@/lib/platform/net/dial", async (original) => {
  const real = await original<typeof import("@/lib/platform/net/dial")>();
  const dial: typeof real.dial = async ([address = ""], port, options) => ({
    ...(await real.dial(["127.0.0.1"], port, options)),
    address,
  });
  return { ...real, dial };
});

const PLACES = { public: "8.8.8.8", inside: "10.20.0.5" } as const;
const REQUESTS: Record<string, SignInMethod> = {
  cleartext_reader: "password",
  md5_reader: "md5",
  scram_reader: "scram-sha-256",
  trust_reader: "trust",
};

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
  for (const [name, method] of Object.entries(REQUESTS)) await server.addReader(name, method);
});
afterAll(() => server?.stop());

interface Tried {
  place: keyof typeof PLACES;
  user: string;
  port?: number;
  sslmode?: string | undefined;
  ca?: boolean | undefined;
  waitMs?: number;
}

async function tried({ place, user, port = server.port, sslmode, ca = false, waitMs = 5_000 }: Tried): Promise<string> {
  const testRun = new TestRun(connection.plan, { signal: AbortSignal.timeout(waitMs) });
  const network = {
    policy: { allow: readAllowList("10.20.0.0/16:1-65535"), selfEndpoints: [] },
    lookup: async () => [PLACES[place]],
    connectTimeoutMs: 2_000,
    maxInboundBytes: 65_536,
    sshLegacyAlgorithms: false,
    apis: { google: "", microsoft: "" },
  };
  const mode = sslmode === undefined ? "" : `?sslmode=${sslmode}`;
  const connection_string = `postgresql://${user}:${server.password}@localhost:${port}/${server.database}${mode}`;
  const data = { connection_string, ...(ca && { ssl_ca: server.authority }) };
  await connection.test(data, testRun, network).catch(() => undefined);
  const { outcome, reason } = testRun.report();
  return [outcome, reason].filter(Boolean).join(" ");
}

/** What the server shows, whether its authority is known here, and the modes under which it counts as good enough. */
const SHOWN: { shown: Presented; ca?: boolean; modes: Record<string, "any" | "proven" | "no"> }[] = [
  {
    shown: "none",
    modes: {
      "": "proven",
      disable: "any",
      allow: "no",
      prefer: "no",
      require: "no",
      "verify-ca": "no",
      "verify-full": "no",
    },
  },
  {
    shown: "good",
    modes: {
      "": "proven",
      disable: "any",
      allow: "any",
      prefer: "any",
      require: "any",
      "verify-ca": "no",
      "verify-full": "no",
    },
  },
  {
    shown: "wrong name",
    ca: true,
    modes: { "": "proven", require: "any", "verify-ca": "any", "verify-full": "no" },
  },
  {
    shown: "good",
    ca: true,
    modes: { "": "any", disable: "any", require: "any", "verify-ca": "any", "verify-full": "any" },
  },
];

describe.each(SHOWN)("a server that shows the certificate $shown, its authority given: $ca", ({ shown, ca, modes }) => {
  beforeAll(() => server.present(shown));

  test.each(Object.entries(modes))("under the mode %j is told: %s", async (mode, told) => {
    for (const place of ["public", "inside"] as const)
      for (const [user, method] of Object.entries(REQUESTS)) {
        const answer = await tried({ place, user, ca, sslmode: mode || undefined });
        const readable = method === "password" || method === "md5";
        if (told === "no") expect(answer, `${place} ${user}`).toMatch(/^failed (tls_not_offered|certificate_)/);
        else if (told === "proven" && readable) expect(answer, `${place} ${user}`).toBe("failed password_not_sent");
        else expect(answer, `${place} ${user}`).toBe("ok");
      }
  });
});

test.each(["channel_binding=require", "require_auth=scram-sha-256"])(
  "a string with %s has the password proven at most, also to a server that was verified",
  async (demand) => {
    await server.present("good");
    for (const [user, method] of Object.entries(REQUESTS)) {
      const readable = method === "password" || method === "md5";
      const answer = await tried({ place: "public", user, ca: true, sslmode: `verify-full&${demand}` });
      expect(answer, user).toBe(readable ? "failed password_not_sent" : "ok");
    }
  },
);

test("a proof at so few rounds that it could be guessed from is given where a password would be", async () => {
  await server.addReader("cheap_reader", "scram-sha-256");
  for (const [rounds, proven] of [
    [4_095, "failed sign_in_too_cheap"],
    [4_096, "ok"],
  ] as const) {
    const verifier = scramVerifier(server.password, undefined, rounds);
    await server.query(`ALTER ROLE cheap_reader PASSWORD '${verifier}'`);
    await server.present("none");
    for (const place of ["public", "inside"] as const) {
      expect(await tried({ place, user: "cheap_reader" })).toBe(proven);
      expect(await tried({ place, user: "cheap_reader", sslmode: "disable" })).toBe("ok");
    }
    await server.present("good");
    expect(await tried({ place: "public", user: "cheap_reader" })).toBe(proven);
    expect(await tried({ place: "public", user: "cheap_reader", ca: true })).toBe("ok");
  }
});

/** What a server says first of SCRAM, after a nonce that begins as the client's. */
const askForProof = (rounds: string) => async (socket: Socket) => {
  const heard = () => new Promise<Buffer>((resolve) => socket.once("data", resolve));
  await heard();
  socket.write("N");
  await heard();
  socket.write(SASL);
  const nonce = /r=([^,\0]+)/.exec((await heard()).toString("latin1"))?.[1];
  const text = Buffer.from(`r=${nonce}more,s=c2FsdHNhbHQ=,${rounds}`);
  socket.write(Buffer.concat([Buffer.from(["R".charCodeAt(0), 0, 0, 0, text.length + 8, 0, 0, 0, 11]), text]));
};

test.each([
  ["i=1", "failed sign_in_too_cheap", false],
  ["i=4095", "failed sign_in_too_cheap", false],
  ["i=4096,i=1", "failed sign_in_too_cheap", false],
  ["i=1,i=4096", "failed sign_in_too_cheap", false],
  ["i=4096", "unreachable timeout", true],
  ["i=100001", "failed sign_in_too_costly", false],
  ["i=2000000000", "failed sign_in_too_costly", false],
])("somebody in between who asks for a proof with %s is told: %s", async (rounds, told, proven) => {
  const peer = await startPeer((socket) => void askForProof(rounds)(socket));
  expect(await tried({ place: "public", user: "app", port: peer.port, waitMs: proven ? 1_000 : 5_000 })).toBe(told);
  expect(peer.received().includes(",p=")).toBe(proven);
  await peer.stop();
});

/** A message of the server's, with its length. */
const message = (...numbers: number[]) => Buffer.from(["R".charCodeAt(0), 0, 0, 0, numbers.length + 4, ...numbers]);
const CLEARTEXT = message(0, 0, 0, 3);
const MD5 = message(0, 0, 0, 5, 1, 2, 3, 4);
const SASL = message(0, 0, 0, 10, ...Buffer.from("SCRAM-SHA-256\0\0"));

test.each([
  ["in clear", [CLEARTEXT]],
  ["in clear, byte by byte", [...CLEARTEXT].map((byte) => Buffer.from([byte]))],
  ["as MD5", [MD5]],
  ["by SCRAM and in clear at once", [Buffer.concat([SASL, CLEARTEXT])]],
  ["in clear and by SCRAM at once", [Buffer.concat([CLEARTEXT, SASL])]],
  ["by SCRAM, and in clear once that was answered", [SASL, CLEARTEXT]],
  ["by SCRAM, and as MD5 once that was answered", [SASL, MD5]],
])("somebody in between who denies encryption and asks for the password %s never hears it", async (_how, messages) => {
  const talk = async (socket: Socket) => {
    socket.setNoDelay(true);
    await new Promise((heard) => socket.once("data", heard));
    socket.write("N");
    for (const part of messages) {
      await new Promise((heard) => (part.length === 1 ? setImmediate(heard) : socket.once("data", heard)));
      socket.write(part);
    }
  };
  const peer = await startPeer((socket) => void talk(socket));
  try {
    expect(await tried({ place: "public", user: "app", port: peer.port })).toMatch(
      /^failed (password_not_sent|not_postgresql)$/,
    );
    // What a password message begins with is what an answer by SCRAM begins with too: the words themselves are told apart.
    expect(peer.received()).not.toContain(server.password);
    expect(peer.received()).not.toContain("md5");
  } finally {
    await peer.stop();
  }
});
