import { connect } from "node:net";
import { expect, test } from "vitest";
import { serving } from "@/test/gateway/front";
import { answersIn, rawExchange } from "@/test/gateway/raw";
import { recordingConsole } from "@/test/gateway/recorder";

const INNER = "GET /stolen HTTP/1.1\r\nHost: vault.example\r\nX-Mark: inner\r\n\r\n";
const ROUNDS = 12;

/** What neighbours do to the connections that everybody's requests go over. */
const attacks = [
  (at: number) =>
    `GET /a HTTP/1.1\r\nHost: vault.example\r\nX-Mark: ${at}\r\nTransfer-Encoding: chunked\r\n\r\n${INNER.length.toString(16)}\r\n${INNER}\r\n0\r\n\r\n`,
  (at: number) =>
    `HEAD /a HTTP/1.1\r\nHost: vault.example\r\nX-Mark: ${at}\r\nContent-Length: ${INNER.length}\r\n\r\n${INNER}`,
  (at: number) =>
    `DELETE /a HTTP/1.1\r\nHost: vault.example\r\nX-Mark: ${at}\r\nConnection: content-length\r\nContent-Length: ${INNER.length}\r\n\r\n${INNER}`,
  (at: number) =>
    `POST /import/run?early HTTP/1.1\r\nHost: vault.example\r\nX-Mark: ${at}\r\nContent-Length: 90000\r\n\r\n${INNER}`,
  (at: number) =>
    `POST /a HTTP/1.1\r\nHost: vault.example\r\nX-Mark: ${at}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n${INNER}`,
];

test("64 clients, half of them hostile: every answer is the asker's own, and nobody's inner request is found", async () => {
  const console = await recordingConsole();
  const { port } = await serving({}, { console: console.socket });
  const addresses = Array.from({ length: 8 }, (_, at) => `127.0.0.${at + 2}`);
  const client = async (at: number) => {
    const localAddress = addresses[at % addresses.length] ?? "127.0.0.1";
    for (let round = 0; round < ROUNDS; round++) {
      const mark = `${at}-${round}`;
      if (at % 2 === 0) await honest(port, localAddress, mark);
      else await hostile(port, localAddress, at, round, mark);
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, at) => client(at)));
  expect(console.seen.filter(({ url, headers }) => url === "/stolen" || headers["x-mark"] === "inner")).toEqual([]);
  expect(console.problems).toEqual([]);
  expect(console.seen.filter(({ method }) => method === "POST").length).toBeGreaterThan(0);
});

async function honest(port: number, localAddress: string, mark: string): Promise<void> {
  const get = `GET /page HTTP/1.1\r\nHost: vault.example\r\nX-Mark: ${mark}\r\n\r\n`;
  const post = `POST /page HTTP/1.1\r\nHost: vault.example\r\nX-Mark: ${mark}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello`;
  const { answers } = await rawExchange(port, get + post, { localAddress, quietMs: 20_000 });
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, `for ${mark}`],
    [200, `for ${mark}`],
  ]);
}

async function hostile(port: number, localAddress: string, at: number, round: number, mark: string): Promise<void> {
  const attack = attacks[(at + round) % attacks.length]?.(0).replace("X-Mark: 0", `X-Mark: ${mark}`) ?? "";
  // Some stay to read what they can get, some cut the connection in the middle.
  if (round % 3 === 0) return cut(port, localAddress, attack);
  const { answers } = await rawExchange(port, attack + INNER, { localAddress, quietMs: 100 });
  for (const { status, head, body } of answers) {
    expect([400, 401, 200, 405], head).toContain(status);
    if (status === 200) expect(body).toBe(`for ${mark}`);
  }
}

function cut(port: number, localAddress: string, bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress }, () =>
      socket.write(bytes.slice(0, -3), () => socket.destroy()),
    );
    socket.on("error", () => undefined).on("close", () => resolve());
  });
}

test("the reader of these tests tells answers apart by their own framing", () => {
  const text =
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabHTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 401 No\r\ntransfer-encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n";
  expect(answersIn(text).map(({ status, body }) => [status, body])).toEqual([
    [200, "ab"],
    [204, ""],
    [401, "c"],
  ]);
});
