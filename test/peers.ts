import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { afterAll } from "vitest";

export interface Peers {
  /** The port of a new HTTP server on this machine. */
  http: (listener: RequestListener) => Promise<number>;
  /** The port of a new server on this machine that says what it is told to, or nothing. */
  tcp: (talk?: (socket: Socket) => void) => Promise<number>;
  /** How many connections to any of them are open now. */
  connections: () => number;
}

/** Other sides to talk to, which count who is connected. They end with the test file. */
export function peers(): Peers {
  const open: Server[] = [];
  const sockets = new Set<Socket>();
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of open) server.close();
  });

  async function listening(server: Server): Promise<number> {
    open.push(server);
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      // Who does not read does not hear of the end.
      socket.resume();
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }
  return {
    http: (listener) => listening(createServer(listener)),
    tcp: (talk) => listening(createTcp(talk)),
    connections: () => sockets.size,
  };
}
