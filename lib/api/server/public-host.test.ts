import { describe, expect, test } from "vitest";
import { send, serving } from "@/test/gateway/front";
import { recordingConsole } from "@/test/gateway/recorder";
import { addressWarnings } from "./public-host";

async function gateway(publicUrl: string, trustedProxies?: string) {
  const { socket, seen } = await recordingConsole();
  const options = { console: socket, publicUrl, ...(trustedProxies && { trustedProxies }) };
  const { port } = await serving({ "GET /api/x": async () => new Response("api") }, options);
  const ask = (line: string, headers: Record<string, string>) => send(port, line, { headers });
  return { ask, seen };
}

describe("the console has one name", () => {
  test("a page at another name of the loopback leads to it, path and query kept", async () => {
    const { ask, seen } = await gateway("http://localhost:3000");
    for (const host of ["127.0.0.1:3000", "[::1]:3000", "127.8.8.8:3000"]) {
      for (const method of ["GET", "HEAD"]) {
        expect(await ask(`${method} /credentials?q=a`, { host })).toMatchObject({
          status: 307,
          headers: { location: "http://localhost:3000/credentials?q=a", "cache-control": "no-store" },
        });
      }
      expect(await ask("POST /credentials", { host })).toMatchObject({ status: 421 });
    }
    expect(seen).toEqual([]);
    expect(await ask("GET /credentials", { host: "LOCALHOST:3000" })).toMatchObject({ status: 200 });
  });

  test("a page at any other name says which one to use and which setting to change, and leads nowhere", async () => {
    const { ask, seen } = await gateway("http://localhost:3000");
    for (const host of [
      "localhost:4000",
      "127.0.0.1",
      "192.0.2.7:3000",
      "evil.example",
      "localhost:3000@evil",
      "",
      "a b",
    ]) {
      for (const method of ["GET", "POST"]) {
        const answer = await ask(`${method} /sign-in`, { host });
        expect([host, answer.status]).toEqual([host, 421]);
        expect(answer.text).toContain("This console answers at http://localhost:3000.");
        expect(answer.text).toContain("PUBLIC_URL");
        expect(answer.text).not.toContain("evil");
        expect(answer.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      }
    }
    expect(seen).toEqual([]);
  });

  test("the default port may be named", async () => {
    const { ask } = await gateway("https://vault.example");
    expect(await ask("GET /sign-in", { host: "vault.example:443" })).toMatchObject({ status: 200 });
    expect(await ask("GET /sign-in", { host: "vault.example:80" })).toMatchObject({ status: 421 });
  });

  test("the API answers at every name", async () => {
    const { ask } = await gateway("http://localhost:3000");
    expect(await ask("GET /api/x", { host: "192.0.2.7:3000" })).toMatchObject({ status: 200, text: "api" });
  });
});

describe("behind a reverse proxy", () => {
  test("a trusted one is believed in what it forwards, and let pass where it forwards nothing", async () => {
    const { ask } = await gateway("https://vault.example", "127.0.0.1");
    const host = "127.0.0.1:3000";
    expect(await ask("GET /", { host, accept: "text/html", "x-forwarded-host": "vault.example" })).toMatchObject({
      status: 200,
    });
    expect(await ask("GET /sign-in", { host, "x-forwarded-host": "other.example" })).toMatchObject({ status: 421 });
    expect(await ask("GET /sign-in", { host, "x-forwarded-host": "vault.example, evil.example" })).toMatchObject({
      status: 421,
    });
    expect(await ask("GET /sign-in", { host })).toMatchObject({ status: 200 });
  });

  test("anybody else is not", async () => {
    const { ask } = await gateway("https://vault.example", "10.0.0.0/8");
    expect(await ask("GET /sign-in", { host: "evil.example", "x-forwarded-host": "vault.example" })).toMatchObject({
      status: 421,
    });
    expect(await ask("GET /sign-in", { host: "vault.example", "x-forwarded-host": "evil.example" })).toMatchObject({
      status: 200,
    });
  });
});

test("a write from a page of another origin is refused before the console hears of it", async () => {
  const { ask, seen } = await gateway("http://localhost:3000");
  const host = "localhost:3000";
  for (const origin of ["http://evil.example", "null", "http://127.0.0.1:3000", "https://localhost:3000"]) {
    for (const path of ["/credentials", "/api/auth/signout"])
      expect(await ask(`POST ${path}`, { host, origin, "next-action": "a" }), origin).toMatchObject({ status: 403 });
  }
  expect(seen).toEqual([]);
  expect(await ask("POST /credentials", { host, origin: "http://localhost:3000" })).toMatchObject({ status: 200 });
});

test("a start warns when people will come under a name that is not the console's", () => {
  const warned = (HOST: string, PORT: number, PUBLIC_URL: string) => addressWarnings({ HOST, PORT, PUBLIC_URL });
  expect(warned("localhost", 3000, "http://localhost:3000")).toEqual([]);
  expect(warned("::1", 3000, "http://localhost:3000")).toEqual([]);
  expect(warned("0.0.0.0", 3000, "https://vault.example")).toEqual([]);
  expect(warned("0.0.0.0", 3000, "http://localhost:3000")).toEqual([expect.stringContaining("Set PUBLIC_URL")]);
  expect(warned("localhost", 3000, "http://localhost:4000")).toEqual([expect.stringContaining("PORT is 3000")]);
});
