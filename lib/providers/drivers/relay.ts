import "server-only";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Stands on this machine for one server, for a driver that insists on dialling: the first connection goes over the stream
 * that the test opened, and there is no second.
 * @returns the port to give to the driver, and how to end it
 */
export async function relayTo(stream: Duplex, before?: Buffer): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => {
    server.close();
    socket.on("error", () => undefined);
    stream.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => stream.destroy());
    if (before) socket.write(before);
    socket.pipe(stream).pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      stream.destroy();
    },
  };
}
