import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, type Readable } from "node:stream";
import type { Admission } from "./admission";
import { compressText } from "./compress";
import { askConsole, type ConsoleAnswer, type ConsoleSocket, wasNotSent } from "./console-exchange";
import { beginAnswer, goneSignal, wantBody } from "./exchange";
import { headersToClient } from "./forwarded-headers";
import { hasBody } from "./framing";
import { answerPage } from "./plain-page";
import { BodyTooLarge, countedBody, readWhole } from "./request-body";
import type { StaticFiles } from "./static-files";
import type { StorageWatch } from "./storage-watch";

/** Hands a request to the console's process, and its answer back. */
export type Forward = (incoming: IncomingMessage, outgoing: ServerResponse, address: string) => Promise<void>;

export interface ForwardOptions {
  console: ConsoleSocket;
  /** What the console is to take for its own address. */
  publicUrl: URL;
  /** The one path that takes a file, and the most that it takes; every other body is held whole, and small. */
  upload: { path: string; maxBytes: number };
  files: StaticFiles;
  storage: StorageWatch;
  admission: Admission;
}

/** One request on its way. */
interface Passage {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  address: string;
  /** Aborts when the client has gone. */
  signal: AbortSignal;
}

/**
 * Requests go on framed anew, from a body that is whole or whose pieces are counted; each exchange has a connection of
 * its own, so that no answer can be another one's. What does not fit in is told to come again.
 */
export function forwardTo(options: ForwardOptions): Forward {
  const { admission, storage } = options;
  return async (incoming, outgoing, address) => {
    const passage = { incoming, outgoing, address, signal: goneSignal(outgoing) };
    const leave = await admission.exchange(address, passage.signal);
    if (!leave) return answerBusy(outgoing);
    outgoing.once("close", leave);
    if (options.files(incoming, outgoing)) return;
    if (isPageVisit(incoming) && !(await storage.answers())) return answerAway(outgoing);
    const body = await bodyOf(passage, options);
    if (body === undefined) return;
    const done = await admission.work(address, passage.signal);
    if (!done) return answerBusy(outgoing);
    await exchange(passage, body, options).finally(done);
  };
}

async function exchange(passage: Passage, body: Buffer | Readable | null, options: ForwardOptions): Promise<void> {
  const { incoming, outgoing, address, signal } = passage;
  if (!options.console.up) return answerNotReady(outgoing);
  const away = awaySignal(options.storage);
  const question = { incoming, body, address, signal: AbortSignal.any([signal, away.signal]) };
  try {
    const answer = await askConsole(options.console.socket, question, options.publicUrl);
    away.cease();
    if (answer.statusCode !== 500 || (await options.storage.check())) return passOn(answer, outgoing);
    answer.body.on("error", () => undefined).destroy();
    answerAway(outgoing);
  } catch (error) {
    if (away.signal.aborted && isSafe(incoming) && !outgoing.headersSent) answerAway(outgoing);
    else answerFailure(error, passage);
  } finally {
    away.cease();
  }
}

/** An answer that takes this long makes us ask the database. */
const DOUBT_MS = 2_000;

/** Aborts when the database turns out to be away while an answer is waited for: it would come too late for anybody. */
function awaySignal(storage: StorageWatch): { signal: AbortSignal; cease: () => void } {
  const away = new AbortController();
  const doubt = async () => {
    if (!(await storage.check())) away.abort();
  };
  const timer = setInterval(() => void doubt(), DOUBT_MS);
  return { signal: away.signal, cease: () => clearInterval(timer) };
}

const isSafe = ({ method }: Pick<IncomingMessage, "method">) => method === "GET" || method === "HEAD";

function passOn(answer: ConsoleAnswer, outgoing: ServerResponse): void {
  compressText(outgoing.req, outgoing);
  beginAnswer(outgoing, answer.statusCode, headersToClient(answer.headers));
  // What breaks off on one side is cut on the other: a half answer must not look whole.
  pipeline(answer.body, outgoing, () => undefined);
}

/** The body to send on; undefined when the request was answered instead, or nobody is there any more. */
async function bodyOf(
  { incoming, outgoing, address, signal }: Passage,
  { admission, upload }: ForwardOptions,
): Promise<Buffer | Readable | null | undefined> {
  if (!hasBody(incoming)) return null;
  const isUpload = incoming.url?.split("?", 1)[0] === upload.path;
  if (isUpload && Number(incoming.headers["content-length"] ?? 0) <= upload.maxBytes) {
    wantBody(outgoing);
    return countedBody(incoming, upload.maxBytes);
  }
  const leave = await admission.body(address, signal);
  if (!leave) return void answerBusy(outgoing);
  const read = await readWhole(incoming, () => wantBody(outgoing)).finally(leave);
  if ("bytes" in read) return read.bytes;
  if (read.failed === "too_large") answerTooLarge(outgoing);
  return undefined;
}

/** A person goes to a page; scripts of our pages ask for other things and are told in other ways. */
const isPageVisit = ({ method, headers }: IncomingMessage) =>
  isSafe({ method }) && /\btext\/html\b/.test(headers.accept ?? "") && headers.rsc === undefined;

function answerFailure(error: unknown, { incoming, outgoing, signal }: Passage): void {
  if (signal.aborted || outgoing.destroyed) return;
  if (outgoing.headersSent) outgoing.destroy();
  else if (error instanceof BodyTooLarge) answerTooLarge(outgoing);
  else if (wasNotSent(error) || isSafe(incoming)) answerNotReady(outgoing);
  else answerUnknown(outgoing);
}

const answerBusy = (outgoing: ServerResponse) =>
  answerPage(outgoing, 503, {
    title: "Too much at once",
    text: "The console cannot take on more now, from your address or from all. This page tries again by itself.",
    again: 2,
  });

const answerAway = (outgoing: ServerResponse) =>
  answerPage(outgoing, 503, {
    title: "One moment",
    text: "The vault cannot reach its storage. This page tries again by itself.",
    again: 2,
  });

const answerNotReady = (outgoing: ServerResponse) =>
  answerPage(outgoing, 503, {
    title: "One moment",
    text: "The console is starting. This page tries again by itself.",
    again: 2,
  });

const answerTooLarge = (outgoing: ServerResponse) =>
  answerPage(outgoing, 413, { title: "Too large", text: "What was sent is larger than the console takes." });

/** It may have been done: to be sent again by itself would be wrong. */
const answerUnknown = (outgoing: ServerResponse) =>
  answerPage(outgoing, 502, {
    title: "Not known whether it was done",
    text: "The console stopped while it worked on this. Look whether it was done before you do it again.",
  });
