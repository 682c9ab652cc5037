import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import zlib from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "@/test/bundle";
import { peers } from "@/test/peers";
import { readAllowList } from "../policy";
import { Unreachable } from "../unreachable";
import { fetchOutside, type OutsideOptions, setOutsidePath } from "./fetch-outside";

let built: Awaited<ReturnType<typeof bundle>>;
const { http, tcp, connections } = peers();
beforeAll(async () => {
  built = await bundle("lib/platform/net/worker/entry.ts");
  setOutsidePath(built.path);
});
afterAll(() => {
  setOutsidePath(undefined);
  built.remove();
});

const options: OutsideOptions = {
  owner: "an organisation",
  limits: { totalMs: 10_000, connectMs: 5_000, maxBytes: 64 * 1024 },
  policy: { allow: readAllowList("127.0.0.0/8:1-65535"), selfEndpoints: [] },
};
const ask = (port: number, change: Partial<OutsideOptions> = {}, scheme = "http") =>
  fetchOutside({ url: `${scheme}://127.0.0.1:${port}/`, method: "GET", headers: {} }, { ...options, ...change });
const reason = (asked: Promise<Response>) =>
  asked.then(
    ({ status }) => `answered ${status}`,
    (error: unknown) => (error instanceof Unreachable ? error.reason : error),
  );

/** Processes of ours that run the bundle: at most the one that waits ready, once nothing is asked. */
const running = () =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(built.path);
    } catch {
      return false;
    }
  });

test("what goes out is what was asked, as this product says it, and the answer comes back whole", async () => {
  const port = await http(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    response.end(JSON.stringify({ method: request.method, headers: request.headers, body }));
  });
  const request = {
    url: `http://127.0.0.1:${port}/x`,
    method: "POST",
    headers: { authorization: "Bearer t", "Transfer-Encoding": "chunked", Host: "evil.example", "content-length": "1" },
    body: "a=ü",
  };
  const told = (await (await fetchOutside(request, options)).json()) as { headers: object; body: string };
  expect(told).toMatchObject({
    method: "POST",
    body: "a=ü",
    headers: {
      authorization: "Bearer t",
      host: `127.0.0.1:${port}`,
      "content-length": "4",
      "accept-encoding": "identity",
    },
  });
  expect(told.headers).not.toHaveProperty("transfer-encoding");
});

test("the process that asks has nothing of ours in its environment", async () => {
  process.env.CANARY_OF_THE_VAULT = "canary";
  const port = await http((_request, response) => {
    const environments = running().map((pid) => readFileSync(`/proc/${pid}/environ`, "utf8"));
    response.end(JSON.stringify(environments));
  });
  const environments = (await (await ask(port)).json()) as string[];
  expect(environments.length).toBeGreaterThan(0);
  for (const one of environments) {
    expect(one).toContain("NODE_ENV=production");
    expect(one).not.toMatch(/CANARY|LATCHKEY|DATABASE/);
  }
  delete process.env.CANARY_OF_THE_VAULT;
});

test("ten calls to peers that never speak TLS leave no socket and no process", async () => {
  const port = await tcp();
  const asked = Array.from({ length: 10 }, (_, at) =>
    reason(
      ask(
        port,
        { owner: `organisation ${at % 3}`, limits: { ...options.limits, totalMs: 20_000, connectMs: 500 } },
        "https",
      ),
    ),
  );
  expect(new Set(await Promise.all(asked))).toEqual(new Set(["tls_failed"]));
  await expect.poll(connections).toBe(0);
  await expect.poll(() => running().length).toBeLessThanOrEqual(1);
});

test("what the caller gives up on is closed", async () => {
  const port = await http(() => undefined);
  const controller = new AbortController();
  const asked = reason(ask(port, { signal: controller.signal }));
  await expect.poll(connections).toBe(1);
  controller.abort();
  expect(await asked).toBe("no_answer");
  await expect.poll(connections).toBe(0);
});

test("a process that is killed in the middle is an answer that nobody knows", async () => {
  const port = await http(() => {
    for (const pid of running()) process.kill(Number(pid), "SIGKILL");
  });
  expect(await reason(ask(port))).toBe("no_answer");
});

test("a process that died while it waited ready is replaced, as nothing was sent by it", async () => {
  const port = await http((_request, response) => response.end("{}"));
  await ask(port);
  for (const pid of running()) process.kill(Number(pid), "SIGKILL");
  expect(await reason(ask(port))).toBe("answered 200");
});

test("a bomb is no load on the process that holds the keys", async () => {
  const bomb = zlib.brotliCompressSync(Buffer.alloc(200_000_000), {
    params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 },
  });
  const port = await http((_request, response) => response.writeHead(200, { "content-encoding": "br" }).end(bomb));
  const before = process.memoryUsage().rss;
  for (let times = 0; times < 3; times++) expect(await reason(ask(port))).toBe("unreadable");
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test("an address inside is refused in the process that asks as well", async () => {
  expect(await reason(ask(80, { policy: { allow: [], selfEndpoints: [] } }))).toBe("not_allowed");
});

test("the bundle knows no key, no database and no setting", () => {
  const folder = built.path.replace(/[^/]+$/, "");
  const code = execFileSync(
    "cat",
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
      .map((entry) => `${entry.parentPath}/${entry.name}`),
  ).toString();
  expect(code).not.toMatch(/LATCHKEY_KEY|DATABASE_URL|createDecipheriv|from "pg"/);
});
