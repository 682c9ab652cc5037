import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { makeAuthority } from "@/test/servers/certificates";
import { type Standin, startStandin } from "@/test/servers/https";
import {
  refusal,
  SERVICE_ACCOUNT_KEY,
  SERVICE_ACCOUNT_TOKEN,
  startTokenEndpoint,
  type TokenEndpoint,
} from "@/test/servers/token-endpoint";
import { findKind } from "./registry";
import type { Kind } from "./schema";

/** Against a stand-in for Google: a token endpoint on this machine that verifies what was signed, and an interface beside it. */
let worker: Awaited<ReturnType<typeof buildWorker>>;
let tokens: TokenEndpoint;
let service: Standin;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-service-account-"));
  const files = makeAuthority(folder).issue("good");
  [tokens, service] = await Promise.all([startTokenEndpoint(files), startStandin(files)]);
  process.env.NODE_EXTRA_CA_CERTS = join(folder, "ca.crt");
  worker = await buildWorker();
}, 60_000);
beforeEach(() => {
  tokens.refuses = undefined;
  tokens.believed.length = 0;
  tokens.requests.length = 0;
  service.requests.length = 0;
  service.answer = (_, response) => response.end("{}");
});
afterAll(async () => {
  worker?.forget();
  await Promise.all([tokens?.stop(), service?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const EMAIL = "reader@example-project.iam.gserviceaccount.com";
const VALUES = { project_id: "example-project", client_email: EMAIL, private_key: SERVICE_ACCOUNT_KEY };

/** BigQuery's kind as its file says it, with both of its addresses on this machine. */
function definition(): Kind {
  const kind = structuredClone(findKind("bigQuery"));
  const account = kind?.authentication?.[0];
  if (!kind || account?.scheme !== "service_account_jwt") throw new Error("BigQuery is not as it was");
  account.token_url = tokenUrl();
  return { ...kind, base_url: `https://localhost:${service.port}` };
}
const tokenUrl = () => `https://localhost:${tokens.port}/token`;

const tried = (change: Record<string, unknown> = {}, open = [tokens.port, service.port]) =>
  tryOut("bigQuery", "api_key", { ...VALUES, ...change }, { policy: allowing(...open), definition: definition() });

const REACHED = ["values ok", "resolve ok", "address ok", "connect ok", "tls ok"];

test("the key signs who it is and what it wants, and the token that comes of it signs the request", async () => {
  const report = await tried({ private_key_id: "0123456789abcdef" });
  expect(walked(report)).toEqual([...REACHED, "sign_in ok", "permission ok"]);
  const [{ claims, kid } = { claims: {}, kid: "" }] = tokens.believed;
  expect([claims.iss, claims.aud, claims.scope, kid]).toEqual([
    EMAIL,
    tokenUrl(),
    "https://www.googleapis.com/auth/bigquery.readonly",
    "0123456789abcdef",
  ]);
  expect(Number(claims.exp) - Number(claims.iat)).toBeLessThanOrEqual(600);
  const [sent] = service.requests;
  expect([sent?.method, sent?.url, sent?.headers.authorization]).toEqual([
    "GET",
    "/bigquery/v2/projects/example-project/datasets?maxResults=1",
    `Bearer ${SERVICE_ACCOUNT_TOKEN}`,
  ]);
  expect(JSON.stringify(report)).not.toContain("MARKER");
});

test.each<[string, string]>([
  ["with its line ends as JSON writes them", SERVICE_ACCOUNT_KEY.replaceAll("\n", "\\n")],
  ["in one line", SERVICE_ACCOUNT_KEY.replaceAll("\n", " ")],
  ["inside its whole file", JSON.stringify({ type: "service_account", private_key: SERVICE_ACCOUNT_KEY })],
])("a key is read as people have it: %s", async (_, private_key) => {
  expect((await tried({ private_key })).outcome).toBe("ok");
});

const pem = { privateKeyEncoding: { type: "pkcs8", format: "pem" } } as const;
const spki = { publicKeyEncoding: { type: "spki", format: "pem" } } as const;

describe("what is wrong with the values is told before anything is sent", () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ["no key", { private_key: "" }, "value_missing", "private_key"],
    ["no account", { client_email: "" }, "value_missing", "client_email"],
    ["no project", { project_id: "" }, "value_missing", "project_id"],
    ["a text that is no key", { private_key: "MARKER no key" }, "key_unreadable", "private_key"],
    [
      "a key of another kind",
      { private_key: generateKeyPairSync("ec", { namedCurve: "P-256", ...pem, ...spki }).privateKey },
      "key_unreadable",
      "private_key",
    ],
    [
      "a key that is too short",
      { private_key: generateKeyPairSync("rsa", { modulusLength: 1024, ...pem, ...spki }).privateKey },
      "key_too_short",
      "private_key",
    ],
  ])("%s", async (_, change, reason, field) => {
    const report = await tried(change);
    expect(report).toMatchObject({ outcome: "failed", reason });
    expect(report.steps[0]).toMatchObject({ id: "values", status: "failed", field });
    expect([tokens.requests, service.requests]).toEqual([[], []]);
    expect(JSON.stringify(report)).not.toContain("MARKER");
  });
});

test("a key that the account does not have is told as wrong, and nothing is asked for without a token", async () => {
  const { privateKey: private_key } = generateKeyPairSync("rsa", { modulusLength: 2048, ...pem, ...spki });
  const report = await tried({ private_key });
  expect(walked(report).slice(5)).toEqual(["sign_in failed wrong_credentials", "permission skipped"]);
  expect(report.steps.find(({ id }) => id === "sign_in")?.field).toBe("private_key");
  expect(service.requests).toEqual([]);
});

describe("each refusal of the token endpoint has a sentence of ours", () => {
  test.each<[number, string, string, string?]>([
    [
      400,
      refusal("invalid_grant", "Invalid grant: account not found MARKER"),
      "failed account_unavailable",
      "client_email",
    ],
    [400, refusal("invalid_grant", "Account has been deleted MARKER"), "failed account_unavailable", "client_email"],
    [
      400,
      refusal(
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
      ),
      "unreachable clock_differs",
    ],
    [400, refusal("invalid_grant", "MARKER"), "failed wrong_credentials", "private_key"],
    [401, refusal("invalid_client", "MARKER"), "failed account_unavailable", "client_email"],
    [401, refusal("unauthorized_client", "MARKER"), "degraded scope_refused"],
    [400, refusal("invalid_scope", "MARKER"), "degraded scope_refused"],
    [503, refusal("temporarily_unavailable", "MARKER"), "unreachable service_trouble"],
    [502, "<html>MARKER</html>", "unreachable service_trouble"],
    [429, "MARKER", "unreachable rate_limited"],
    [200, "MARKER", "failed unexpected_answer"],
    [200, JSON.stringify({ access_token: "MARKER\r\nX-Evil: 1", token_type: "Bearer" }), "failed unexpected_answer"],
    [302, "MARKER", "failed unexpected_answer"],
  ])("%i %s: %s", async (status, body, told, field) => {
    tokens.refuses = { status, body };
    const report = await tried();
    expect(`${report.outcome} ${report.reason}`).toBe(told);
    const step = report.steps.find(({ id }) => id === "sign_in");
    if (field) expect(step?.field).toBe(field);
    expect(step?.meaning).toMatch(/^[A-Z].{20,}\.$/);
    expect(JSON.stringify(report)).not.toContain("MARKER");
    expect(service.requests).toEqual([]);
  });
});

test("what the account may not do is told as that, behind a sign-in that worked", async () => {
  service.answer = (_, response) => response.writeHead(403).end("{}");
  expect(walked(await tried()).slice(5)).toEqual(["sign_in ok", "permission warning permission_denied"]);
});

test("neither address is gone to that the operator has not opened", async () => {
  expect(await tried({}, [service.port])).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  expect(tokens.requests).toEqual([]);
  expect(await tried({}, [tokens.port])).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  expect(service.requests).toEqual([]);
});
