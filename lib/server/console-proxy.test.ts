import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, test } from "vitest";
import { serving } from "./testing/front";

describe("what is no API route", () => {
  test("goes to the console under our own address, without headers that steer Next", async () => {
    const ask = await serving({}, { consoleUp: true });
    const sent = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      forwarded: "for=6.6.6.6",
      "x-middleware-subrequest": "middleware",
      "x-invoke-path": "/admin",
      "x-nextjs-data": "1",
      "x-nonce": "abc",
      "next-resume": "1",
      "x-latchkey-address": "6.6.6.6",
      "next-action": "id",
      rsc: "1",
      cookie: "a=1",
    };
    const { json } = await ask("POST /credentials?x=1", { headers: sent, body: "hello" });
    const { headers, ...rest } = json as { headers: IncomingHttpHeaders };
    expect(rest).toEqual({ method: "POST", url: "/credentials?x=1", body: "hello" });
    expect(headers).toMatchObject({
      host: "vault.example",
      "x-forwarded-host": "vault.example",
      "x-forwarded-proto": "https",
      "x-forwarded-for": "127.0.0.1",
      "x-latchkey-address": "127.0.0.1",
      "next-action": "id",
      rsc: "1",
      cookie: "a=1",
    });
    for (const name of [
      "forwarded",
      "x-middleware-subrequest",
      "x-invoke-path",
      "x-nextjs-data",
      "x-nonce",
      "next-resume",
    ]) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  test("is asked to wait while the console is not there", async () => {
    const ask = await serving({});
    expect(await ask("GET /sign-in")).toMatchObject({
      status: 503,
      headers: { "retry-after": "2" },
      text: expect.stringContaining("starting"),
    });
  });
});
