import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Authority, makeAuthority } from "../../../e2e/servers/certificates";
import { type Received, type Standin, startStandin } from "../../../e2e/servers/https";
import { type CredentialData, type Method, secretNames } from "../define";
import type { TestReport } from "../report";
import { walked } from "../testing/worker";
import { Trail } from "../trail";
import { connectionFor } from "./connection";
import { definitions } from "./definitions";
import type { HttpTest } from "./http-test";
import { httpTests } from "./http-tests";
import { names } from "./names";
import { types } from "./types";

/** The edge of the network: whatever address is dialled, a stand-in on this machine answers, and its authority is trusted. */
const edge = vi.hoisted(() => ({ port: 0, authority: undefined as string | undefined }));
vi.mock("@/lib/net/dial", async (original) => {
  const real = await original<typeof import("@/lib/net/dial")>();
  const dial: typeof real.dial = async (addresses, _, options) => ({
    ...(await real.dial(["127.0.0.1"], edge.port, options)),
    address: addresses[0] ?? "",
  });
  return { ...real, dial };
});
vi.mock("node:tls", async (original) => {
  const real = await original<typeof import("node:tls")>();
  const connect = (options: object) => real.connect({ ...options, ...(edge.authority && { ca: edge.authority }) });
  return { ...real, connect, default: { ...real, connect } };
});

