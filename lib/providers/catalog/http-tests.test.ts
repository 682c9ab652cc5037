import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { acceptingAnswer, answerOf, ENDINGS, hostOf, markedValues, signatureIn } from "@/test/providers/kind-fixture";
import { walked } from "@/test/providers/worker";
import { type Authority, makeAuthority } from "@/test/servers/certificates";
import { type Received, type Standin, startStandin } from "@/test/servers/https";
import { startTokenEndpoint, type TokenEndpoint } from "@/test/servers/token-endpoint";
import type { CredentialData } from "../define";
import type { TestReport } from "../report";
import { TestRun } from "../test-run";
import { isSecretField } from "./field";
import { connectionOf } from "./kind-connection";
import { findKind, kinds } from "./registry";
import type { Kind } from "./schema";
import { isDriverTest } from "./schema-test";

/** The edge of the network: whatever address is dialled, a stand-in on this machine answers, and its authority is trusted. */
const edge = vi.hoisted(() => ({ port: 0, tokens: 0, authority: undefined as string | undefined }));
const TOKENS = vi.hoisted(() => ({ host: "oauth2.googleapis.com", address: "8.8.4.4" }));
vi.mock("@/lib/platform/net/dial", async (original) => {
  const real = await original<typeof import("@/lib/platform/net/dial")>();
  const dial: typeof real.dial = async (addresses, _, options) => ({
    ...(await real.dial(["127.0.0.1"], addresses[0] === TOKENS.address ? edge.tokens : edge.port, options)),
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
let tokens: TokenEndpoint;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-standin-"));
  authority = makeAuthority(folder);
  const hosts = new Set(tried.map(({ kind, test }) => hostOf(kind, test, markedValues(kind))));
  service = await startStandin(
    authority.issue("services", {
      names: [...hosts, "service.example.com:6333"].map((host) => `DNS:${host.replace(/:\d+$/, "")}`),
    }),
  );
  tokens = await startTokenEndpoint(authority.issue("tokens", { names: [`DNS:${TOKENS.host}`] }));
});
beforeEach(() => {
  Object.assign(edge, { port: service.port, tokens: tokens.port, authority: authority.certificate });
  service.requests.length = 0;
});
afterAll(async () => {
  await Promise.all([service?.stop(), tokens?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Every file of the catalogue that describes a request: a new one is tested with no new code. */
const tried = kinds().flatMap((kind) =>
  kind.test && !isDriverTest(kind.test) ? [{ id: kind.id, kind, test: kind.test }] : [],
);

test("the catalogue has kinds that are tried out by a request", () => {
  expect(tried.length).toBeGreaterThan(40);
});

describe.each(tried)("the test of $id", ({ id, kind, test: declared }) => {
  const data = markedValues(kind);
  const usual = (status: number) =>
    declared.statuses?.[status] === undefined && !declared.answers?.some((one) => one.status === status);

  test("signs the request as its authentication says, sends it to its base URL, and shows no secret", async () => {
    const { status, body } = acceptingAnswer(declared);
    service.answer = (_, response) => response.writeHead(status).end(body);
    const report = await run(id);
    expect(walked(report)).toEqual(ALL_WELL);
    expect(service.requests).toHaveLength(1);
    const sent = service.requests[0] as Received;
    const host = hostOf(kind, declared, data);
    expect([sent.method, sent.headers.host, sent.servername]).toEqual([
      declared.method ?? "GET",
      host,
      host.replace(/:\d+$/, ""),
    ]);
    for (const scheme of declared.signed === false ? [] : (kind.authentication ?? [])) {
      const [found, wanted] = signatureIn(scheme, data, sent);
      expect(found, scheme.scheme).toBe(wanted);
    }
    const carried = JSON.stringify(sent) + Buffer.from(String(sent.headers.authorization).slice(6), "base64");
    const none = kind.authentication?.some(({ scheme }) => scheme === "none");
    expect(carried.includes("MARKER")).toBe(!none);
    const inAddress =
      kind.authentication?.some(({ scheme }) => scheme === "query") ||
      (typeof kind.base_url === "string" && /\{/.test(kind.base_url));
    if (!inAddress) expect(sent.url).not.toContain("MARKER");
    const signIn = report.steps.find(({ id: step }) => step === "sign_in");
    if (declared.spends) expect(signIn?.detail).toContain(declared.spends);
  });

  test("names the first thing that is missing, without calling anybody", async () => {
    const report = await run(id, {});
    expect(report).toMatchObject({ outcome: "failed" });
    expect(report.reason).toMatch(/value_missing|no_access_token/);
    if (report.reason === "value_missing")
      expect(kind.fields.map(({ name }) => name)).toContain(report.steps[0]?.field);
    expect(service.requests).toEqual([]);
  });

  test.each(Object.entries(declared.statuses ?? {}))("takes status %s for %s", async (status, meaning) => {
    service.answer = (_, response) => response.writeHead(Number(status)).end("{}");
    const [outcome, reason] = ENDINGS[meaning];
    expect(await run(id)).toMatchObject({ outcome, ...(reason && { reason }) });
  });

  test.each((declared.answers ?? []).map((rule) => ({ rule, ...rule })))(
    "takes $status with $path for $means",
    async ({ rule, status, means }) => {
      service.answer = (_, response) => response.writeHead(status).end(answerOf(rule));
      const [outcome, reason] = ENDINGS[means];
      expect(await run(id)).toMatchObject({ outcome, ...(reason && { reason }) });
    },
  );

  test.each(
    (
      [
        [401, "failed", "wrong_credentials"],
        [402, "degraded", "no_credit"],
        [403, "failed", "access_refused"],
        [418, "failed", "unexpected_answer"],
        [429, "unreachable", "rate_limited"],
        [503, "unreachable", "service_trouble"],
      ] as const
    ).filter(([status]) => usual(status)),
  )("takes status %s for what it usually means: %s, %s", async (status, outcome, reason) => {
    service.answer = (_, response) => response.writeHead(status).end("{}");
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
  await run(id, { ...markedValues(kindOf(id)), ...KNOWN[id] });
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

function kindOf(id: string): Kind {
  const kind = findKind(id);
  if (!kind) throw new Error(`No such kind: ${id}`);
  return kind;
}

/** One test in this process, at a public address by the name service's word. */
async function run(id: string, data: CredentialData = markedValues(kindOf(id))): Promise<TestReport> {
  const connection = await connectionOf(kindOf(id));
  if (!connection) throw new Error(`${id} has no test`);
  const testRun = new TestRun(connection.plan, { signal: AbortSignal.timeout(5_000) });
  const network = {
    policy: { allow: [], selfEndpoints: [] },
    lookup: async (host: string) => [host === TOKENS.host ? TOKENS.address : "8.8.8.8"],
    connectTimeoutMs: 1_000,
    maxInboundBytes: 256 * 1024,
    sshLegacyAlgorithms: false,
    apis: { google: "", microsoft: "" },
  };
  await connection.test(data, testRun, network).catch(() => undefined);
  const report = testRun.report();
  for (const { name } of kindOf(id).fields.filter(isSecretField))
    if (String(data[name]).includes("MARKER")) expect(JSON.stringify(report), `${id} ${name}`).not.toContain("MARKER");
  return report;
}

/** Values that the requests above are told with. */
const KNOWN: Record<string, CredentialData> = {
  qdrantApi: { testAddress: "https://service.example.com:6333/" },
  jiraApi: { username: "ana@example.com" },
  openSearchUrl: { user: "ana" },
};

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

const ALL_WELL = ["values ok", "resolve ok", "address ok", "connect ok", "tls ok", "sign_in ok", "permission ok"];
