import type { Socket } from "node:net";
import zlib from "node:zlib";
import { expect, test } from "vitest";
import { peers } from "@/test/peers";
import { guardedFetch } from "./guarded-fetch";
import { readAllowList } from "./policy";
import { Unreachable } from "./unreachable";

/** Peers that cost as much as they can: whatever they send, an exchange stays within its budget and leaves nothing open. */

const { http, tcp, connections } = peers();

const LIMITS = { totalMs: 10_000, connectMs: 5_000, maxBytes: 64 * 1024 };
const policy = { allow: readAllowList("127.0.0.0/8:1-65535"), selfEndpoints: [] };
const get = (port: number, limits: Partial<typeof LIMITS> = {}, scheme = "http") =>
  guardedFetch(
    { url: `${scheme}://127.0.0.1:${port}/`, method: "GET", headers: {} },
    { policy, limits: { ...LIMITS, ...limits } },
  );
const reason = async (asked: Promise<unknown>) => {
  const failure = await asked.then(
    () => "answered",
    (error: unknown) => (error instanceof Unreachable ? error.reason : error),
  );
  return failure;
};
/** Nothing of ours is connected there any more. */
const closed = () => expect.poll(connections).toBe(0);

const BIG = 60 * 1024 * 1024;
const bomb = (pack: (body: Buffer) => Buffer) => pack(Buffer.alloc(BIG));
const bombs: [string, Buffer][] = [
  ["gzip", bomb((body) => zlib.gzipSync(body))],
  ["x-gzip", bomb((body) => zlib.gzipSync(body))],
  ["deflate", bomb((body) => zlib.deflateSync(body))],
  ["br", bomb((body) => zlib.brotliCompressSync(body, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }))],
  ["gzip, gzip", bomb((body) => zlib.gzipSync(zlib.gzipSync(body)))],
  ["gzip, br", bomb((body) => zlib.brotliCompressSync(zlib.gzipSync(body)))],
];

test.each(bombs)("a body in %s that unpacks to 60 MB is not unpacked", async (coding, body) => {
  const port = await http((_request, response) =>
    response.writeHead(200, { "content-encoding": coding }).end(body.subarray(0, 60_000)),
  );
  const before = process.memoryUsage();
  expect(await reason(get(port))).toBe("unreadable");
  const after = process.memoryUsage();
  // Ours to hold were 64 KiB; the rest is what the machine needs for anything.
  expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(32 * 1024 * 1024);
  await closed();
});

test.each([
  ["zstd", "unreadable"],
  ["gzip, gzip, gzip", "unreadable"],
  ["constructor", "unreadable"],
  ["gzip", "unreadable"],
  ["identity", "answered"],
  ["", "answered"],
])("a body that says it is in %j and is plain: %s", async (coding, told) => {
  const port = await http((_request, response) =>
    response.writeHead(200, { "content-encoding": coding }).end('{"plain":true}'),
  );
  expect(await reason(get(port))).toBe(told);
  await closed();
});

test.each(["gzip", "deflate", "br", "gzip, br", "GZIP"])(
  "a small body in %s is read, though none was asked for",
  async (coding) => {
    const pack: Record<string, (body: Buffer) => Buffer> = {
      gzip: (body) => zlib.gzipSync(body),
      deflate: (body) => zlib.deflateSync(body),
      br: (body) => zlib.brotliCompressSync(body),
    };
    const body = coding
      .toLowerCase()
      .split(", ")
      .reduce<Buffer>((plain, name) => pack[name]?.(plain) ?? plain, Buffer.from('{"access_token":"a"}'));
    const port = await http((_request, response) => response.writeHead(200, { "content-encoding": coding }).end(body));
    expect((await get(port)).body.toString()).toBe('{"access_token":"a"}');
    await closed();
  },
);

test("a million chunks of one byte cost no more than the bytes that were granted", async () => {
  const port = await tcp((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      const more = () => socket.writable && socket.write("1\r\nx\r\n".repeat(2_000), more);
      more();
    });
  });
  expect(await reason(get(port))).toBe("unreadable");
  await closed();
});

test.each([
  ["headers", "X-Big: y\r\n".repeat(500), ""],
  ["one header", `X-Big: ${"y".repeat(8_000)}`, "y".repeat(8_000)],
  ["trailers", "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", "X-Big: y\r\n".repeat(500)],
])("endless %s end the exchange", async (_what, first, again) => {
  const port = await tcp((socket) => {
    socket.once("data", () => {
      socket.write(`HTTP/1.1 200 OK\r\n${first}`);
      const more = () => socket.writable && socket.write(again || first, more);
      more();
    });
  });
  expect(await reason(get(port))).toBe("unreadable");
  await closed();
});

test("endless answers before the answer end the exchange", async () => {
  const port = await tcp((socket) => {
    socket.once("data", () => {
      const more = () => socket.writable && socket.write("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(20), more);
      more();
    });
  });
  expect(["unreadable", "no_answer"]).toContain(await reason(get(port)));
  await closed();
});

/** A peer that lets one byte go each time, up to where it stops for ever. */
const dripping = (text: string) =>
  tcp((socket) => {
    let at = 0;
    const drip = setInterval(() => {
      if (at < text.length) socket.write(text.charAt(at++));
    }, 20);
    socket.on("close", () => clearInterval(drip));
  });

test.each([
  ["headers", "HTTP/1.1 200 OK\r\nX-Slow: ".padEnd(10_000, "y")],
  ["a body", "HTTP/1.1 200 OK\r\n\r\n".padEnd(10_000, "x")],
  ["nothing", ""],
])("one deadline cuts off a peer that lets %s drip", async (_what, text) => {
  expect(await reason(get(await dripping(text), { totalMs: 400 }))).toBe("no_answer");
  await closed();
});

test("ten peers that accept a connection and never speak TLS leave no socket", async () => {
  const port = await tcp(() => undefined);
  const asked = Array.from({ length: 10 }, () => reason(get(port, { totalMs: 400 }, "https")));
  expect(new Set(await Promise.all(asked))).toEqual(new Set(["tls_failed"]));
  await closed();
});

test.each([
  ["speaks something else than TLS", (socket: Socket) => socket.write("220 ready\r\n")],
  ["closes at once", (socket: Socket) => socket.destroy()],
  ["closes after the first word", (socket: Socket) => socket.once("data", () => socket.end())],
])("a peer that %s, asked for https, leaves no socket", async (_what, talk) => {
  expect(await reason(get(await tcp(talk), {}, "https"))).toBe("tls_failed");
  await closed();
});

test("an answer that is cut off is no answer, however much of it came", async () => {
  const cut = [
    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "HTTP/1.1 200 OK\r\nX-",
  ];
  for (const text of cut) {
    const port = await tcp((socket) => socket.once("data", () => socket.end(text)));
    expect(await reason(get(port))).toBe("no_answer");
  }
  await closed();
});

test("a server that switches to another protocol, or redirects, is not followed", async () => {
  const switching = await tcp((socket) =>
    socket.once("data", () =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    ),
  );
  expect(await reason(get(switching, { totalMs: 2_000 }))).toBe("no_answer");
  let asked = 0;
  const redirecting = await http((request, response) => {
    asked += 1;
    response.writeHead(302, { location: request.url ?? "/" }).end();
  });
  expect((await get(redirecting)).status).toBe(302);
  expect(asked).toBe(1);
  await closed();
});