let folder: string;
let authority: Authority;
let service: Standin;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-standin-"));
  authority = makeAuthority(folder);
  const hosts = [...new Set(Object.keys(httpTests).map((id) => hostOf(id)))];
  service = await startStandin(
    authority.issue("services", { names: hosts.map((host) => `DNS:${host.replace(/:\d+$/, "")}`) }),
  );
});
beforeEach(() => {
  Object.assign(edge, { port: service.port, authority: authority.certificate });
  service.requests.length = 0;
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const declared = Object.keys(httpTests).map((id) => ({ id, test: httpTests[id] as HttpTest, method: methodOf(id) }));

test("a type is called testable exactly where there is a test, and asks for what the test needs", async () => {
  expect(declared.length).toBeGreaterThan(40);
  for (const { id } of definitions) {
    const [connection, test] = [await connectionFor(id), names[id]?.test];
    expect(test !== undefined, id).toBe(connection !== undefined);
    for (const need of test?.needs ?? []) {
      expect(
        types[id]?.inputs.find(({ name }) => name === need),
        `${id} ${need}`,
      ).toMatchObject({ own: true, optional: true });
    }
  }
});

describe.each(declared)("the test of $id", ({ id, test: declaration, method }) => {
  test("sends the key where the service takes it, and shows it nowhere", async () => {
    service.answer = (_, response) => response.end(ACCEPTED[id] ?? "{}");
    const report = await run(id);
    expect(walked(report)).toEqual(ALL_WELL);
    expect(service.requests).toHaveLength(1);
    const sent = service.requests[0] as Received;
    expect(sent.method).toBe(declaration.method ?? "GET");
    expect([sent.headers.host, sent.servername]).toEqual([hostOf(id), hostOf(id).replace(/:\d+$/, "")]);
    const everywhere = JSON.stringify(sent) + Buffer.from(String(sent.headers.authorization).slice(6), "base64");
    expect(everywhere).toContain("MARKER");
    if (!declaration.secretInUrl) expect(sent.url).not.toContain("MARKER");
    expect(new URL(declaration.docs).protocol).toBe("https:");
  });

  test("names the first thing that is missing, without calling anybody", async () => {
    const report = await run(id, {});
    expect(report).toMatchObject({ outcome: "failed", reason: "value_missing" });
    expect(Object.keys(method.fields)).toContain(report.steps[0]?.field);
    expect(service.requests).toEqual([]);
  });

  test.each([
    [401, "failed", "wrong_credentials"],
    [429, "unreachable", "rate_limited"],
    [503, "unreachable", "service_trouble"],
    [418, "failed", "unexpected_answer"],
  ])("tells status %s from the others: %s, %s", async (status, outcome, reason) => {
    service.answer = (_, response) => response.writeHead(status).end("{}");
    expect(await run(id)).toMatchObject({ outcome, reason });
  });

  test("calls 403 a refusal, unless the service means a missing permission by it", async () => {
    service.answer = (_, response) => response.writeHead(403).end("{}");
    const meaning = declaration.statuses?.[403] ?? "refused";
    const [outcome, reason] = MEANINGS[meaning] ?? [];
    expect(await run(id)).toMatchObject({ outcome, reason });
  });
});

test.each([
  ["openAIApi", "GET /v1/models", { authorization: "Bearer MARKER-openAIApiKey" }],
  [
    "anthropicApi",
    "GET /v1/models?limit=1",
    { "x-api-key": "MARKER-anthropicApiKey", "anthropic-version": "2023-06-01" },
  ],
  ["slackApi", "POST /api/auth.test", { authorization: "Bearer MARKER-botToken" }],
  ["githubApi", "GET /user", { authorization: "Bearer MARKER-accessToken", "user-agent": "latchkey" }],
  ["notionApi", "GET /v1/users/me", { "notion-version": "2022-06-28" }],
  ["stripeApi", "GET /v1/balance", { authorization: "Bearer MARKER-stripeApiToken" }],
  ["pineconeApi", "GET /indexes", { "api-key": "MARKER-pineconeApiKey" }],
  ["qdrantApi", "GET /collections", { "api-key": "MARKER-qdrantApiKey", host: "service.example.com:6333" }],
  ["supabaseApi", "GET /auth/v1/settings", { apikey: "MARKER-supabaseApiKey" }],
  ["googleGenerativeAI", "GET /v1beta/models?pageSize=1", { "x-goog-api-key": "MARKER-googleGenerativeAPIKey" }],
  ["serpApi", "GET /account.json?api_key=MARKER-serpApiKey", {}],
  ["azureOpenAIApi", "GET /openai/models?api-version=2024-10-21", { host: "my-instance.openai.azure.com" }],
  ["jiraApi", "GET /rest/api/3/myself", { authorization: basic("ana@example.com:MARKER-accessToken") }],
  ["openSearchUrl", "GET /", { authorization: basic("ana:MARKER-password") }],
  ["elasticSearchUserPassword", "GET /_security/_authenticate", { host: "abc123.eu-west-1.aws.found.io" }],
])("%s is tried out by %s", async (id, line, headers) => {
  service.answer = (_, response) => response.end(ACCEPTED[id] ?? "{}");
  await run(id);
  const [sent] = service.requests;
  expect(`${sent?.method} ${sent?.url}`).toBe(line);
  expect(sent?.headers).toMatchObject(headers);
});

describe("an answer whose status does not tell", () => {
  test.each([
    ["slackApi", 200, { ok: false, error: "invalid_auth" }, "failed wrong_credentials"],
    ["slackApi", 200, { ok: false, error: "token_revoked" }, "failed wrong_credentials"],
    ["slackApi", 200, { ok: false, error: "missing_scope" }, "degraded permission_denied"],
    ["slackApi", 200, { ok: false, error: "ratelimited" }, "unreachable rate_limited"],
    ["slackApi", 200, { ok: false, error: "constructor" }, "failed unexpected_answer"],
    ["slackApi", 200, "<html>ok</html>", "failed unexpected_answer"],
    ["milvusAuth", 200, { code: 1800 }, "failed wrong_credentials"],
    ["googleGenerativeAI", 400, { error: { details: [{ reason: "API_KEY_INVALID" }] } }, "failed wrong_credentials"],
    ["googleGenerativeAI", 400, { error: {} }, "failed unexpected_answer"],
    ["elevenLabsApi", 401, { detail: { status: "missing_permissions" } }, "degraded permission_denied"],
    ["braveSearchApi", 422, { error: { code: "SUBSCRIPTION_TOKEN_INVALID" } }, "failed wrong_credentials"],
    ["xaiApi", 400, {}, "failed wrong_credentials"],
    ["openAIApi", 402, {}, "degraded no_credit"],
  ])("%s %s %j: %s", async (id, status, body, told) => {
    service.answer = (_, response) =>
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    const report = await run(id);
    expect(`${report.outcome} ${report.reason}`).toBe(told);
  });
});

describe("a hostile service", () => {
  test("that sends without end is cut off", async () => {
    service.answer = (_, response) => {
      const more = () => response.writable && response.write("x".repeat(65_536), () => setImmediate(more));
      response.writeHead(200);
      more();
    };
    expect(await run("slackApi")).toMatchObject({ outcome: "failed", reason: "too_much_data" });
  });

  test("that leads to an address inside is not followed", async () => {
    service.answer = (_, response) => response.writeHead(302, { location: "http://169.254.169.254/latest/" }).end();
    expect(await run("openAIApi")).toMatchObject({ outcome: "failed", reason: "redirected" });
    expect(service.requests).toHaveLength(1);
  });

  test("that cannot prove who it is gets no key", async () => {
    edge.authority = undefined;
    expect(await run("openAIApi")).toMatchObject({ outcome: "failed", reason: "certificate_unknown_authority" });
    const other = await startStandin(authority.issue("other", { names: ["DNS:other.example"] }));
    Object.assign(edge, { port: other.port, authority: authority.certificate });
    expect(await run("openAIApi")).toMatchObject({ outcome: "failed", reason: "certificate_name_mismatch" });
    expect([...service.requests, ...other.requests]).toEqual([]);
    await other.stop();
  });

  test("that says the key back is not quoted", async () => {
    service.answer = (request, response) =>
      response.writeHead(418, String(request.headers.authorization).slice(0, 40)).end(request.headers.authorization);
    expect(JSON.stringify(await run("openAIApi"))).not.toContain("MARKER");
  });
});

test("nothing is sent unencrypted to a public address, nor to an address that is not public", async () => {
  const to = (testAddress: string) => run("qdrantApi", { qdrantApiKey: "MARKER", testAddress });
  expect(await to("http://qdrant.example.com")).toMatchObject({ outcome: "failed", reason: "not_encrypted" });
  expect(await to("https://127.0.0.1:6333")).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  expect(await to("https://169.254.169.254/")).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  expect(await to("ftp://qdrant.example.com")).toMatchObject({ reason: "value_unfit" });
  expect(service.requests).toEqual([]);
});

test("a key that would break out of its header is told, not sent", async () => {
  for (const bad of ["a\r\nX-Evil: 1", "ключ", "a\tb"]) {
    expect(await run("openAIApi", { openAIApiKey: bad })).toMatchObject({ outcome: "failed", reason: "value_unfit" });
  }
  expect(service.requests).toEqual([]);
});

/** One test in this process, at a public address by the name service's word. */
async function run(id: string, data: CredentialData = example(id)): Promise<TestReport> {
  const connection = await connectionFor(id);
  if (!connection) throw new Error(`${id} has no test`);
  const trail = new Trail(connection.plan, { signal: AbortSignal.timeout(5_000) });
  const network = {
    policy: { allow: [], own: [] },
    lookup: async () => ["8.8.8.8"],
    connectTimeoutMs: 1_000,
    maxInboundBytes: 256 * 1024,
    sshLegacyAlgorithms: false,
    apis: { google: "", microsoft: "" },
  };
  await connection.test(data, trail, network).catch(() => undefined);
  const report = trail.report();
  for (const name of secretNames(methodOf(id))) {
    if (data[name] !== undefined) expect(JSON.stringify(report), `${id} ${name}`).not.toContain(String(data[name]));
  }
  return report;
}

function methodOf(id: string): Method {
  const method = definitions.find((provider) => provider.id === id)?.methods[0];
  if (!method) throw new Error(`No such type: ${id}`);
  return method;
}

/** Every secret is a marker, and what names a place names one of example.com. */
function example(id: string): CredentialData {
  const method = methodOf(id);
  const values = Object.entries(method.fields).map(([name, { secret }]) => [
    name,
    secret ? `MARKER-${name}` : PLACES[name],
  ]);
  const own = {
    openSearchUrl: "https://search.example.com",
    upstashConnectionUrl: "https://a.upstash.io",
    UPSTASH_VECTOR_REST_URL: "https://b.upstash.io",
  };
  const urls = Object.entries(own).filter(([name]) => name in method.fields);
  return Object.fromEntries([...values.map(([name, value]) => [name, value ?? `example-${name}`]), ...urls]);
}

const PLACES: Record<string, string> = {
  testAddress: "https://service.example.com:6333/",
  endpoint: "https://elastic.example.com",
  dbEndPoint: "https://astra.example.com",
  langFuseEndpoint: "https://langfuse.example.com",
  langSmithEndpoint: "https://langsmith.example.com",
  phoenixEndpoint: "https://phoenix.example.com",
  firecrawlApiUrl: "https://firecrawl.example.com",
  opikUrl: "https://opik.example.com/opik/api",
  serviceRegion: "westeurope",
  azureOpenAIApiInstanceName: "my-instance",
  azureOpenAIApiVersion: "2024-10-21",
  cloudId: `deployment:${Buffer.from("eu-west-1.aws.found.io$abc123$def456").toString("base64")}`,
  username: "ana@example.com",
  user: "ana",
};

/** Which host a declaration calls with the example's values. */
function hostOf(id: string): string {
  const data = example(id);
  const url = (httpTests[id]?.url ?? "").replace(/\{(?:base|origin):(\w+)(?:\|[^}]+)?\}/, (_, name) =>
    String(data[name]),
  );
  const whole = url
    .replace(/\{cloud:\w+\}/, "https://abc123.eu-west-1.aws.found.io")
    .replace(/\{(?:\w+:)?(\w+)\}/g, (_, name) => String(data[name]));
  return new URL(whole).host;
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

const ACCEPTED: Record<string, string> = { slackApi: '{"ok":true}', milvusAuth: '{"code":0,"data":[]}' };

const ALL_WELL = ["values ok", "resolve ok", "address ok", "connect ok", "tls ok", "sign_in ok", "permission ok"];

const MEANINGS: Record<string, [string, string]> = {
  refused: ["failed", "access_refused"],
  no_permission: ["degraded", "permission_denied"],
  wrong_key: ["failed", "wrong_credentials"],
};
