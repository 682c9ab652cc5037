import { spawnSync } from "node:child_process";
import { METHODS, type RequestListener, request } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { methods } from "@/lib/api/http/route";
import { startMetrics } from "@/lib/observability";
import { refusalCodes } from "@/lib/platform/refusal";
import { ownDatabase } from "@/test/own-database";
import { gatewayListener } from "./gateway";
import { listen } from "./listener";
import { metricsDoor, metricsListener, metricsToken } from "./metrics-door";
import { apiRoutes, type RouteModule } from "./routes";
import { countingWatch } from "./watch";

const { url } = await ownDatabase();
process.env.DATABASE_URL = url;
const { sftpValues, tenant } = await import("@/test/tenant");
const TOKEN = "a token that reads the metrics";
/** Of Debian's `prometheus`. */
const PROMTOOL = "/usr/bin/promtool";
const checks = ["accepting", "database"];
let port = 0;
let ownPort = 0;

beforeAll(async () => {
  const metrics = await startMetrics({
    version: "1.2.3",
    console: {
      up: true,
      starts: 1,
      measure: async () => ({
        residentBytes: 1,
        heapBytes: 1,
        cpuSeconds: 1,
        lagSeconds: { median: 0, p99: 0, max: 0 },
        loads: undefined,
      }),
    },
    checks,
    failing: async () => new Set(["database"]),
    poolMax: 16,
  });
  const gateway = gatewayListener({
    routes: apiRoutes({ GET: healthy }),
    addressOf: () => "127.0.0.1",
    origin: "http://localhost",
    toConsole: async (_, outgoing) => void outgoing.writeHead(404).end(),
    watch: countingWatch(metrics),
    metrics: metricsDoor(metrics, TOKEN),
  });
  port = await serving(gateway);
  ownPort = await serving(metricsListener(metricsDoor(metrics, undefined)));
});

const healthy = async () => Response.json({});

async function serving(listener: RequestListener): Promise<number> {
  const servers = await listen(listener, 0, "127.0.0.1");
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });
  const [port = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  return port;
}

const ask = (path: string, { method = "GET", token = "" } = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { method, headers: token ? { authorization: `Bearer ${token}` } : {} });

const scrape = () => fetch(`http://127.0.0.1:${ownPort}/metrics`).then((answer) => answer.text());

/** Every series of a scrape: name and labels. */
const seriesOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.slice(0, line.lastIndexOf(" ")));

const countOf = (text: string, series: string) =>
  Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length),
  );

test("a fetch, its journal, a refusal and the state of the platform are counted, and nobody is named", async () => {
  const mine = await tenant();
  const [{ createCredential, fetchSecret }, token] = [
    await import("@/lib/credentials"),
    await mine.token(mine.program),
  ];
  const data = { ...sftpValues(), password: "canary-secret" };
  const { id } = await createCredential(mine.user, {
    provider: "sftp",
    type: "user_password",
    name: "canary-name",
    data,
  });
  const before = await scrape();
  expect(JSON.stringify(await fetchSecret(mine.program, id))).toContain("canary-secret");
  expect((await ask("/api/integrations/credentials")).status).toBe(401);
  const text = await scrape();
  const grew = (series: string) => countOf(text, series) - (countOf(before, series) || 0);
  expect(grew("latchkey_secret_fetches_total")).toBe(1);
  expect(grew("latchkey_journal_wait_seconds_count")).toBeGreaterThanOrEqual(1);
  expect(grew('latchkey_refusals_total{process="gateway",code="unauthenticated"}')).toBe(1);
  expect(countOf(text, 'latchkey_credentials{health="untested"}')).toBe(1);
  expect(text).toMatch(/latchkey_sealed_items\{key_id="[0-9a-f]{16}"\} 2/);
  expect(countOf(text, 'latchkey_ready_check{check="database"}')).toBe(0);
  expect(countOf(text, 'latchkey_jobs{queue="renewals",state="dead"}')).toBe(0);
  expect(text).toMatch(/latchkey_schema_info\{migration="\d{14}_\w+"\} 1/);
  for (const secret of ["canary", mine.orgId, mine.name, id, mine.program.id, token])
    expect(text).not.toContain(secret);
});

