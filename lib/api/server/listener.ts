import "server-only";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { lingerOnClose, openExchange, retire } from "./exchange";
import { toOriginForm } from "./framing";
import { refuse, refuseRaw, refuseUnparsed } from "./refusal-answer";

/** A request must have arrived whole by then; a slow sender holds nothing for longer. */
const REQUEST_MS = 30_000;
/** Longer than the usual proxies keep a connection idle, so that it is they who close it. */
const KEEP_ALIVE_MS = 75_000;
/** What is in flight at the end has this long. */
const DRAIN_MS = 10_000;

/** Takes over a connection that wants to speak another protocol. */
export type OnUpgrade = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Listens on one port. `localhost` means both loopback addresses, whichever a client tries first.
 * @param onUpgrade without it nobody speaks another protocol here
 */
export async function listen(
  listener: RequestListener,
  port: number,
  host: string,
  onUpgrade?: OnUpgrade,
): Promise<Server[]> {
  const first = await listenOn(listener, port, host === "localhost" ? "127.0.0.1" : host, onUpgrade);
  if (host !== "localhost") return [first];
  try {
    const { port: chosen } = first.address() as AddressInfo;
    return [first, await listenOn(listener, chosen, "::1", onUpgrade)];
  } catch (error) {
    if (WITHOUT_IPV6.has((error as NodeJS.ErrnoException).code ?? "")) return [first];
    first.close();
    throw error;
  }
}

const WITHOUT_IPV6 = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

async function listenOn(
  listener: RequestListener,
  port: number,
  host: string,
  onUpgrade: OnUpgrade | undefined,
): Promise<Server> {
  const server = createServer({
    requestTimeout: REQUEST_MS,
    headersTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 5_000,
    insecureHTTPParser: false,
  });
  const onRequest: RequestListener = (incoming, outgoing) => {
    openExchange(incoming, outgoing);
    toOriginForm(incoming);
    listener(incoming, outgoing);
  };
  server.on("connection", lingerOnClose);
  server.on("request", onRequest);
  // A client that waits to be asked for its body: whoever reads it asks.
  server.on("checkContinue", onRequest);
  server.on("checkExpectation", (_, outgoing: ServerResponse) => {
    retire(outgoing);
    refuse(outgoing, 417, "The only expectation that is met is 100-continue");
  });
  server.on("clientError", (error, socket) => refuseUnparsed(error, socket as Socket));
  server.on("connect", (_, socket) => refuseRaw(socket as Socket, 405, "Method not allowed", { allow: ALLOWED }));
  if (onUpgrade) server.on("upgrade", onUpgrade);
  server.listen(port, host);
  await once(server, "listening");
  return server;
}

const ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** Takes no new request, lets those in flight finish, and cuts what is left after that time. */
export async function drain(servers: Server[], timeoutMs = DRAIN_MS): Promise<void> {
  const closed = Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  // A connection kept alive is not idle until its last answer is out.
  const sweep = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, 50);
  const inTime = await Promise.race([closed.then(() => true), sleep(timeoutMs, false, { ref: false })]);
  clearInterval(sweep);
  if (!inTime) for (const server of servers) server.closeAllConnections();
  await closed;
}
