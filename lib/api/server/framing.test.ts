import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { serving } from "@/test/gateway/front";
import { rawExchange } from "@/test/gateway/raw";
import { recordingConsole } from "@/test/gateway/recorder";
import { toOriginForm } from "./framing";

/** A whole request of its own, which must never be found inside another one. */
const INNER = "GET /stolen HTTP/1.1\r\nHost: vault.example\r\nX-Latchkey-Address: 6.6.6.6\r\nX-Mark: inner\r\n\r\n";
const chunked = (text: string, extension = "", trailer = "") =>
  `${text.length.toString(16)}${extension}\r\n${text}\r\n0\r\n${trailer}\r\n`;

/** Ways to frame a message, and what of them a method with a body may do. */
const framings: Record<string, { headers: string[]; body: string; isSound: boolean }> = {
  none: { headers: [], body: "", isSound: true },
  "length 0": { headers: ["Content-Length: 0"], body: "", isSound: true },
  length: { headers: [`Content-Length: ${INNER.length}`], body: INNER, isSound: true },
  chunked: { headers: ["Transfer-Encoding: chunked"], body: chunked(INNER), isSound: true },
  "chunk extension": { headers: ["Transfer-Encoding: chunked"], body: chunked(INNER, ';a="b"'), isSound: true },
  trailers: {
    headers: ["Transfer-Encoding: chunked"],
    body: chunked(INNER, "", "X-Latchkey-Address: 6.6.6.6\r\n"),
    isSound: true,
  },
  "Expect: 100-continue": {
    headers: ["Expect: 100-continue", `Content-Length: ${INNER.length}`],
    body: INNER,
    isSound: true,
  },
  "both lengths": {
    headers: ["Content-Length: 4", "Transfer-Encoding: chunked"],
    body: chunked(INNER),
    isSound: false,
  },
  "a repeated length": {
    headers: [`Content-Length: ${INNER.length}`, `Content-Length: ${INNER.length}`],
    body: INNER,
    isSound: false,
  },
  "two lengths in one": { headers: ["Content-Length: 0, 5"], body: INNER, isSound: false },
  "a signed length": { headers: [`Content-Length: +${INNER.length}`], body: INNER, isSound: false },
  "a hexadecimal length": { headers: [`Content-Length: 0x${INNER.length.toString(16)}`], body: INNER, isSound: false },
  "a blank before the colon": { headers: [`Content-Length : ${INNER.length}`], body: INNER, isSound: false },
  "a folded length": { headers: [`Content-Length:\r\n ${INNER.length}`], body: INNER, isSound: false },
  "a folded header": { headers: ["X-Fold: a\r\n b"], body: "", isSound: false },
  "a bare LF": { headers: ["X-A: b\nX-B: c"], body: "", isSound: false },
  "a bare CR": { headers: ["X-A: b\rX-B: c"], body: "", isSound: false },
  "another encoding": { headers: ["Transfer-Encoding: gzip, chunked"], body: chunked(INNER), isSound: false },
  identity: { headers: ["Transfer-Encoding: identity"], body: INNER, isSound: false },
  "an encoding twice": {
    headers: ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
    body: chunked(INNER),
    isSound: false,
  },
  "an encoding with a tab inside": { headers: ["Transfer-Encoding:\tchun\tked"], body: chunked(INNER), isSound: false },
  "Connection: content-length": {
    headers: [`Content-Length: ${INNER.length}`, "Connection: content-length"],
    body: INNER,
    isSound: false,
  },
  "Connection: transfer-encoding": {
    headers: ["Transfer-Encoding: chunked", "Connection: keep-alive, Transfer-Encoding"],
    body: chunked(INNER),
    isSound: false,
  },
  "Connection: cookie": { headers: ["Connection: cookie"], body: "", isSound: false },
  "two hosts": { headers: ["Host: other.example"], body: "", isSound: false },
  "another expectation": { headers: ["Expect: 200-ok"], body: "", isSound: false },
  "a chunk that lies": { headers: ["Transfer-Encoding: chunked"], body: `2\r\n${INNER}\r\n0\r\n\r\n`, isSound: false },
  "a chunk behind a bare LF": {
    headers: ["Transfer-Encoding: chunked"],
    body: `3\nabc\r\n0\r\n\r\n${INNER}`,
    isSound: false,
  },
};
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
const WITH_BODY = ["POST", "PUT", "PATCH", "DELETE"];

const request = (method: string, path: string, headers: string[], body: string) =>
  `${[`${method} ${path} HTTP/1.1`, "Host: vault.example", "X-Mark: outer", ...headers].join("\r\n")}\r\n\r\n${body}`;
const NEXT = request("GET", "/next", [], "").replace("outer", "next");

