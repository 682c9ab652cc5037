import { randomInt } from "node:crypto";
import type { AddressInfo } from "node:net";
import { afterAll, expect } from "vitest";
import { lookBy } from "@/lib/api/http/readiness";
import { gatewayListener } from "@/lib/api/server/gateway";
import { listen } from "@/lib/api/server/listener";
import { apiName } from "@/lib/api/server/request-path";
import { apiRoutes } from "@/lib/api/server/routes";
import { undescribed } from "@/test/openapi/traffic";

/** The API over real HTTP: the front that serves the product, on a free loopback port. */
export interface Api {
  url: string;
  /** One request; the answer's body is parsed when it is JSON. What the documents do not describe fails the test. */
  send: (method: string, path: string, options?: Sent) => Promise<Answer>;
}

export interface Sent {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

export async function startApi(): Promise<Api> {
  lookBy(async () => new Set());
  // Each file's own: what is counted by address in one must not slow another.
  const address = `198.18.${randomInt(256)}.${randomInt(1, 255)}`;
  const gateway = gatewayListener({
    routes: apiRoutes({}),
    addressOf: () => address,
    origin: "http://localhost",
    toConsole: async (_, outgoing) => void outgoing.writeHead(404).end(),
  });
  const servers = await listen(gateway, 0, "127.0.0.1");
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });
  const { port } = servers.map((server) => server.address() as AddressInfo)[0] ?? { port: 0 };
  const url = `http://127.0.0.1:${port}`;
  return { url, send: (method, path, options) => send(url + path, method, options ?? {}) };
}

async function send(url: string, method: string, { token, body, headers = {} }: Sent): Promise<Answer> {
  const raw = typeof body === "string" || body instanceof Uint8Array || body === undefined;
  const response = await fetch(url, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const { status, headers: told } = response;
  const sentType = new Headers(headers).get("content-type") ?? "application/json";
  const sentBody = raw ? (typeof body === "string" ? body : undefined) : JSON.stringify(body);
  const path = apiName(new URL(url).pathname);
  expect(
    undescribed({ method, path, sentBody, sentType, status, headers: told, text }),
    `${method} ${path} as the documents describe it`,
  ).toEqual([]);
  const json = response.headers.get("content-type")?.includes("json") && text !== "";
  return { status, headers: told, text, body: json ? JSON.parse(text) : undefined };
}
