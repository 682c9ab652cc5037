import "server-only";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Client, type Dispatcher } from "undici";
import { headersToConsole } from "./forwarded-headers";

/** Where the console listens now, and whether it does. */
export interface ConsoleSocket {
  readonly up: boolean;
  readonly socket: string;
}

export type ConsoleAnswer = Dispatcher.ResponseData;

interface Question {
  incoming: IncomingMessage;
  /** Whole, or counted as it comes; null for none. */
  body: Buffer | Readable | null;
  address: string;
  signal: AbortSignal;
}

/** Until the head of an answer, and between pieces of it. */
const HEAD_MS = 60_000;
const PIECE_MS = 120_000;

/**
 * One exchange over a connection that was opened for it and is closed behind it. The library writes the framing, from
 * the body as it is, and cuts the connection when a body turns out to be of another length than it was said to be.
 * @throws whatever the library throws; `wasNotSent` tells those after which nothing can have happened
 */
export async function askConsole(socketPath: string, question: Question, publicUrl: URL): Promise<ConsoleAnswer> {
  const { incoming, body, address, signal } = question;
  const client = new Client("http://console", { socketPath, headersTimeout: HEAD_MS, bodyTimeout: PIECE_MS });
  const end = () => void client.destroy().catch(() => undefined);
  try {
    const answer = await client.request({
      path: incoming.url ?? "/",
      method: incoming.method ?? "GET",
      headers: { ...headersToConsole(incoming.headers, publicUrl, address), ...lengthOf(incoming, body) },
      body,
      signal,
      reset: true,
    });
    answer.body.once("close", end);
    return answer;
  } catch (error) {
    end();
    throw error;
  }
}

/** A body that is passed on as it comes has the length that its sender gave it, which the library holds it to. */
function lengthOf(incoming: IncomingMessage, body: Buffer | Readable | null): Record<string, string> {
  const length = incoming.headers["content-length"];
  return body === null || Buffer.isBuffer(body) || length === undefined ? {} : { "content-length": length };
}

const NOT_SENT = new Set(["ECONNREFUSED", "ENOENT", "UND_ERR_CONNECT_TIMEOUT"]);

export const wasNotSent = (error: unknown): boolean =>
  NOT_SENT.has(String((error as NodeJS.ErrnoException | undefined)?.code));
