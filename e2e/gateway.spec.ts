import { get as httpGet } from "node:http";
import { connect } from "node:net";
import { memoryOf, processesOf, socketOf } from "../test/servers/processes";
import type { Product } from "../test/servers/product";
import { expect, signIn, test } from "./fixtures";

test.use({ storageState: { cookies: [], origins: [] } });

/** Sends bytes over one connection and answers all that came back within a moment of silence. */
function raw({ url }: Product, bytes: string, localAddress = "127.0.0.1"): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", localAddress }, () =>
      socket.write(bytes),
    );
    let text = "";
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on("data", (data) => {
      text += data.toString("latin1");
    });
    socket.on("error", () => undefined).on("close", () => resolve(text));
  });
}

const statuses = (text: string) => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));

test("no stranger's framing reaches the console, and a person's answers stay the person's", async ({
  product,
  admin,
}) => {
  const { host } = new URL(product.url);
  const inner = `GET /join HTTP/1.1\r\nHost: ${host}\r\nX-Latchkey-Address: 6.6.6.6\r\n\r\n`;
  const chunked = `Transfer-Encoding: chunked\r\n\r\n${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
  const sized = `Content-Length: ${inner.length}\r\n\r\n${inner}`;
  const attacks = ["GET", "HEAD", "DELETE", "OPTIONS", "POST"].flatMap((method) =>
    [chunked, sized, `Connection: content-length\r\n${sized}`, `Expect: 100-continue\r\n${sized}`].map(
      (framing) => `${method} /api/auth/csrf HTTP/1.1\r\nHost: ${host}\r\n${framing}`,
    ),
  );
  const { cookies } = await signIn(product, admin);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  for (let round = 0; round < 3; round++) {
    const attacked = attacks.map(async (bytes) => {
      const text = await raw(product, bytes);
      expect(statuses(text).filter((status) => status !== 100).length, bytes).toBe(1);
      expect(text).not.toContain(admin.email);
    });
    const asked = Array.from({ length: 12 }, async () => {
      const session = await fetch(`${product.url}/api/auth/session`, { headers: { cookie } });
      expect(await session.json()).toMatchObject({ user: { email: admin.email } });
      expect(await (await fetch(`${product.url}/api/auth/session`)).json()).toEqual({});
    });
    await Promise.all([...attacked, ...asked]);
  }
});

test("every path of the API asked of the console itself is not there", async ({ product }) => {
  const socketPath = socketOf(processesOf(product.folder).console);
  const ask = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      httpGet({ socketPath, path }, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
    });
  expect(await ask("/sign-in")).toBe(200);
  expect(await ask("/api/auth/csrf")).toBe(200);
  for (const path of [
    ...["/api/integrations/credentials", "/integrations/catalog", "/plugins/sharepoint/sites", "/api/v1/ping"],
    ...[
      "/v1.0/token",
      "/v2.0/tenants",
      "/api/admin/organizations",
      "/api/service-accounts",
      "/API/v1/ping",
      "/litegraph/10/v1.0/token",
    ],
    ...["/%61pi/v1/ping", "/api/%761/ping", "/x/../api/v1/ping", "/api/auth/../v1/ping", "/api/x/y"],
    ...["/api/auth/anon-key", "/api/auth/v1/token", "/auth/v1/token", "/api/profile/me", "/api/admin/users"],
  ]) {
    // Next mends doubled slashes and dots by sending the asker to another path, which is none either.
    expect([404, 308, 400], path).toContain(await ask(path));
  }
});

test("a hundred strangers that send ten megabytes each do not grow the console", async ({ product }) => {
  const { console, gateway } = processesOf(product.folder);
  await fetch(`${product.url}/sign-in`);
  const before = { console: memoryOf(console), gateway: memoryOf(gateway) };
  const { host } = new URL(product.url);
  const piece = "x".repeat(65_536);
  const flood = (framing: "length" | "chunked") =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(product.url).port), "127.0.0.1");
      let text = "";
      let left = 160;
      const head = framing === "length" ? "Content-Length: 9900000" : "Transfer-Encoding: chunked";
      const send = () => {
        while (left-- > 0) if (!socket.write(framing === "length" ? piece : `10000\r\n${piece}\r\n`)) return;
      };
      socket.on("connect", () => socket.write(`POST /sign-in HTTP/1.1\r\nHost: ${host}\r\n${head}\r\n\r\n`, send));
      socket.on("drain", send);
      socket.on("data", (data) => {
        text += data;
      });
      socket.on("error", () => undefined).on("close", () => resolve(text));
    });
  const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => flood(at % 2 ? "length" : "chunked")));
  expect(new Set(answers.flatMap(statuses))).toEqual(new Set([413]));
  const grown = (memoryOf(console) - before.console) / 1_048_576;
  expect(grown).toBeLessThan(50);
  expect((memoryOf(gateway) - before.gateway) / 1_048_576).toBeLessThan(150);
});

test("connections that ask without a pause delay themselves, not a neighbour", async ({ product, admin }) => {
  const { cookies } = await signIn(product, admin);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const ask = (path: string, localAddress: string, headers = {}) =>
    new Promise<{ status: number | undefined; ms: number }>((resolve, reject) => {
      const began = performance.now();
      const options = { host: "127.0.0.1", port: new URL(product.url).port, path, localAddress, agent: false };
      const sent = httpGet({ ...options, headers: { host: new URL(product.url).host, ...headers } }, (answer) =>
        answer.resume().on("end", () => resolve({ status: answer.statusCode, ms: performance.now() - began })),
      );
      sent.on("error", reject);
    });
  let going = true;
  const loud: number[] = [];
  const loops = Array.from({ length: 48 }, async () => {
    while (going) loud.push((await ask("/sign-in", "127.0.0.2")).ms);
  });
  await expect.poll(() => loud.length).toBeGreaterThan(48);
  const quiet: number[] = [];
  for (let round = 0; round < 20; round++) {
    const { status, ms } = await ask("/credentials/feed", "127.0.0.3", { cookie });
    expect(status).toBe(200);
    quiet.push(ms);
  }
  going = false;
  await Promise.all(loops);
  const median = (times: number[]) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
  // Not how fast: whose queue it is.
  expect(median(quiet)).toBeLessThan(median(loud) / 2);
});

test("the console has one name: other names of the loopback lead to it, any other is told it", async ({ product }) => {
  const { host, port } = new URL(product.url);
  const at = (path: string, name: string, method = "GET") =>
    raw(product, `${method} ${path} HTTP/1.1\r\nHost: ${name}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`);
  expect(await at("/sign-in?a=1", `127.0.0.1:${port}`)).toMatch(
    /^HTTP\/1\.1 307 .*location: http:\/\/localhost:\d+\/sign-in\?a=1/is,
  );
  expect(await at("/sign-in", "vault.example")).toMatch(/^HTTP\/1\.1 421 .*PUBLIC_URL/s);
  expect(await at("/sign-in", host)).toMatch(/^HTTP\/1\.1 200 /);
});

test("what browsers and robots ask for is there", async ({ request, page }) => {
  for (const [path, type] of [
    ["/icon.svg", "image/svg+xml"],
    ["/favicon.ico", "image/svg+xml"],
    ["/robots.txt", "text/plain"],
    ["/manifest.webmanifest", "application/manifest+json"],
  ] as const) {
    const answer = await request.get(path);
    expect([path, answer.status(), answer.headers()["content-type"]]).toEqual([
      path,
      200,
      expect.stringContaining(type),
    ]);
  }
  await page.goto("/sign-in");
  await expect(page.locator('link[rel="icon"]')).toHaveCount(1);
  await expect(page.locator('link[rel="manifest"]')).toHaveCount(1);
});

test("every page of ours, the plainest too, stands in no frame and sends its forms nowhere else", async ({
  request,
}) => {
  for (const [path, headers] of [
    ["/", { accept: "*/*" }],
    ["/sign-in", { accept: "text/html" }],
  ] as const) {
    const policy = (await request.get(path, { headers })).headers()["content-security-policy"];
    for (const rule of ["frame-ancestors 'none'", "base-uri 'none'", "form-action"]) expect(policy).toContain(rule);
  }
});
