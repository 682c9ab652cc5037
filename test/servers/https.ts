import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:https";

/** A stand-in for services that nobody can run here: an HTTPS server on a loopback port that says what a test wants. */
export interface Standin {
  port: number;
  /** Every request that came in, oldest first. */
  requests: Received[];
  answer: RequestListener;
  stop: () => Promise<void>;
}

export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
  /** The name that the client asked for while it encrypted (SNI). */
  servername: unknown;
}

export async function startStandin(files: { certificate: string; key: string }): Promise<Standin> {
  const options = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
  const standin: Omit<Standin, "port" | "stop"> = { requests: [], answer: (_, response) => response.end() };
  const server = createServer(options, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers, socket } = request;
      const { servername } = socket as { servername?: unknown };
      standin.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString(), servername });
      standin.answer(request, response);
    });
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address !== "object") throw new Error("The server has no port");
  return Object.assign(standin, {
    port: address.port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
}
