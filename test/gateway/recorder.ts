import { createServer, type IncomingMessage } from "node:http";
import { closeLater, socketName } from "./front";

export interface Seen {
  method: string;
  url: string;
  headers: Record<string, string | undefined>;
  body: string;
  /** Broke off before its end. */
  broken: boolean;
}

/**
 * A real HTTP server in the console's place, which writes down every request that its own parser finds, on whatever
 * connection. Asked for anything `early` it answers before it has read the body.
 */
export async function recordingConsole() {
  const seen: Seen[] = [];
  const socket = socketName();
  const problems: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    const record = { method, url, headers: headers as Seen["headers"], body: "", broken: false };
    seen.push(record);
    if (url.includes("early")) outgoing.writeHead(401, { "x-for": headers["x-mark"] ?? "" }).end("early");
    Object.assign(record, await bodyOf(incoming));
    if (!outgoing.headersSent)
      outgoing.writeHead(200, { "x-for": headers["x-mark"] ?? "" }).end(`for ${headers["x-mark"]}`);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, connection) => {
    if (error.code?.startsWith("HPE_")) problems.push(error.code ?? error.message);
    connection.destroy();
  });
  server.listen(socket);
  closeLater(server);
  return { socket, seen, problems };
}

async function bodyOf(incoming: IncomingMessage): Promise<{ body: string; broken: boolean }> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    return { body: Buffer.concat(chunks).toString("latin1"), broken: false };
  } catch {
    return { body: Buffer.concat(chunks).toString("latin1"), broken: true };
  }
}