/** One gateway for a whole table of messages, each on a connection of its own. */
async function gateway() {
  const console = await recordingConsole();
  const calls: string[] = [];
  const api = async (incoming: Request) => {
    calls.push(`${incoming.method} ${incoming.body ? await new Response(incoming.body).text() : ""}`);
    return new Response("api", { headers: { "x-for": incoming.headers.get("x-mark") ?? "" } });
  };
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
  const ask = await serving(Object.fromEntries(methods.map((method) => [`${method} /api/x`, api])), {
    console: console.socket,
  });
  return { ...console, calls, port: ask.port };
}

describe.each(["/page", "/api/x"])("one request in is one request out, at %s", (path) => {
  test.each(METHODS)("%s in every framing", async (method) => {
    const { port, seen, calls, problems } = await gateway();
    for (const [name, { headers, body, isSound }] of Object.entries(framings)) {
      seen.length = calls.length = 0;
      const { answers, closed } = await rawExchange(port, request(method, path, headers, body) + NEXT);
      const what = `${method} ${path} with ${name}`;
      expect(
        answers.every(({ status }) => status > 0),
        what,
      ).toBe(true);
      const carries = body !== "" && !WITH_BODY.includes(method);
      const found = seen.find(({ url }) => url === "/page");
      const reached = path === "/page" ? seen.filter(({ url }) => url === "/page") : calls;
      expect(
        seen.filter(({ url }) => url === "/stolen"),
        what,
      ).toEqual([]);
      expect(
        seen.some(({ headers }) => headers["x-mark"] === "inner"),
        what,
      ).toBe(false);
      if (isSound && !carries) {
        expect(reached.length, what).toBeLessThanOrEqual(1);
        const marks = answers.map(({ head }) => /^x-for: (.*)$/im.exec(head)?.[1]).filter(Boolean);
        expect(["outer", "outer next", "next", ""], what).toContain(marks.join(" "));
        if (reached.length === 1 && path === "/page") expect(found?.body, what).toBe(body === "" ? "" : INNER);
      } else {
        // Refused, told so, and nothing behind it is looked at.
        expect([reached.length, seen.length, closed], what).toEqual([0, 0, true]);
        expect(answers.length, what).toBe(1);
        // A method that the console does not take is told so as soon as the head is there.
        const early = path === "/page" && ["PUT", "PATCH", "DELETE"].includes(method) ? [405] : [];
        expect([400, 417, ...early], what).toContain(answers[0]?.status);
      }
    }
    expect(problems).toEqual([]);
  });
});

test("what goes on is framed by us alone: nothing of the old framing or of our own headers arrives from outside", async () => {
  const { port, seen } = await gateway();
  const headers = [
    ...["Transfer-Encoding: chunked", "TE: trailers", "Trailer: X-T", "Expect: 100-continue", "Keep-Alive: 5"],
    ...[
      "Proxy-Connection: keep-alive",
      "X-Latchkey-Address: 6.6.6.6",
      "X-Forwarded-For: 6.6.6.6",
      "Forwarded: for=6.6.6.6",
    ],
    ...[
      "X-Latchkey-Path: /admin",
      "Connection: TE, Upgrade, HTTP2-Settings",
      "Upgrade: h2c",
      "HTTP2-Settings: AAMAAABk",
    ],
  ];
  const { closed, answers } = await rawExchange(
    port,
    request("POST", "/page", headers, chunked("hello", "", "X-T: 1\r\n")),
  );
  expect([answers.length, answers[0]?.status, closed]).toEqual([1, 200, true]);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ method: "POST", url: "/page", body: "hello" });
  expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual(
    [
      ...["connection", "content-length", "host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
      ...["x-latchkey-address", "x-mark"],
    ].sort(),
  );
  expect(seen[0]?.headers).toMatchObject({
    connection: "close",
    "content-length": "5",
    "x-latchkey-address": "127.0.0.1",
  });
});

test.each(["/page", "/api/x"])("a body that breaks off is not a request, at %s", async (path) => {
  const { port, seen, calls } = await gateway();
  const { connect } = await import("node:net");
  const socket = connect(port, "127.0.0.1");
  socket.write(request("POST", path, ["Content-Length: 100"], "half"));
  await expect.poll(async () => (await rawExchange(port, NEXT)).answers[0]?.status).toBe(200);
  socket.destroy();
  await expect.poll(async () => (await rawExchange(port, NEXT)).answers[0]?.status).toBe(200);
  expect(seen.filter(({ url }) => url === "/page")).toEqual([]);
  expect(calls.filter((call) => call.includes("half"))).toEqual([]);
});

