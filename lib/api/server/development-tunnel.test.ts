import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, test } from "vitest";
import { closeLater, serving, socketName } from "@/test/gateway/front";
import { rawExchange } from "@/test/gateway/raw";
import { recordingConsole } from "@/test/gateway/recorder";
import { tunnelTo } from "./development-tunnel";
import { listen } from "./listener";

const ORIGIN = "http://localhost:3000";
const upgrade = (path: string, origin: string) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost:3000\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

/** The development server's part: it takes the socket over, and says what comes back in capitals. */
function loudConsole(): string {
  const socket = socketName();
  const server = createServer().on("upgrade", (_, wire) => {
    wire.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    wire.on("data", (data: Buffer) => wire.write(data.toString().toUpperCase()));
  });
  closeLater(server.listen(socket));
  return socket;
}

test("in development a page of ours hears of changes over its socket, and nobody gets anything else that way", async () => {
  const onUpgrade = tunnelTo({ up: true, socket: loudConsole() }, new URL(ORIGIN));
  const servers = await listen(() => undefined, 0, "127.0.0.1", onUpgrade);
  closeLater(...servers);
  const { port } = servers.map((server) => server.address() as AddressInfo)[0] ?? { port: 0 };
  const said = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`${upgrade("/_next/hmr?id=1", ORIGIN)}`));
    socket.on("data", (data) => {
      if (text === "") socket.write("changed?");
      text += data;
      if (text.endsWith("CHANGED?")) resolve(text);
    });
    socket.on("close", () => resolve(text));
  });
  expect(said).toMatch(/^HTTP\/1\.1 101 .*CHANGED\?$/s);
  for (const bytes of [upgrade("/_next/hmr", "http://evil.example"), upgrade("/api/x", ORIGIN), upgrade("/", ORIGIN)])
    expect(await rawExchange(port, bytes)).toEqual({ answers: [], closed: true });
});

test("in production nobody speaks another protocol: the request is answered as it is, and the connection closed", async () => {
  const { socket, seen } = await recordingConsole();
  const { port } = await serving({}, { console: socket, publicUrl: ORIGIN });
  const { answers, closed } = await rawExchange(port, upgrade("/_next/hmr?id=1", ORIGIN));
  expect([answers[0]?.status, answers.length, closed]).toEqual([200, 1, true]);
  expect(seen[0]?.headers).not.toHaveProperty("upgrade");
});
