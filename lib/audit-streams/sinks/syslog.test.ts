import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { auditBatch, linesOf } from "@/test/audit-batch";
import { peers } from "@/test/peers";
import { type Authority, makeAuthority } from "@/test/servers/certificates";
import { type SyslogReceiver, startSyslog } from "@/test/servers/syslog";
import { deliver, sinkSettings, tryOut } from ".";

Object.assign(process.env, { OUTBOUND_ALLOW: "localhost:1-65535", PUBLIC_URL: "https://vault.example.com" });

const { tcp } = peers();
const patient = { limits: { totalMs: 120_000, connectMs: 60_000, maxBytes: 64 * 1024 } };
const at = (port: number, authority: Authority, change: object = {}) =>
  sinkSettings.parse({ kind: "syslog", host: "localhost", port, ca: authority.certificate, ...change });

describe.each(["rsyslog", "syslog-ng"] as const)("to %s", (program) => {
  let receiver: SyslogReceiver | undefined;
  afterEach(async () => {
    await receiver?.stop();
    receiver = undefined;
  });

  test("lines arrive whole and in order, whatever they hold, and so does a batch without events", async () => {
    receiver = await startSyslog(program);
    const events = ["ü€😀 \u007f\u2028 \ufeff", "two\nlines\r\n\t\0", "x".repeat(60_000), "ü".repeat(30_000), ""];
    const batch = auditBatch([...events, ...Array.from({ length: 500 }, (_, index) => `event ${index}`)]);
    const settings = at(receiver.port, receiver.authority);
    expect(await deliver(settings, batch, patient)).toEqual({ outcome: "done" });
    const seal = '{"seal":{"test":true}}';
    await expect.poll(() => receiver?.file()).toBe(linesOf(batch));
    expect(await tryOut(settings, { orgId: "o", streamId: "s", seal }, patient)).toEqual({ outcome: "done" });
    await expect.poll(() => receiver?.file()).toBe(`${linesOf(batch)}${seal}\n`);
  });

  test("a client must show its certificate where the receiver asks for one, and hears its server's checked", async () => {
    receiver = await startSyslog(program, { asksClients: true });
    const { port, authority } = receiver;
    const { certificate, key } = authority.issue("client");
    const own = { client_certificate: readFileSync(certificate, "utf8"), client_key: readFileSync(key, "utf8") };
    expect((await deliver(at(port, authority), auditBatch(), patient)).outcome).toBe("unknown");
    // Made out for localhost, and of an authority that nobody else trusts.
    const byAddress = { ...own, host: "127.0.0.1" };
    expect(await deliver(at(port, authority, byAddress), auditBatch(), patient)).toMatchObject({ outcome: "unknown" });
    expect(await deliver(at(port, authority, { ...own, ca: undefined }), auditBatch(), patient)).toEqual({
      ...{ outcome: "unknown", reason: "tls_failed" },
    });
    expect(await deliver(at(port, authority, own), auditBatch(), patient)).toEqual({ outcome: "done" });
    await expect.poll(() => receiver?.file()).toBe(linesOf(auditBatch()));
  });

  test("killed in the middle, it has not taken the batch", async () => {
    receiver = await startSyslog(program);
    const { port, authority, kill } = receiver;
    const relay = await tcp((socket) => relayed(socket, port, 200_000, kill));
    const batch = auditBatch(Array.from({ length: 20 }, () => "x".repeat(60_000)));
    expect(await deliver(at(relay, authority), batch, patient)).toEqual({ outcome: "unknown", reason: "no_answer" });
  });
});

/** Lets so many bytes through to the receiver, and then has it killed. */
function relayed(socket: Socket, port: number, bytes: number, kill: () => void): void {
  const onwards = connect(port, "127.0.0.1");
  let passed = 0;
  onwards.on("error", () => socket.destroy()).on("close", () => socket.destroy());
  socket.on("close", () => onwards.destroy());
  onwards.on("data", (chunk) => socket.write(chunk));
  socket.on("data", (chunk) => {
    if (passed > bytes) return;
    passed += chunk.length;
    onwards.write(chunk);
    if (passed > bytes) kill();
  });
}

