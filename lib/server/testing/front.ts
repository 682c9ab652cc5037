import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { HttpMethod } from "@/lib/http/route";
import { addressJudge } from "../client-address";
import type { ConsoleProcess } from "../console-process";
import { forwardTo } from "../console-proxy";
import { frontListener } from "../front";
import { listen } from "../listener";
import { RouteTable } from "../route-table";
import type { AnyHandler, RouteModule } from "../routes";

/**
 * A front over routes given as `GET /api/x`, known outside as https://vault.example, with a console behind it that
 * answers what reached it. The answer is a function that asks it: `ask("GET /api/x")`.
 */
export async function serving(handlers: Record<string, AnyHandler>, { consoleUp = false } = {}) {
  const routes = new RouteTable<RouteModule>();
  for (const [file, module] of modulesOf(handlers)) routes.add(file, module);
  const socket = `\0latchkey-test-${process.pid}-${Math.random()}`;
  if (consoleUp) closeLater(await echoOn(socket));
  const origin = "https://vault.example";
  const toConsole = forwardTo({ up: consoleUp, socket } as ConsoleProcess, new URL(origin));
  const servers = await listen(frontListener({ routes, addressOf: addressJudge(), origin, toConsole }), 0, "127.0.0.1");
  closeLater(...servers);
  const { port } = servers.map((server) => server.address() as AddressInfo)[0] ?? { port: 0 };
  return Object.assign((line: string, options?: Sent) => send(port, line, options), { port });
}

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

function closeLater(...servers: Server[]): void {
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
