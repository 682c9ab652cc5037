import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { ownDatabase } from "@/test/own-database";

process.env.LOG_LEVEL = "info";
process.env.DATABASE_URL = (await ownDatabase()).url;
const { createCredential, updateCredential } = await import("@/lib/credentials");
const { log } = await import("@/lib/platform/log");
const { startApi } = await import("@/test/api");
const { sftpValues, tenant } = await import("@/test/tenant");
const { startTracing } = await import("./index");

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(attribute),
});
const tracesSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});
type Span = z.infer<typeof spanSchema>;

/** A stand-in of a collector, at the edge of the network: takes OTLP over HTTP, as JSON. */
async function collector(): Promise<{ url: string; bodies: Map<string, string[]> }> {
  const bodies = new Map<string, string[]>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    bodies.set(path, [...(bodies.get(path) ?? []), await bodyOf(request)]);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => void server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

const spansIn = (bodies: string[]): Span[] =>
  bodies
    .flatMap((body) => tracesSchema.parse(JSON.parse(body)).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

const api = await startApi();
const CALLER = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };

test("a fetch is one trace, from the caller's span to each statement, and holds nothing of what was fetched", async () => {
  const mine = await tenant();
  const data = { ...sftpValues(), password: "marker-secret", username: "marker-user" };
  const { id } = await createCredential(mine.user, {
    provider: "sftp",
    type: "user_password",
    name: "marker-name",
    data,
  });
  const token = await mine.token(mine.program);
  const { url, bodies } = await collector();
  const stop = await startTracing({ endpoint: url, serviceName: "vault-of-tests", version: "1.2.3" });
  const headers = {
    traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01`,
    "x-request-id": "marker-request",
  };
  const answer = await api.send("GET", `/api/integrations/credentials/${id}/credentials?marker-query=1`, {
    token,
    headers,
  });
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining("marker-secret")]);
  await api.send("GET", "/api/integrations/credentials/marker-path", { token });
  await updateCredential(mine.user, id, { tags: ["marker-tag"] });
  log.info("a line", { code: "told" });
  await stop();
  const spans = spansIn(bodies.get("/v1/traces") ?? []);
  const mineOnly = spans.filter(({ traceId }) => traceId === CALLER.traceId);
  const parentOf = ({ parentSpanId }: Span) => mineOnly.find(({ spanId }) => spanId === parentSpanId)?.name;
  const door = mineOnly.find(({ parentSpanId }) => parentSpanId === CALLER.spanId);
  expect(door?.name).toMatch(/^GET \/integrations\/credentials\/\{\w+\}\/credentials$/);
  const below = mineOnly.filter((one) => one !== door).map((one) => [one.name, parentOf(one)]);
  expect(below).toContainEqual(["caller_of", door?.name]);
  expect(below).toContainEqual(["write_events", "secret.fetched"]);
  expect(
    below
      .filter(([name]) => name === "secret.fetched")
      .map(([, parent]) => parent)
      .sort(),
  ).toEqual([door?.name, "secret.fetched"].sort());
  expect(below.filter(([, parent]) => parent === undefined)).toEqual([]);
  const all = [...bodies.values()].flat().join("\n");
  for (const secret of ["marker", id, mine.name, token, mine.orgId, "127.0.0.1", "SELECT"])
    expect(all).not.toContain(secret);
  const keys = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
  expect([...keys].filter((key) => !ALLOWED.includes(key))).toEqual([]);
  expect(all).toContain('{"key":"service.name","value":{"stringValue":"vault-of-tests"}}');
  expect(bodies.get("/v1/logs")?.join("\n")).toContain('"a line"');
});

const ALLOWED = [
  ...["latchkey.door", "http.request.method", "http.route", "http.response.status_code", "latchkey.action"],
  ...["db.operation.name", "db.system.name", "latchkey.worker", "error.type", "latchkey.actor.kind"],
];

test("what is no traceparent begins a trace of its own, and a collector that is away costs nobody anything", async () => {
  const mine = await tenant();
  const token = await mine.token(mine.program);
  const { url, bodies } = await collector();
  const stop = await startTracing({ endpoint: url, serviceName: "latchkey", version: "1" });
  for (const traceparent of ["", "00-0-0-00", `00-${"0".repeat(32)}-${CALLER.spanId}-01`, "x".repeat(4_000)])
    expect((await api.send("GET", "/api/integrations/credentials", { token, headers: { traceparent } })).status).toBe(
      200,
    );
  await stop();
  const doors = spansIn(bodies.get("/v1/traces") ?? []).filter(({ name }) => name.startsWith("GET "));
  expect(doors.map(({ parentSpanId }) => parentSpanId || undefined)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const stopAway = await startTracing({ endpoint: "http://127.0.0.1:9", serviceName: "latchkey", version: "1" });
  expect((await api.send("GET", "/api/integrations/credentials", { token })).status).toBe(200);
  await stopAway();
});
