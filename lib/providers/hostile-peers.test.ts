import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowing, buildWorker, tryOut } from "@/test/providers/worker";
import { startPeer } from "@/test/servers/peer";
import { exampleOf, isSecretField } from "./catalog/field";
import { kinds } from "./catalog/registry";
import type { Kind } from "./catalog/schema";
import { isDriverTest } from "./catalog/schema-test";
import type { CredentialData, CredentialType } from "./define";
import type { TestReport } from "./report";

let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  // What a driver would fall back to, if it could see it.
  Object.assign(process.env, {
    PGPASSWORD: "CANARY-password",
    PGUSER: "CANARY-user",
    PGDATABASE: "CANARY-database",
    PGOPTIONS: "-c CANARY",
  });
  worker = await buildWorker();
});
afterAll(() => worker?.forget());

const PASSWORD = "MARKER-password";

async function against(
  provider: "sftp" | "postgresql",
  behave: (socket: Socket) => void,
  change: Record<string, unknown> = {},
) {
  const peer = await startPeer(behave);
  const place = { host: "127.0.0.1", port: peer.port, username: "alice", password: PASSWORD };
  const values = provider === "sftp" ? place : { ...place, database: "app", sslmode: "require", ...change };
  const report = await tryOut(provider, "user_password", values);
  for (let attempt = 0; peer.open() > 0 && attempt < 100; attempt++) await sleep(20);
  const leftOpen = peer.open();
  await peer.stop();
  return { report, leftOpen, received: peer.received() };
}

const told = ({ outcome, steps, reason }: TestReport) =>
  `${outcome} ${steps.find(({ code }) => code === reason)?.id} ${reason}`;

const flood = (chunk: Buffer | string) => (socket: Socket) => {
  const more = () => socket.writable && socket.write(chunk, more);
  more();
};
/** Answers what the client says first, and nothing else. */
const answer = (reply: Buffer | string, then?: (socket: Socket) => void) => (socket: Socket) => {
  socket.once("data", () => {
    socket.write(reply);
    if (then) setTimeout(then, 50, socket);
  });
};
const drip = (text: string) => (socket: Socket) => {
  let at = 0;
  const timer = setInterval(
    () => (socket.writable ? socket.write(text[at++ % text.length] ?? "") : clearInterval(timer)),
    1_000,
  );
  socket.on("close", () => clearInterval(timer));
};
const reset = (socket: Socket) => socket.resetAndDestroy();

/** A PostgreSQL message: its letter, its length, its body. */
const message = (letter: string, body: Buffer, length = body.length + 4) => {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, body]);
};
const authentication = (kind: number, rest = "") => {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(kind);
  return message("R", Buffer.concat([number, Buffer.from(rest, "latin1")]));
};
/** Takes part in SCRAM until the server's first message, which asks for two thousand million rounds. */
const scramForAges = (socket: Socket) => {
  socket.once("data", () => {
    socket.write(authentication(10, "SCRAM-SHA-256\0\0"));
    socket.once("data", (chunk: Buffer) => {
      const nonce = /r=([^,\0]+)/.exec(chunk.toString("latin1"))?.[1];
      socket.write(authentication(11, `r=${nonce}server,s=c2FsdHNhbHRzYWx0,i=2000000000`));
    });
  });
};
const echoesTheSecret = (socket: Socket) => {
  socket.once("data", () => {
    socket.write(authentication(3));
    socket.once("data", (chunk: Buffer) => {
      const said = chunk.subarray(5).toString("latin1").replaceAll("\0", "");
      socket.end(message("E", Buffer.from(`SFATAL\0VFATAL\0CXX000\0M${said} ${PASSWORD}\0D${said}\0\0`)));
    });
  });
};

/** Accepts anybody, then says one thing once and another for ever. */
const signedIn = (once: Buffer, forEver: Buffer) => answer(Buffer.concat([authentication(0), once]), flood(forEver));
const NOTHING = Buffer.alloc(0);

const CLEAR = { sslmode: "disable" };

