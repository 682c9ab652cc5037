import { createServer, type Server, type Socket } from "node:net";

/** A TCP server on a loopback port that behaves as a test wants: badly. */
export interface Peer {
  host: string;
  port: number;
  /** Everything that clients sent, in order of arrival. */
  received: () => string;
  connections: () => number;
  /** How many of them are open now. */
  open: () => number;
  stop: () => Promise<void>;
}

export async function startPeer(onConnection: (socket: Socket) => void): Promise<Peer> {
  const sockets = new Set<Socket>();
  const chunks: Buffer[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    socket.on("data", (chunk) => chunks.push(chunk));
    onConnection(socket);
  });
  const port = await listen(server);
  return {
    host: "127.0.0.1",
    port,
    received: () => Buffer.concat(chunks).toString("latin1"),
    connections: () => connections,
    open: () => sockets.size,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A loopback port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((done) => probe.close(done));
  return port;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address && typeof address === "object") resolve(address.port);
      else reject(new Error("The server has no port"));
    });
  });
}
