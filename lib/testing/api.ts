import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { frontListener } from "@/lib/server/front";
import { apiRoutes } from "@/lib/server/routes";

/** The API over real HTTP: the front that serves the product, on a free loopback port. */
export interface Api {
  url: string;
  /** One request; the answer's body is parsed when it is JSON. */
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
  const server = createServer(
    frontListener({
      routes: apiRoutes(),
      addressOf: () => "192.0.2.7",
      origin: "http://localhost",
      toConsole: (_, outgoing) => void outgoing.writeHead(404).end(),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
  const json = response.headers.get("content-type")?.includes("json") && text !== "";
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : undefined };
}
