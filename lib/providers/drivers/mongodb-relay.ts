import "server-only";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { dial } from "@/lib/platform/net/dial";
import { certificateProblem } from "../certificate";
import type { Network } from "../define-connection";
import type { Problem } from "../test-run";
import { handshake } from "../tls";
import type { Drivable } from "./encrypt";
import { TOO_MUCH_WORK } from "./mongodb-problems";
import { ScramRounds } from "./scram-rounds";

interface Way {
  target: { host: string; port: number; encrypted: boolean };
  /** The address that was judged: every further connection goes there and nowhere else. */
  address: string;
  isPublic: boolean;
}

/** A driver of one server opens a connection to work over and up to two to watch it by. */
const CONNECTIONS_MAX = 4;

/**
 * Stands on this machine for one judged server, for a driver that insists on dialling. The first connection goes over the
 * stream that the test opened; further ones are dialled to the same address and encrypted as that one was.
 */
export class MongoRelay {
  /** Why it hung up, if it did. */
  problem: Problem | undefined;
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();
  private first: Drivable | undefined;
  private taken = 0;

  constructor(
    first: Drivable,
    private readonly way: Way,
    private readonly network: Network,
    private readonly signal: AbortSignal,
  ) {
    this.first = first;
    this.server = createServer((socket) => void this.join(socket).catch(() => socket.destroy()));
  }

  /** @returns the port to give to the driver */
  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private async join(socket: Socket): Promise<void> {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    this.taken += 1;
    if (this.taken > CONNECTIONS_MAX) return void socket.destroy();
    const stream = this.take() ?? (await this.another());
    this.sockets.add(stream);
    stream.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => stream.destroy());
    this.watch(stream);
    socket.pipe(stream).pipe(socket);
  }

  /** The driver would compute whatever a server asks for: so it does not hear it. */
  private watch(stream: Drivable): void {
    const rounds = new ScramRounds();
    stream.on("data", (chunk: Buffer) => {
      if (!rounds.areTooMany(chunk)) return;
      this.problem = TOO_MUCH_WORK;
      this.close();
    });
  }

  private take(): Drivable | undefined {
    const { first } = this;
    this.first = undefined;
    return first;
  }

  private async another(): Promise<Drivable> {
    const { target, address, isPublic } = this.way;
    const { connectTimeoutMs, maxInboundBytes } = this.network;
    const { stream } = await dial([address], target.port, { connectTimeoutMs, maxInboundBytes, signal: this.signal });
    if (!target.encrypted) return stream;
    const socket = await handshake(stream, target);
    const chainError = socket.authorized ? undefined : String(socket.authorizationError);
    const mode = isPublic ? "verify-full" : "require";
    if (certificateProblem(mode, target.host, { certificate: socket.getPeerCertificate(), chainError }))
      socket.destroy();
    return socket;
  }
}