describe.concurrent("a hostile or broken peer gets fixed words for an answer", () => {
  test.each<[string, "sftp" | "postgresql", (socket: Socket) => void, Record<string, unknown>, string]>([
    ["an endless banner", "sftp", flood("welcome\r\n".repeat(100)), {}, "failed host_key not_ssh"],
    ["an endless banner line", "sftp", flood("x".repeat(9_000)), {}, "failed host_key not_ssh"],
    ["a reset", "sftp", reset, {}, "unreachable (host_key connection_lost|connect connection_reset)"],
    ["an end", "sftp", (socket) => socket.end(), {}, "unreachable host_key connection_lost"],
    [
      "a web server",
      "sftp",
      answer("HTTP/1.1 400 Bad Request\r\n\r\n", (socket) => socket.end()),
      {},
      "failed host_key not_ssh",
    ],
    [
      "garbage after the banner",
      "sftp",
      (socket) => flood(Buffer.alloc(999, 7))(socket.write("SSH-2.0-x\r\n") ? socket : socket),
      {},
      "failed host_key not_ssh",
    ],
    ["SSH 1", "sftp", (socket) => socket.write("SSH-1.5-x\r\n"), {}, "failed host_key not_ssh"],
    ["a reset", "postgresql", reset, {}, "unreachable (tls connection_lost|connect connection_reset)"],
    ["an end", "postgresql", (socket) => socket.end(), {}, "unreachable tls connection_lost"],
    ["no TLS", "postgresql", answer("N"), {}, "failed tls tls_not_offered"],
    [
      "an SSH server",
      "postgresql",
      (socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"),
      {},
      "failed tls not_postgresql",
    ],
    ["bytes slipped in before the encryption", "postgresql", answer("SZ"), {}, "failed tls not_postgresql"],
    [
      "garbage instead of TLS",
      "postgresql",
      answer("S", flood("nonsense")),
      {},
      "failed tls (tls_failed|not_postgresql)",
    ],
    ["a web server", "postgresql", answer("HTTP/1.1 400 Bad Request\r\n\r\n"), CLEAR, "failed sign_in not_postgresql"],
    [
      "a first message of 1 GiB",
      "postgresql",
      answer(message("R", NOTHING, 2 ** 30)),
      CLEAR,
      "failed sign_in not_postgresql",
    ],
    [
      "a later message of 1 GiB",
      "postgresql",
      signedIn(message("D", NOTHING, 2 ** 30), Buffer.alloc(65_536)),
      CLEAR,
      "failed sign_in too_much_data",
    ],
    [
      "endless settings",
      "postgresql",
      signedIn(NOTHING, message("S", Buffer.from("a\0b\0"))),
      CLEAR,
      "failed sign_in too_much_data",
    ],
    [
      "endless notices",
      "postgresql",
      signedIn(NOTHING, message("N", Buffer.from("SNOTICE\0Mhello\0\0"))),
      CLEAR,
      "failed sign_in too_much_data",
    ],
    ["2e9 rounds of SCRAM", "postgresql", scramForAges, CLEAR, "failed sign_in sign_in_too_costly"],
    [
      "an unknown way to sign in",
      "postgresql",
      answer(authentication(7)),
      CLEAR,
      "failed sign_in method_not_supported",
    ],
    ["an error that repeats the password", "postgresql", echoesTheSecret, CLEAR, "failed sign_in server_error"],
  ])("%s (%s)", async (_name, provider, behave, change, expected) => {
    const { report, leftOpen, received } = await against(provider, behave, change);
    expect(told(report)).toMatch(new RegExp(`^${expected}$`));
    // As the worker saw it: how long the machine took to start one is not the peer's time.
    expect(report.durationMs).toBeLessThan(5_000);
    expect(leftOpen).toBe(0);
    expect(received).not.toContain("CANARY");
  });
});

/** One kind of each driver that goes to a place of the credential's own, with every value filled in and that place the peer's. */
const kindsOfDrivers = [...new Map(kinds().flatMap((kind) => placed(kind))).values()];

function placed(kind: Kind): [string, { id: string; type: CredentialType; at: (port: number) => CredentialData }][] {
  const { test: declared, id, credential_type: type } = kind;
  if (!declared || !isDriverTest(declared)) return [];
  const { driver, values: { host, port: portField, brokers, url, tls } = {} } = declared;
  if (!(host && portField) && !brokers && !url) return [];
  const filled = kind.fields.map((field) => [field.name, isSecretField(field) ? PASSWORD : exampleOf(field)]);
  const at = (port: number): CredentialData => ({
    ...Object.fromEntries(filled),
    ...(host && { [host]: "127.0.0.1" }),
    ...(portField && { [portField]: port }),
    ...(brokers && { [brokers]: `127.0.0.1:${port}` }),
    ...(url && { [url]: `${driver}://alice:${PASSWORD}@127.0.0.1:${port}/app` }),
    // The way by which a peer gets to hear and say most.
    ...(tls && { [tls]: kind.fields.find(({ name }) => name === tls)?.options?.at(-1)?.value ?? false }),
  });
  return [[driver, { id, type, at }]];
}

describe("every driver of the catalogue", () => {
  const ends = async ({ id, type, at }: (typeof kindsOfDrivers)[number], behave: (socket: Socket) => void) => {
    const peer = await startPeer(behave);
    const report = await tryOut(id, type, at(peer.port), { policy: allowing(peer.port) });
    for (let attempt = 0; peer.open() > 0 && attempt < 100; attempt++) await sleep(20);
    expect([id, peer.open(), report.outcome]).toEqual([id, 0, expect.stringMatching(/^(failed|unreachable)$/)]);
    expect(report.durationMs).toBeLessThan(11_500);
    expect(JSON.stringify(report)).not.toContain("MARKER");
    await peer.stop();
  };

  test("ends in bounded time where a peer says one byte a second", async () => {
    expect(kindsOfDrivers.length).toBeGreaterThan(0);
    await Promise.all(kindsOfDrivers.map((kind) => ends(kind, drip("220 MARKER\r\n"))));
  });

  test("takes a bounded number of bytes where a peer says garbage without end", async () => {
    await Promise.all(kindsOfDrivers.map((kind) => ends(kind, flood("220-MARKER\r\n* OK MARKER\r\nINFO {\r\n"))));
  });
});

test("a peer that says nothing, or one byte a second, is given ten seconds in all", async () => {
  const cases: [ReturnType<typeof against>, string][] = [
    [against("sftp", () => undefined), "unreachable host_key timeout"],
    [against("sftp", drip("SSH-2.0-slow\r\n")), "unreachable host_key timeout"],
    [against("sftp", (socket) => socket.write("SSH-2.0-mute\r\n")), "unreachable host_key timeout"],
    [against("postgresql", () => undefined), "unreachable tls timeout"],
    [against("postgresql", answer("S")), "unreachable tls timeout"],
    [against("postgresql", () => undefined, CLEAR), "unreachable sign_in timeout"],
    [against("postgresql", drip(String(authentication(3))), CLEAR), "unreachable sign_in timeout"],
    [against("postgresql", answer(authentication(0)), CLEAR), "unreachable sign_in timeout"],
  ];
  const results = await Promise.all(cases.map(async ([run, expected]) => ({ ...(await run), expected })));
  for (const { report, leftOpen, expected } of results) {
    expect(told(report)).toBe(expected);
    expect(leftOpen).toBe(0);
    // As the worker saw it: how long the machine took to start one is not the peer's time.
    expect(report.durationMs).toBeLessThan(11_500);
  }
});

test("the driver sends nothing that was not given to it", async () => {
  const askForPassword = answer(authentication(3));
  const peer = await startPeer((socket) => {
    askForPassword(socket);
    setTimeout(() => socket.destroy(), 1_000);
  });
  const connection_string = `postgresql://alice@127.0.0.1:${peer.port}/app?sslmode=disable`;
  await tryOut("postgresql", "user_password", { connection_string, port: peer.port });
  expect(peer.received()).toContain("user\0alice\0database\0app");
  expect(peer.received()).not.toMatch(/CANARY|options/);
  await peer.stop();
});

test("no process is left behind but the one that waits", async () => {
  const children = () =>
    readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  await expect.poll(() => children().filter(isWorker).length).toBeLessThanOrEqual(1);
});

const isWorker = (pid: string) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker.js");
  } catch {
    return false;
  }
};
