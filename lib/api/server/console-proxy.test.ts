import { createServer, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { closeLater, echoConsole, serving, socketName } from "@/test/gateway/front";
import { rawExchange } from "@/test/gateway/raw";
import { recordingConsole } from "@/test/gateway/recorder";
import { healthRoute, readinessOf } from "./health";
import type { AnyHandler } from "./routes";

describe("what is no API route", () => {
  test("goes to the console under our own address, without headers that steer Next", async () => {
    const ask = await serving({}, { console: await echoConsole() });
    const sent = {
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
    // Nothing was sent, so nothing was done.
    expect(await ask("POST /sign-in", { body: "x" })).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
  });

  test("is not known to be done when the console goes away in the middle of a write; a read may be asked again", async () => {
    const socket = socketName();
    const server = createServer((incoming) => incoming.socket.destroy()).listen(socket);
    closeLater(server);
    const ask = await serving({}, { console: socket });
    const answer = await ask("POST /credentials", { body: "x" });
    expect(answer).toMatchObject({ status: 502, text: expect.stringContaining("Not known whether it was done") });
    expect(answer.headers).not.toHaveProperty("retry-after");
    expect(await ask("GET /credentials")).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
  });

  test("an answer that breaks off is cut, and never looks whole", async () => {
    const socket = socketName();
    const half = createServer((_, outgoing) => void outgoing.write("half", () => outgoing.destroy())).listen(socket);
    closeLater(half);
    const ask = await serving({}, { console: socket });
    const { answers, closed } = await rawExchange(ask.port, PAGE, { quietMs: 20_000 });
    expect([answers[0]?.head, closed]).toEqual([expect.stringMatching(/transfer-encoding: chunked/i), true]);
    // The chunk that would end it never came.
    expect(answers[0]?.whole).toBe(false);
  });

  test("takes other methods than a browser's for what they are", async () => {
    const { socket, seen } = await recordingConsole();
    const ask = await serving({}, { console: socket });
    const allow = "GET, HEAD, POST, OPTIONS";
    expect(await ask("OPTIONS /credentials")).toMatchObject({ status: 204, headers: { allow } });
    for (const method of ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
      expect(await ask(`${method} /credentials`), method).toMatchObject({ status: 405, headers: { allow } });
    expect(seen).toEqual([]);
  });
});

describe("a body", () => {
  const kib = (count: number) => "x".repeat(count * 1024);

  test("arrives whole up to 256 KiB, and is not begun or not read on above that", async () => {
    const { socket, seen } = await recordingConsole();
    const ask = await serving({}, { console: socket });
    const chunked = { "transfer-encoding": "chunked" };
    expect(await ask("POST /a", { body: kib(256) })).toMatchObject({ status: 200 });
    expect(await ask("POST /a", { body: kib(256), headers: chunked })).toMatchObject({ status: 200 });
    expect(seen.map(({ body }) => body.length)).toEqual([262_144, 262_144]);
    for (const headers of [{}, chunked])
      expect(await ask("POST /a", { body: kib(9_000), headers })).toMatchObject({ status: 413 });
    expect(seen).toHaveLength(2);
  });

  test("with a file goes on as it comes, to that one path, up to its own bound", async () => {
    const { socket, seen } = await recordingConsole();
    const ask = await serving({}, { console: socket, uploadMaxBytes: 1_000_000 });
    const chunked = { "transfer-encoding": "chunked" };
    for (const headers of [{}, chunked])
      expect(await ask("POST /import/run", { body: kib(900), headers })).toMatchObject({ status: 200 });
    expect(seen.map(({ body, broken }) => [body.length, broken])).toEqual([
      [921_600, false],
      [921_600, false],
    ]);
    expect(await ask("POST /import/run", { body: kib(3_000) })).toMatchObject({ status: 413 });
    expect(await ask("POST /import/run", { body: kib(3_000), headers: chunked })).toMatchObject({ status: 413 });
    expect(await ask("POST /import/run/", { body: kib(900) })).toMatchObject({ status: 413 });
    // What was begun and not ended was never a whole request.
    for (const { body, broken } of seen.slice(2)) expect([body.length <= 1_000_000, broken]).toEqual([true, true]);
  });
});

describe("the console's work is bounded", () => {
  /** A console that answers when it is told to. */
  async function slowConsole() {
    const waiting: (() => void)[] = [];
    const socket = socketName();
    closeLater(createServer((_, outgoing) => void waiting.push(() => outgoing.end("done"))).listen(socket));
    return { socket, waiting };
  }

  test("for each address, with a queue; beyond it one is told to come again, and others do not notice", async () => {
    const { socket, waiting } = await slowConsole();
    const ask = await serving({}, { console: socket });
    const loud = Array.from({ length: 200 }, () => rawExchange(ask.port, PAGE, { quietMs: 20_000 }));
    // 128 are taken on, 8 of them at once.
    const refused = await Promise.all(loud.slice(128)).then((all) => all.flatMap(({ answers }) => answers));
    expect(new Set(refused.map(({ status, head }) => [status, /retry-after: (\d+)/i.exec(head)?.[1]].join()))).toEqual(
      new Set(["503,2"]),
    );
    expect(waiting).toHaveLength(8);
    const neighbour = rawExchange(ask.port, PAGE, { localAddress: "127.0.0.9", quietMs: 20_000 });
    await expect.poll(() => waiting.length).toBe(9);
    waiting.at(-1)?.();
    expect((await neighbour).answers).toMatchObject([{ status: 200, body: "done" }]);
    for (let at = 0; at < 129; at++) {
      await expect.poll(() => waiting.length).toBeGreaterThan(at);
      if (at !== 8) waiting[at]?.();
    }
    const answers = (await Promise.all(loud.slice(0, 128))).flatMap(({ answers }) => answers);
    expect(answers.every(({ status, body }) => status === 200 && body === "done")).toBe(true);
  });

  test("also while a body arrives, which waits unread for a place that whoever breaks off gives back", async () => {
    const ask = await serving({}, { console: await echoConsole() });
    const slow = (localAddress = "127.0.0.1") => {
      const socket = connect({ port: ask.port, host: "127.0.0.1", localAddress });
      const sender = { socket, received: "" };
      socket.on("data", (data) => {
        sender.received += data;
      });
      socket.write("POST /page HTTP/1.1\r\nHost: vault.example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      return sender;
    };
    const loud = Array.from({ length: 17 }, () => slow());
    const wanted = () => loud.filter(({ received }) => received.startsWith("HTTP/1.1 100 "));
    await expect.poll(() => wanted().length).toBe(16);
    const neighbour = slow("127.0.0.9");
    await expect.poll(() => neighbour.received).toMatch(/^HTTP\/1.1 100 /);
    expect(wanted()).toHaveLength(16);
    wanted()[0]?.socket.destroy();
    await expect.poll(() => wanted().length).toBe(17);
    for (const { socket } of loud) socket.destroy();
    neighbour.socket.write("hello");
    await expect.poll(() => neighbour.received).toMatch(/"body":"hello"/);
    neighbour.socket.destroy();
  });

  test("and what its asker gave up on takes no place", async () => {
    const { socket, waiting } = await slowConsole();
    const ask = await serving({}, { console: socket });
    const pages = (count: number) =>
      Array.from({ length: count }, () => {
        const socket = connect(ask.port, "127.0.0.1");
        socket.write(PAGE);
        return socket;
      });
    /** Once this is answered, the gateway has seen everything that came before it. */
    const caughtUp = () => ask("OPTIONS /page");
    const inside = pages(8);
    await expect.poll(() => waiting.length).toBe(8);
    // Those who wait go first: whoever is next when a place comes free has it until their own leaving is seen.
    const behind = pages(32);
    await caughtUp();
    for (const one of behind) one.destroy();
    await caughtUp();
    for (const one of inside) one.destroy();
    const next = rawExchange(ask.port, PAGE, { quietMs: 20_000 });
    await expect.poll(() => waiting.length).toBe(9);
    waiting.at(-1)?.();
    expect((await next).answers).toMatchObject([{ status: 200 }]);
  });
});

const PAGE = "GET /page HTTP/1.1\r\nHost: vault.example\r\nConnection: close\r\n\r\n";

describe("while the database is away", () => {
  test("a page says so, and when to come again; it is never a failure of ours", async () => {
    const socket = socketName();
    closeLater(createServer((_, outgoing) => outgoing.writeHead(500).end("at Client (/app/db.ts)")).listen(socket));
    let answers = false;
    const ask = await serving({}, { console: socket, storage: async () => answers });
    const visits: Record<string, string>[] = [
      { accept: "text/html" },
      { accept: "*/*" },
      { accept: "text/html", rsc: "1" },
    ];
    for (const headers of visits) {
      const answer = await ask("GET /credentials", { headers });
      expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
      expect(answer.text).not.toContain("db.ts");
    }
    answers = true;
    expect(await ask("GET /credentials")).toMatchObject({ status: 500 });
  });

  test("the database is asked once at a time, and silence is an answer", async () => {
    const { storageWatch } = await import("./storage-watch");
    let asked = 0;
    let answer: (error?: Error) => void = () => undefined;
    const watch = storageWatch(
      () =>
        new Promise((resolve, reject) => {
          asked++;
          answer = (error) => (error ? reject(error) : resolve(undefined));
        }),
      50,
    );
    expect(await Promise.all([watch.answers(), watch.check(), watch.answers()])).toEqual([false, false, false]);
    expect(await watch.check()).toBe(false);
    expect(asked).toBe(1);
    answer(new Error("away"));
    await new Promise((resolve) => setImmediate(resolve));
    const second = watch.check();
    answer();
    expect([await second, await watch.answers(), asked]).toEqual([true, true, 2]);
  });
});

test("health names in the log what is not right, once, and tells strangers only that it is not", async () => {
  const checks = { database: true, console: true };
  const passes = (name: "database" | "console") => ({ name, passes: () => checks[name] });
  const failing = {
    name: "broken",
    passes: () => {
      if (!checks.database) throw new Error("postgres://secret");
      return true;
    },
  };
  const route = healthRoute(readinessOf([passes("database"), passes("console"), failing]));
  const ask = await serving({ "GET /api/health": route.GET as AnyHandler });
  expect(await ask("GET /api/health")).toMatchObject({ status: 200, json: { live: true, ready: true } });
  for (const name of ["database", "console"] as const) {
    checks[name] = false;
    const answer = await ask("GET /api/health");
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
    expect(answer.json).toEqual({ live: true, ready: false });
    expect(await ask("HEAD /api/health")).toMatchObject({ status: 503, text: "" });
    checks[name] = true;
  }
  expect(await ask("DELETE /api/health")).toMatchObject({ status: 405, headers: { allow: "GET, HEAD, OPTIONS" } });
  expect(await ask("GET /")).toMatchObject({
    status: 200,
    headers: { "content-security-policy": expect.stringMatching(/frame-ancestors 'none'/) },
  });
});
