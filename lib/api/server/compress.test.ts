import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, createGunzip, gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { compressFiles } from "@/deploy/compress-files.mjs";
import { closeLater, serving, socketName } from "@/test/gateway/front";

const TEXT = "A credential is kept here. ".repeat(400);

/** What arrives, byte by byte, of one request of a client that takes these encodings. */
function ask(port: number, path: string, accept: string | undefined, more: { method?: string; range?: string } = {}) {
  const { method = "GET", range } = more;
  const headers = {
    host: "vault.example",
    ...(accept !== undefined && { "accept-encoding": accept }),
    ...(range && { range }),
  };
  return new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", path, method, headers, agent: false }, async (answer) => {
      const bytes = Buffer.concat(await answer.toArray());
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes });
    });
    sent.on("error", reject).end();
  });
}

const read = ({ headers, bytes }: { headers: Record<string, unknown>; bytes: Buffer }) =>
  headers["content-encoding"] === "br"
    ? brotliDecompressSync(bytes).toString()
    : headers["content-encoding"] === "gzip"
      ? gunzipSync(bytes).toString()
      : bytes.toString();

/** A console whose every path answers this text as the type that its query names. */
async function textConsole(headers: Record<string, string> = {}) {
  const socket = socketName();
  const server = createServer((incoming, outgoing) => {
    const type = new URLSearchParams(incoming.url?.split("?")[1]).get("type") ?? "text/html";
    const text = incoming.url?.startsWith("/short") ? "short" : TEXT;
    outgoing.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(text), ...headers }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  closeLater(server);
  return (await serving({}, { console: socket })).port;
}

describe("an answer of the console", () => {
  const TYPES = [
    "text/html; charset=utf-8",
    "text/x-component",
    "text/plain",
    "text/csv; charset=utf-8",
    "application/json",
    "application/x-ndjson",
    "application/manifest+json",
    "image/svg+xml",
  ];
  test.each(TYPES)("that is %s goes out in brotli or gzip as the client takes it, and says so", async (type) => {
    const port = await textConsole();
    const path = `/page?type=${encodeURIComponent(type)}`;
    for (const [accept, encoding] of [
      ["gzip, deflate, br", "br"],
      ["br", "br"],
      ["gzip", "gzip"],
      ["br;q=0, gzip", "gzip"],
      ["gzip;q=0, br;q=0", undefined],
      ["identity", undefined],
      [undefined, undefined],
    ] as const) {
      const answer = await ask(port, path, accept);
      expect([answer.status, answer.headers["content-encoding"]]).toEqual([200, encoding]);
      expect(answer.headers.vary).toMatch(/accept-encoding/i);
      expect(read(answer)).toBe(TEXT);
      if (encoding) expect(answer.bytes.length).toBeLessThan(TEXT.length / 10);
    }
  });

  test.each([
    ["a picture", "/page?type=image/png", {}],
    ["a font", "/page?type=font/woff2", {}],
    ["small", "/short", {}],
    ["not to be transformed", "/page", { "cache-control": "no-store, no-transform" }],
    ["compressed already", "/page", { "content-encoding": "zstd" }],
  ])("that is %s goes out as it is", async (_, path, headers) => {
    const answer = await ask(await textConsole(headers), path, "gzip, br");
    expect(["br", "gzip"]).not.toContain(answer.headers["content-encoding"]);
    expect(Number(answer.headers["content-length"])).toBe(answer.bytes.length);
  });

  test("that is made in pieces shows each piece while the next is not there yet", async () => {
    const socket = socketName();
    let next = () => {};
    const server = createServer((_, outgoing) => {
      outgoing.writeHead(200, { "content-type": "text/html" });
      outgoing.write(TEXT);
      next = () => outgoing.end("the end");
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    closeLater(server);
    const { port } = await serving({}, { console: socket });
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { host: "vault.example", "accept-encoding": "gzip" };
      request({ port, host: "127.0.0.1", path: "/page", headers, agent: false }, (reply) => {
        const stream = reply.pipe(createGunzip());
        let seen = "";
        stream.on("data", (piece: Buffer) => {
          seen += piece.toString();
          if (seen === TEXT) next();
        });
        stream.on("end", () => resolve(seen));
      })
        .on("error", reject)
        .end();
    });
    expect(text).toBe(`${TEXT}the end`);
  });

  test("goes out without a warning of the platform, however it is encoded", async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(warning.name);
    process.on("warning", note);
    onTestFinished(() => void process.off("warning", note));
    const port = await textConsole();
    for (const accept of ["br", "gzip", undefined]) await ask(port, "/page", accept);
    // Warnings come in a turn of their own.
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  });

  test("that breaks off does not look whole to the client", async () => {
    const socket = socketName();
    const server = createServer((_, outgoing) => {
      outgoing.writeHead(200, { "content-type": "text/html" });
      outgoing.write(TEXT, () => outgoing.destroy());
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    closeLater(server);
    const { port } = await serving({}, { console: socket });
    await expect(ask(port, "/page", "gzip")).rejects.toThrow();
  });
});

describe("an answer of the API", () => {
  const answering = (text: string, ETag?: string) => {
    const plain = async () => ({
      status: 200,
      headers: { "Content-Type": "application/json", ...(ETag && { ETag }) },
      text,
    });
    return Object.assign(async () => new Response(), { plain, unknownMethod: plain });
  };
  test.each([
    ["long", JSON.stringify("x".repeat(40_000)), undefined, "br"],
    ["long with a weak validator", JSON.stringify("x".repeat(40_000)), 'W/"1"', "br"],
    ["long with a strong validator", JSON.stringify("x".repeat(40_000)), '"1"', undefined],
    ["of usual length", JSON.stringify("x".repeat(20_000)), undefined, undefined],
  ])("that is %s", async (_, text, tag, encoding) => {
    const { port } = await serving({ "GET /api/x": answering(text, tag) });
    const answer = await ask(port, "/api/x", "gzip, br");
    expect([answer.headers["content-encoding"], read(answer)]).toEqual([encoding, text]);
    expect((await ask(port, "/api/x", undefined)).bytes.toString()).toBe(text);
  });
});

describe("a file of the build", () => {
  async function built() {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-static-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, "chunks"));
    writeFileSync(join(folder, "chunks", "[id] page.js"), TEXT);
    writeFileSync(join(folder, "chunks", "small.js"), "1;");
    writeFileSync(join(folder, "one.css"), TEXT);
    writeFileSync(join(folder, "font.woff2"), TEXT);
    writeFileSync(join(folder, "..", "outside.js"), "secret");
    onTestFinished(() => rmSync(join(folder, "..", "outside.js"), { force: true }));
    await compressFiles(folder);
    return { folder, port: (await serving({}, { files: folder })).port };
  }

  test("is sent as it was compressed at the build, for a year, with its own type", async () => {
    const { port } = await built();
    for (const [path, type] of [
      ["/_next/static/chunks/%5Bid%5D%20page.js", "text/javascript; charset=utf-8"],
      ["/_next/static/one.css?x=1", "text/css; charset=utf-8"],
    ] as const) {
      for (const [accept, encoding] of [
        ["gzip, deflate, br, zstd", "br"],
        ["gzip", "gzip"],
        ["br;q=0, gzip;q=0.5", "gzip"],
        [undefined, undefined],
      ] as const) {
        const answer = await ask(port, path, accept);
        expect(answer.headers).toMatchObject({
          "content-type": type,
          "cache-control": "public, max-age=31536000, immutable",
          vary: "Accept-Encoding",
          "content-length": String(answer.bytes.length),
        });
        expect([answer.headers["content-encoding"], read(answer)]).toEqual([encoding, TEXT]);
      }
    }
  });

  test("that is small or no text is sent as it is, a part of a text as a part of it", async () => {
    const { port } = await built();
    expect(read(await ask(port, "/_next/static/chunks/small.js", "br"))).toBe("1;");
    expect((await ask(port, "/_next/static/font.woff2", "br")).headers).not.toHaveProperty("content-encoding");
    const part = await ask(port, "/_next/static/one.css", "br", { range: "bytes=2-11" });
    expect([part.status, part.bytes.toString()]).toEqual([206, TEXT.slice(2, 12)]);
  });

  test("is none where the path names another place, and the console is asked then", async () => {
    const { port } = await built();
    for (const path of [
      "/_next/static/nothing.js",
      "/_next/static/..%2foutside.js",
      "/_next/static/%zz",
      "/_next/static/",
    ]) {
      expect([400, 503]).toContain((await ask(port, path, "br")).status);
    }
  });

  test("that is gone since the start breaks off, and the server goes on", async () => {
    const { folder, port } = await built();
    rmSync(join(folder, "one.css"));
    await expect(ask(port, "/_next/static/one.css", undefined)).rejects.toThrow();
    expect((await ask(port, "/_next/static/chunks/small.js", undefined)).status).toBe(200);
  });
});
