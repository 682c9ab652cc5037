import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allowing, buildWorker, tryOut } from "@/test/providers/worker";
import { startPeer } from "@/test/servers/peer";
import { startSshd } from "@/test/servers/sshd";

let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker?.forget());

const outcomeAt = async (port: number) => {
  const values = { host: "127.0.0.1", port, username: "anna", password: "some-password" };
  const { outcome, reason } = await tryOut("sftp", "user_password", values, { policy: allowing(port) });
  return `${outcome} ${reason}`;
};

/** A connection that the server waits on: it has said its name and hears nothing. */
const hold = (port: number) =>
  new Promise<Socket | undefined>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", (first) => resolve(String(first).startsWith("SSH-") ? socket : undefined));
    socket.once("error", () => resolve(undefined)).once("close", () => resolve(undefined));
  });

test("OpenSSH with no place left is busy, which trying again may cure", async () => {
  const server = await startSshd(["MaxStartups 1"]);
  let held: Socket | undefined;
  // The connection that found out whether the server was up may still have the place.
  while (!held) held = await hold(server.port);
  const outcome = await outcomeAt(server.port);
  held.destroy();
  await server.stop();
  expect(outcome).toBe("unreachable server_busy");
});

const saying = (text: string) => (socket: Socket) => {
  socket.end(text);
};

test.each([
  ["OpenSSH, too many at once", "Exceeded MaxStartups\r\n", "unreachable server_busy"],
  ["OpenSSH, an address with penalties", "Not allowed at this time\r\n", "unreachable server_busy"],
  ["a line without its end", "Not allowed at this time", "unreachable server_busy"],
  ["a gateway", "Too many connections from your address, please try again later.\n", "unreachable server_busy"],
  ["a limit", "Maximum number of sessions reached\n", "unreachable server_busy"],
  ["a greeting before it", "Welcome.\r\nThe service is temporarily unavailable\r\n", "unreachable server_busy"],
  ["a name, then nothing", "SSH-2.0-OpenSSH_9.8\r\n", "unreachable connection_lost"],
  ["nothing", "", "unreachable connection_lost"],
  ["FTP that is full", "421 Too many connections, try again later\r\n", "failed not_ssh"],
  ["HTTP that is full", "HTTP/1.1 503 Service Unavailable\r\n\r\ntry again later", "failed not_ssh"],
  ["some other service", "login: \r\n", "failed not_ssh"],
  ["more than a line", `${"welcome\r\n".repeat(90)}try again later\r\n`, "failed not_ssh"],
])("a server that hangs up after few words is judged by them: %s", async (_, words, outcome) => {
  const peer = await startPeer(saying(words));
  const found = await outcomeAt(peer.port);
  await peer.stop();
  expect(found).toBe(outcome);
});

/** The message of RFC 4253, section 11.1, before any key was agreed on. */
function goodbye(reason: number): Buffer {
  const text = Buffer.from("some words");
  const payload = Buffer.concat([Buffer.from([1, 0, 0, 0, reason, 0, 0, 0, text.length]), text, Buffer.alloc(4)]);
  const padding = 8 - ((5 + payload.length) % 8) + 8;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + padding, 0);
  head[4] = padding;
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

test.each([
  [1, "failed address_refused"],
  [7, "unreachable server_busy"],
  [12, "unreachable server_busy"],
  [10, "unreachable connection_lost"],
])("a server that says goodbye with reason %i before it proves itself: %s", async (reason, outcome) => {
  const peer = await startPeer((socket) => {
    socket.write("SSH-2.0-some\r\n");
    socket.once("data", () => socket.end(goodbye(reason)));
  });
  const found = await outcomeAt(peer.port);
  await peer.stop();
  expect(found).toBe(outcome);
});