test("a connection is not used again behind an answer that came before the end of a body", async () => {
  const { port, seen } = await gateway();
  for (const headers of [["Content-Length: 900000"], ["Transfer-Encoding: chunked"]]) {
    seen.length = 0;
    const part = headers[0] === "Transfer-Encoding: chunked" ? "5\r\nhello\r\n" : "hello";
    const { answers, closed } = await rawExchange(port, request("POST", "/import/run?early", headers, part));
    expect([answers.length, answers[0]?.status, closed]).toEqual([1, 401, true]);
    expect(seen).toHaveLength(1);
  }
});

test.each([
  ["an absolute target of another scheme", "GET ftp://vault.example/page HTTP/1.1\r\nHost: vault.example\r\n\r\n", 400],
  ["an absolute target with a user", "GET http://u@vault.example/page HTTP/1.1\r\nHost: vault.example\r\n\r\n", 400],
  ["an absolute target of nobody", "GET http:///page HTTP/1.1\r\nHost: vault.example\r\n\r\n", 400],
  ["an absolute target with a fragment", "GET http://vault.example/p#q HTTP/1.1\r\nHost: vault.example\r\n\r\n", 400],
  [
    "an absolute target and two hosts",
    "GET http://a.example/page HTTP/1.1\r\nHost: a.example\r\nHost: a.example\r\n\r\n",
    400,
  ],
  ["an asterisk", "OPTIONS * HTTP/1.1\r\nHost: vault.example\r\n\r\n", 400],
  ["a fragment", "GET /page#/api/x HTTP/1.1\r\nHost: vault.example\r\n\r\n", 400],
  ["an authority", "CONNECT vault.example:443 HTTP/1.1\r\nHost: vault.example:443\r\n\r\n", 405],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["HTTP/2.0 in the old form", "GET /page HTTP/2.0\r\nHost: vault.example\r\n\r\n", 505],
  [
    "a chunked message of HTTP/1.0",
    "POST /page HTTP/1.0\r\nHost: vault.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  ["no host", "GET /page HTTP/1.1\r\n\r\n", 400],
  ["a method that HTTP does not know", "STEAL /page HTTP/1.1\r\nHost: vault.example\r\n\r\n", 501],
  ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
])("%s is refused in JSON, and the connection closed", async (_, bytes, status) => {
  const { port, seen } = await gateway();
  const { answers, closed } = await rawExchange(port, Buffer.from(bytes, "latin1"));
  expect([answers.length, answers[0]?.status, closed]).toEqual([1, status, true]);
  // Node's own refusal of a request without a host has no body.
  if (answers[0]?.body)
    expect(JSON.parse(answers[0]?.body ?? "")).toMatchObject({ error: { code: expect.any(String) } });
  expect(seen).toEqual([]);
});

test("what is no request behind one that is being answered is not answered in its place", async () => {
  const slow = () => new Promise<Response>((resolve) => setTimeout(() => resolve(new Response("mine")), 100));
  const ask = await serving({ "GET /api/slow": slow });
  const { answers } = await rawExchange(ask.port, `${request("GET", "/api/slow", [], "")}nonsense\r\n\r\n`);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
});

test.each([
  ["http://vault.example/page?a=b", "/page?a=b", "vault.example"],
  ["HTTP://Vault.Example:8443/page", "/page", "Vault.Example:8443"],
  ["https://[::1]:3000/page//x", "/page//x", "[::1]:3000"],
  ["http://vault.example", "/", "vault.example"],
  ["http://vault.example?a=/b", "/?a=/b", "vault.example"],
  ["http://vault.example/a/../b", "/a/../b", "vault.example"],
])("the absolute target %s is taken for its path, and its authority for the host", (url, path, host) => {
  const incoming = { url, headers: { host: "other.example" }, rawHeaders: ["HOST", "other.example", "X", "y"] };
  toOriginForm(incoming as unknown as IncomingMessage);
  expect(incoming).toEqual({ url: path, headers: { host }, rawHeaders: ["HOST", host, "X", "y"] });
});

test("an absolute target decides for which host a request is, whatever stands in the Host header", async () => {
  const { port, seen, calls } = await gateway();
  const ask = async (target: string, host: string) =>
    (await rawExchange(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).answers[0]
      ?.status;
  expect(await ask("http://vault.example/page?a=b", "other.example")).toBe(200);
  expect(seen).toMatchObject([{ url: "/page?a=b", headers: { host: "vault.example" } }]);
  expect(await ask("http://other.example/page", "vault.example")).toBe(421);
  expect(await ask("http://vault.example/a/../b", "vault.example")).toBe(400);
  expect(await ask("http://vault.example/api/x", "vault.example")).toBe(200);
  expect([seen.length, calls.length]).toEqual([1, 1]);
});