test("without the token the product's port has nothing at /metrics, with it the metrics", async () => {
  for (const token of ["", "wrong", `${TOKEN}x`, TOKEN.slice(1)])
    expect((await ask("/metrics", { token })).status).toBe(404);
  expect((await ask("/metrics", { method: "POST", token: TOKEN })).status).toBe(404);
  const answer = await ask("/metrics", { token: TOKEN });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
  expect(await answer.text()).toContain("latchkey_http_requests_total");
  expect((await fetch(`http://127.0.0.1:${ownPort}/api/health`)).status).toBe(404);
});

test("a token's file is read once, and a bad one is refused by name", () => {
  expect(metricsToken(TOKEN, "/nowhere")).toBe(TOKEN);
  expect(metricsToken(undefined, undefined)).toBe(undefined);
  expect(() => metricsToken(undefined, "/nowhere")).toThrow("METRICS_TOKEN_FILE cannot be read");
  expect(() => metricsToken(undefined, "/dev/null")).toThrow("METRICS_TOKEN_FILE must hold at least 16 characters");
});

test("Prometheus's own linter finds no fault in a name, a type or a help text of ours", async () => {
  const { stdout, stderr, error } = spawnSync(PROMTOOL, ["check", "metrics"], {
    input: await scrape(),
    encoding: "utf8",
  });
  expect(error).toBe(undefined);
  expect(`${stdout}${stderr}`.split("\n").filter((line) => line.includes("latchkey"))).toEqual([]);
});

const files = import.meta.glob<RouteModule>("../../../app/[(](superai|flowise|litegraph)[)]/**/route.ts", {
  eager: true,
});
const declared = new Set([
  ...["gateway none", "gateway /metrics", "gateway /", "gateway /api/health"],
  ...["static", "sign-in", "action", "data", "page"].map((route) => `console ${route}`),
  ...Object.values(files).flatMap((module) =>
    Object.values(module).flatMap((one) => ("place" in one ? [`${one.place.door} ${one.place.route}`] : [])),
  ),
]);

test("whatever is asked for, no series is made that the program does not declare", async () => {
  expect(declared.size).toBeGreaterThan(100);
  const segment = fc.oneof(
    fc.constantFrom(
      "api",
      "integrations",
      "credentials",
      "v1.0",
      "v2.0",
      "v1",
      "litegraph",
      "10",
      "tenants",
      "_next",
      "..",
      "",
    ),
    fc.string({ unit: "binary-ascii", maxLength: 12 }).map(encodeURIComponent),
    fc.uuid(),
  );
  const asked = fc.record({
    method: fc.constantFrom(...METHODS.filter((method) => method !== "CONNECT")),
    path: fc.array(segment, { maxLength: 7 }).map((segments) => `/${segments.join("/")}`),
    query: fc.string({ unit: "binary-ascii", maxLength: 8 }).map((text) => `?${encodeURIComponent(text)}`),
    headers: fc.dictionary(
      fc.constantFrom("next-action", "rsc", "x-request-id", "authorization", "accept", "x-door", "host"),
      fc.stringMatching(/^[a-z0-9{}"=]{0,12}$/),
    ),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ method, path, query, headers }) => send(method, path + query, headers)),
    { numRuns: 400 },
  );
  const text = await scrape();
  for (const series of seriesOf(text).filter((one) => /^latchkey_(http|refusals)/.test(one))) {
    const labels = Object.fromEntries([...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    if (labels.route !== undefined) expect(declared, series).toContain(`${labels.door} ${labels.route}`);
    if (labels.method !== undefined) expect([...methods, "OTHER"], series).toContain(labels.method);
    if (labels.status !== undefined) expect(labels.status, series).toMatch(/^([1-5]\d\d|other)$/);
    if (labels.code !== undefined) expect(refusalCodes, series).toContain(labels.code);
  }
  expect(countOf(text, "latchkey_http_requests_in_flight")).toBe(0);
});

const send = (method: string, path: string, headers: Record<string, string>): Promise<void> =>
  new Promise((resolve) => {
    const sent = request({ port, host: "127.0.0.1", method, path, headers, agent: false }, (answer) =>
      answer.resume().once("close", () => resolve()),
    );
    sent.once("error", () => resolve()).end();
  });
