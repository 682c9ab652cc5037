import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { HttpMethod } from "@/lib/api/http/route";
import { Admission } from "@/lib/api/server/admission";
import { addressJudge, proxyJudge } from "@/lib/api/server/client-address";
import { consoleDoor } from "@/lib/api/server/console-door";
import { forwardTo } from "@/lib/api/server/console-proxy";
import { gatewayListener } from "@/lib/api/server/gateway";
import { listen } from "@/lib/api/server/listener";
import { hostJudge } from "@/lib/api/server/public-host";
import { RouteTable } from "@/lib/api/server/route-table";
import type { AnyHandler, RouteModule } from "@/lib/api/server/routes";
import { staticFiles } from "@/lib/api/server/static-files";

export interface ServingOptions {
  /** Where a console listens; none by default. */
  console?: string;
  /** Whether the database answers. */
  storage?: () => Promise<boolean>;
  trustedProxies?: string;
  /** What the product is called from outside. */
  publicUrl?: string;
  uploadMaxBytes?: number;
  /** The folder of the console's built files; none by default. */
  files?: string;
}

/**
 * A gateway over routes given as `GET /api/x`, known outside as https://vault.example unless another address is given.
 * The answer is a function that asks it: `ask("GET /api/x")`.
 */
export async function serving(handlers: Record<string, AnyHandler>, options: ServingOptions = {}) {
  const { console: socket = "", storage = async () => true, trustedProxies, uploadMaxBytes = 1_000_000 } = options;
  const routes = new RouteTable<RouteModule>();
  for (const [file, module] of modulesOf(handlers)) routes.add(file, module);
  const publicUrl = new URL(options.publicUrl ?? "https://vault.example");
  const forward = forwardTo({
    console: { up: socket !== "", socket },
    publicUrl,
    upload: { path: "/import/run", maxBytes: uploadMaxBytes },
    files: staticFiles(options.files),
    storage: { answers: storage, check: storage },
    admission: new Admission(),
  });
  const toConsole = consoleDoor({ publicUrl, hostOf: hostJudge(publicUrl, proxyJudge(trustedProxies)), forward });
  const addressOf = addressJudge(trustedProxies);
  const gateway = gatewayListener({ routes, addressOf, origin: publicUrl.origin, toConsole });
  const servers = await listen(gateway, 0, "127.0.0.1");
  closeLater(...servers);
  const { port } = servers.map((server) => server.address() as AddressInfo)[0] ?? { port: 0 };
  const host = publicUrl.host;
  const ask = (line: string, { headers, ...rest }: Sent = {}) =>
    send(port, line, { headers: { host, ...headers }, ...rest });
  return Object.assign(ask, { port });
}

/** A console that answers with what reached it. */
export async function echoConsole(): Promise<string> {
  const socket = socketName();
  closeLater(await echoOn(socket));
  return socket;
}

export const socketName = () => `\0latchkey-test-${process.pid}-${Math.random()}`;

function modulesOf(handlers: Record<string, AnyHandler>): Map<string, RouteModule> {
  const modules = new Map<string, RouteModule>();
  for (const [line, handler] of Object.entries(handlers)) {
    const [method, path] = line.split(" ") as [HttpMethod, string];
    const file = `${path.slice(1)}/route.ts`;
    modules.set(file, { ...modules.get(file), [method]: handler });
  }
  return modules;
}

function echoOn(socket: string): Promise<Server> {
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray()).toString();
    const { method, url, headers } = incoming;
    outgoing.end(JSON.stringify({ method, url, headers, body }));
  });
  return new Promise((resolve) => server.listen(socket, () => resolve(server)));
}

export function closeLater(...servers: Server[]): void {
  onTestFinished(() => {
    for (const server of servers) server.close().closeAllConnections();
  });
}

interface Sent {
  headers?: Record<string, string>;
  body?: string;
}

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Undefined for another body than JSON. */
  json: unknown;
}

/** One request over a connection of its own, as `GET /path`. */
export function send(port: number, line: string, { headers = {}, body }: Sent = {}): Promise<Reply> {
  const [method, path] = line.split(" ");
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", method, path, headers, agent: false }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      const json = /^["{[]/.test(text) ? JSON.parse(text) : undefined;
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
