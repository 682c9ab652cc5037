import { connect } from "node:net";

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
  /** Ended as its framing says. */
  whole: boolean;
}

/**
 * Sends bytes over one connection and collects every answer on it until it closes, or until it has been silent for a
 * moment after the last answer.
 */
export function rawExchange(port: number, bytes: string | Buffer, { quietMs = 150, localAddress = "127.0.0.1" } = {}) {
  return new Promise<{ answers: RawAnswer[]; closed: boolean }>((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    let received = Buffer.alloc(0);
    const end = (closed: boolean) => {
      clearTimeout(quiet);
      socket.destroy();
      resolve({ answers: answersIn(received.toString("latin1")), closed });
    };
    // Whoever says nothing at all is waited for longer.
    let quiet = setTimeout(() => end(false), 10 * quietMs);
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      clearTimeout(quiet);
      quiet = setTimeout(() => end(false), quietMs);
    });
    socket.on("error", () => undefined);
    socket.on("end", () => end(true));
    socket.on("close", () => end(true));
  });
}

/** Reads answers by their own framing; what is left over counts as one that is broken. */
export function answersIn(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== ""; ) {
    const end = rest.indexOf("\r\n\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(rest)?.[1] ?? 0);
    if (end < 0 || status === 0) return [...answers, { status: 0, head: rest, body: "", whole: false }];
    const head = rest.slice(0, end);
    rest = rest.slice(end + 4);
    if (status === 100) continue;
    const { body, left, whole } = bodyIn(head, status, rest);
    answers.push({ status, head, body, whole });
    rest = left;
  }
  return answers;
}

interface Found {
  body: string;
  left: string;
  whole: boolean;
}

function bodyIn(head: string, status: number, rest: string): Found {
  if (/^transfer-encoding: chunked/im.test(head)) return unchunked(rest);
  const isBare = status === 204 || status === 304;
  const length = isBare ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? rest.length);
  // An answer to HEAD names a length and has no body: the next one follows at once.
  if (rest === "" || rest.startsWith("HTTP/1.1 ")) return { body: "", left: rest, whole: true };
  return { body: rest.slice(0, length), left: rest.slice(length), whole: rest.length >= length };
}

function unchunked(text: string): Found {
  let body = "";
  let left = text;
  for (;;) {
    const line = left.indexOf("\r\n");
    const size = Number.parseInt(left.slice(0, line), 16);
    if (line < 0 || Number.isNaN(size)) return { body, left, whole: false };
    body += left.slice(line + 2, line + 2 + size);
    left = left.slice(line + 2 + size + 2);
    if (size === 0) return { body, left, whole: true };
  }
}
