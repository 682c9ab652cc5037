import { connect } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { serving } from "@/test/gateway/front";

describe("an API route", () => {
  test("gets the method, the parameters, the query and the body", async () => {
    const ask = await serving({
      "POST /api/integrations/[provider]": async (incoming, { params }) => {
        const body = await new Response(incoming.body).text();
        return Response.json({ url: incoming.url, method: incoming.method, body, ...(await params) }, { status: 201 });
      },
    });
    expect(await ask("POST /api/integrations/sftp?a=1", { body: "x".repeat(100_000) })).toMatchObject({
      status: 201,
      json: {
        url: "https://vault.example/api/integrations/sftp?a=1",
        method: "POST",
        body: "x".repeat(100_000),
        provider: "sftp",
      },
    });
  });

  test("is reached without /api as well", async () => {
    const ask = await serving({ "GET /api/integrations/catalog": async () => Response.json("here") });
    expect(await ask("GET /integrations/catalog")).toMatchObject({ status: 200, json: "here" });
  });

  test("learns the judged address, whatever the client claims", async () => {
    const ask = await serving({
      "GET /api/who": async ({ headers }) => Response.json(headers.get("x-latchkey-address")),
    });
    const claims = { "x-latchkey-address": "6.6.6.6", "X-Latchkey-Other": "1", "x-forwarded-for": "6.6.6.6" };
    expect(await ask("GET /api/who", { headers: claims })).toMatchObject({ json: "127.0.0.1" });
  });

  test("answers HEAD without a body, OPTIONS and foreign methods with what is allowed", async () => {
    const ask = await serving({
      "GET /api/x": async () => Response.json("body"),
      "DELETE /api/x": async () => new Response(null),
    });
    expect(await ask("HEAD /api/x")).toMatchObject({ status: 200, text: "" });
    const allow = "GET, HEAD, DELETE, OPTIONS";
    expect(await ask("OPTIONS /api/x")).toMatchObject({ status: 204, headers: { allow } });
    for (const method of ["PUT", "PROPFIND", "TRACE"]) {
      expect(await ask(`${method} /api/x`), method).toMatchObject({ status: 405, headers: { allow } });
    }
    expect(await ask("DELETE /api/x")).toMatchObject({ status: 200, text: "" });
  });

  test("with settings of Next's among its handlers refuses a foreign method all the same", async () => {
    const settings = { "GET /api/x": async () => Response.json("body"), "dynamic /api/x": "force-dynamic" };
    const ask = await serving(settings as unknown as Parameters<typeof serving>[0]);
    expect(await ask("DELETE /api/x")).toMatchObject({ status: 405 });
  });

  test("can stream, set several cookies, and answer with nothing", async () => {
    const pieces = async function* () {
      for (const piece of ["a", "b", "c"]) yield new TextEncoder().encode(piece.repeat(50_000));
    };
    const headers = new Headers([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
    const ask = await serving({
      "GET /api/x": async () => new Response(Readable.toWeb(Readable.from(pieces())) as ReadableStream, { headers }),
      "PUT /api/x": async () => new Response(null, { status: 204 }),
    });
    const answer = await ask("GET /api/x");
    expect(answer.text).toHaveLength(150_000);
    expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(await ask("PUT /api/x")).toMatchObject({ status: 204, text: "" });
  });

  test("that fails answers 500 and gives nothing away", async () => {
    const ask = await serving({
      "GET /api/x": async () => {
        throw new Error("a secret");
      },
    });
    const error = { message: "Internal server error", code: "internal_error", details: null };
    expect(await ask("GET /api/x")).toMatchObject({ status: 500, json: { error, request_id: expect.any(String) } });
  });

  test("is told when the client goes away", async () => {
    let gone = false;
    const ask = await serving({
      "GET /api/x": (incoming) =>
        new Promise((resolve) => {
          incoming.signal.addEventListener("abort", () => {
            gone = true;
            resolve(new Response());
          });
        }),
    });
    const socket = connect(ask.port, "127.0.0.1");
    socket.write("GET /api/x HTTP/1.1\r\nhost: x\r\n\r\n");
    await sleep(100);
    socket.destroy();
    await expect.poll(() => gone).toBe(true);
  });

  test("is told when a body breaks off", async () => {
    let outcome = "";
    const ask = await serving({
      "POST /api/x": async (incoming) => {
        outcome = await new Response(incoming.body).text().catch(() => "broken");
        return new Response();
      },
    });
    const socket = connect(ask.port, "127.0.0.1");
    socket.write("POST /api/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
    await sleep(100);
    socket.destroy();
    await expect.poll(() => outcome).toBe("broken");
  });

  test("that stops reading a large body can still answer", async () => {
    const ask = await serving({
      "POST /api/x": async (incoming) => {
        const reader = incoming.body?.getReader();
        await reader?.read();
        await reader?.cancel();
        return Response.json("too large", { status: 413 });
      },
    });
    expect(await ask("POST /api/x", { body: "x".repeat(5_000_000) })).toMatchObject({ status: 413, json: "too large" });
  });

  test("malformed targets are refused before any route", async () => {
    const ask = await serving({ "GET /api/[x]": async () => new Response() });
    expect(await ask("GET /api/%E0%A4%A")).toMatchObject({ status: 400 });
    expect(await ask("GET ftp://elsewhere/api/x")).toMatchObject({ status: 400 });
  });
});