describe("a receiver", () => {
  let folder: string;
  let authority: Authority;
  let files: { certificate: string; key: string };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "latchkey-syslog-"));
    authority = makeAuthority(folder);
    files = authority.issue("server");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A stand-in that ends as a test says; what it got is read back by the rules of RFC 5425. */
  async function standIn(talk: (socket: TLSSocket, wire: Socket) => void, change: object = {}) {
    const raw: Buffer[] = [];
    const wires: Socket[] = [];
    const options = { cert: readFileSync(files.certificate), key: readFileSync(files.key), allowHalfOpen: true };
    const server = createServer({ ...options, ...change }, (socket) => {
      socket.on("error", () => undefined).on("data", (chunk) => raw.push(chunk));
      const wire = wires.shift();
      if (wire) talk(socket, wire);
    });
    server.on("connection", (socket: Socket) => wires.push(socket)).on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    return { port, raw, close: () => new Promise((done) => server.close(done)) };
  }
  const outcome = async (talk: (socket: TLSSocket, wire: Socket) => void, change: object = {}, size = 10) => {
    const { port, raw, close } = await standIn(talk, change);
    const limits = { ...patient.limits, ...("limits" in change ? (change.limits as object) : {}) };
    const delivery = await deliver(at(port, authority), auditBatch(["x".repeat(size)]), { limits });
    void close();
    return { delivery, raw: Buffer.concat(raw) };
  };
  const DONE = { outcome: "done" };
  const NO_ANSWER = { outcome: "unknown", reason: "no_answer" };
  const versions = ["TLSv1.2", "TLSv1.3"].map((version) => ({ minVersion: version, maxVersion: version }));

  test.each(versions)("that closes in order has it: $minVersion", async (version) => {
    expect((await outcome((socket) => socket.on("end", () => socket.end()), version)).delivery).toEqual(DONE);
  });

  test.each(versions)("that is gone without the closing word of TLS has not: $minVersion", async (version) => {
    // As the system closes for a process that was killed when it had read everything.
    const read = await outcome((socket, wire) => socket.on("end", () => wire.end()), version);
    expect(read.delivery).toEqual(NO_ANSWER);
    const reset = await outcome((socket, wire) => socket.on("end", () => wire.resetAndDestroy()), version);
    expect(reset.delivery).toEqual(NO_ANSWER);
  });

  test.each(versions)("that closes in order, and leaves something unread, has not: $minVersion", async (version) => {
    const early = await outcome((socket) => socket.end(), version, 8_000_000);
    expect(early.delivery).toEqual(NO_ANSWER);
    const dropped = await outcome(
      (socket, wire) => socket.once("data", () => socket.end(() => wire.resetAndDestroy())),
      version,
      8_000_000,
    );
    expect(dropped.delivery).toEqual(NO_ANSWER);
  });

  test("that answers the end and then hangs, or never reads, has not at the deadline", async () => {
    const limits = { totalMs: 3_000, connectMs: 2_000 };
    const silent = await outcome((socket) => socket.pause(), { limits }, 8_000_000);
    expect(silent.delivery.outcome).toBe("unknown");
    const open = await outcome((socket) => socket.on("end", () => undefined), { limits });
    expect(open.delivery.outcome).toBe("unknown");
  });

  test("is told each event by RFC 5424, framed by RFC 5425", async () => {
    const { raw } = await outcome((socket) => socket.on("end", () => socket.end()));
    const messages: string[] = [];
    for (let rest = raw; rest.length > 0; ) {
      const space = rest.indexOf(" ");
      const length = Number(rest.subarray(0, space).toString());
      messages.push(rest.subarray(space + 1, space + 1 + length).toString("utf8"));
      rest = rest.subarray(space + 1 + length);
    }
    const { orgId, streamId, id, events, seal } = auditBatch(["x".repeat(10)]);
    const data = (seq: string) => `[latchkey@32473 org="${orgId}" stream="${streamId}" batch="${id}" seq="${seq}"]`;
    expect(messages).toEqual([
      `<110>1 2026-11-30T23:59:58.000Z vault.example.com latchkey - credential.read ${data("7")} ${events[0]?.json}`,
      `<110>1 2026-11-30T23:59:58.100Z vault.example.com latchkey - audit.seal ${data("7")} ${seal}`,
    ]);
  });

  test("inside, or without TLS, hears nothing", async () => {
    let heard = "";
    const port = await tcp((socket) => socket.on("data", (chunk) => (heard += chunk)).write("no TLS here\n"));
    expect(await deliver(at(port, authority), auditBatch(), patient)).toEqual({
      outcome: "unknown",
      reason: "tls_failed",
    });
    expect(heard).not.toContain("credential.read");
    const settings = at(port, authority, { host: "127.0.0.1" });
    expect(await deliver(settings, auditBatch(), patient)).toEqual({ outcome: "unknown", reason: "not_allowed" });
  });
});
