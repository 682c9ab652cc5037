import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { clock } from "@/lib/platform/clock";
import { walkThrough } from "@/test/oauth/browser";
import {
  type AlteredAnswer,
  type AuthorizationServer,
  startAuthorizationServer,
} from "@/test/servers/authorization-server";
import { type Tenant, tenant } from "@/test/tenant";
import {
  createCredential,
  fetchSecret,
  finishAuthorization,
  getCredential,
  startAuthorization,
  testCredential,
  updateCredential,
} from "../index";

/** A certified server does the work; what it answers is put into the forms and words that other providers have. */
const redirectUri = "http://localhost:3000/api/integrations/google/callback";
const DRIVE = "https://www.googleapis.com/auth/drive.file";
let server: AuthorizationServer;
let mine: Tenant;

beforeAll(async () => {
  server = await startAuthorizationServer({ scopes: ["email", "profile", "User.Read", DRIVE], tenant: randomUUID() });
  server.open([redirectUri]);
  const { issuer, clientId, clientSecret } = server;
  Object.assign(process.env, {
    OUTBOUND_ALLOW: "127.0.0.0/8:1-65535",
    ...{ GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret, GOOGLE_ISSUER: issuer },
    // What is tested here comes before anything is asked there.
    ...{ GOOGLE_API_URL: issuer, MICROSOFT_GRAPH_URL: issuer },
    ...{ MICROSOFT_CLIENT_ID: clientId, MICROSOFT_CLIENT_SECRET: clientSecret, MICROSOFT_ISSUER: issuer },
  });
  mine = await tenant();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.next = { answer: "agree", account: "ana@example.com", without: [] };
  server.alter = undefined;
});
afterEach(() => {
  vi.restoreAllMocks();
});

const WAYS = {
  google: { provider: "google", type: "google_oauth" },
  microsoft: { provider: "microsoft", type: "oauth2" },
} as const;

/** A sign-in up to its end; of a new credential, or to reconnect one. */
async function signedIn(what: keyof typeof WAYS | { id: string } = "google") {
  const subject = typeof what === "string" ? { ...WAYS[what], name: randomUUID() } : what;
  const { url, browserKey } = await startAuthorization(mine.user, { for: subject, redirectUri });
  const query = await walkThrough(new URL(url), redirectUri);
  return finishAuthorization({ query, redirectUri, browserKey, requestId: "test-request", address: "192.0.2.9" });
}

async function connected(what?: Parameters<typeof signedIn>[0]) {
  const ended = await signedIn(what);
  if (ended.ending !== "connected") throw new Error(ended.ending);
  return ended;
}

const changed = (change: object) => (answer: Record<string, unknown>) => ({ body: { ...answer, ...change } });
const without =
  (...names: string[]) =>
  (answer: Record<string, unknown>) => ({
    body: Object.fromEntries(Object.entries(answer).filter(([name]) => !names.includes(name))),
  });
const fetched = async (id: string) => (await fetchSecret(mine.program, id)).data;
const refused = (id: string) =>
  fetched(id).then(
    () => "went through",
    ({ code, message }) => `${code}: ${message}`,
  );
const later = (ms: number) => vi.spyOn(clock, "now").mockImplementation(() => new Date(Date.now() + ms));
const HOUR_MS = 3_600_000;

describe("a sign-in takes what was granted, whatever is odd about the answer", () => {
  test.each<[string, (answer: Record<string, unknown>) => AlteredAnswer]>([
    ...[1e20, "3600", 3_599.5, -1, null, "", "soon", 0].map((expires_in): [string, typeof server.alter & object] => [
      `a lifetime of ${JSON.stringify(expires_in)}`,
      changed({ expires_in }),
    ]),
    ["a scope that is a list", changed({ scope: ["openid", "email", DRIVE] })],
    ["a scope with commas", changed({ scope: `openid,email,${DRIVE}` })],
    ["a scope of null", changed({ scope: null })],
    ["an empty scope", changed({ scope: "" })],
    ["no token type", without("token_type")],
    ["a token type of null", changed({ token_type: null })],
    ["a token type that is none", changed({ token_type: 7 })],
    ["no lifetime", without("expires_in")],
    ["status 201", (body) => ({ status: 201, body })],
    ["status 206", (body) => ({ status: 206, body })],
    ["an error of null", changed({ error: null, error_description: "" })],
    ["a form", (answer) => ({ body: String(new URLSearchParams(answer as Record<string, string>)) })],
  ])("%s", async (_what, alter) => {
    server.alter = alter;
    const { credential, missing, endsAt } = await connected();
    expect([missing, endsAt]).toEqual([[], null]);
    expect(await fetched(credential.id)).toMatchObject({
      access_token: expect.stringMatching(/./),
      refresh_token: expect.stringMatching(/./),
      email: "ana@example.com",
    });
  });

  test.each<[string, (answer: Record<string, unknown>) => AlteredAnswer, string]>([
    ["no access token", without("access_token"), "unreadable"],
    ["an empty one", changed({ access_token: "" }), "unreadable"],
    ["one that no header carries", changed({ access_token: "a\nb" }), "unreadable"],
    ["a page", () => ({ body: "<h1>Welcome</h1>" }), "unreadable"],
    ["a proxy's page", () => ({ status: 403, body: "<h1>Blocked</h1>" }), "unreadable"],
    // Who signed in is never taken on trust.
    ["no ID token", without("id_token"), "unusable"],
    ["an ID token that is none", changed({ id_token: "x.y.z" }), "unusable"],
  ])("but nothing with %s", async (_what, alter, ending) => {
    server.alter = alter;
    expect((await signedIn()).ending).toBe(ending);
  });
});

describe("access that cannot be renewed", () => {
  const dying = async () => {
    server.alter = without("refresh_token");
    const ended = await connected();
    server.alter = undefined;
    return ended;
  };

  test("is told with its end when it comes, on the credential, and by a test", async () => {
    const { credential, endsAt } = await dying();
    expect(Date.parse(String(endsAt)) - Date.now()).toBeGreaterThan(HOUR_MS - 60_000);
    expect(credential).toMatchObject({ status: "active", tokenExpiresAt: endsAt });
    expect(Object.keys(credential.secrets)).toEqual(["access_token"]);
    const { report } = await testCredential(mine.user, { id: credential.id });
    expect(report.steps[0]).toMatchObject({
      id: "renew",
      status: "warning",
      code: "not_renewable",
      meaning: expect.stringContaining(`ends at ${String(endsAt).slice(0, 10)} ${String(endsAt).slice(11, 16)} UTC`),
    });
  });

  test("is handed out to its end, and then refused like every connection that has ended, until somebody signs in", async () => {
    const { credential } = await dying();
    const { id } = credential;
    const { access_token } = await fetched(id);
    later(HOUR_MS - 30_000);
    expect((await fetched(id)).access_token).toBe(access_token);
    later(HOUR_MS + 1_000);
    const tested = await testCredential(mine.user, { id });
    expect(tested.report).toMatchObject({ outcome: "failed", reason: "needs_reauth" });
    expect(await refused(id)).toMatch(/^reauthorization_required: .*reconnect it/);
    expect((await getCredential(mine.user, id)).status).toBe("needs_reauth");
    vi.restoreAllMocks();
    expect(await connected({ id })).toMatchObject({ endsAt: null, credential: { id, status: "active" } });
    expect((await fetched(id)).access_token).not.toBe(access_token);
  });

  test("says at its first refusal that nothing came to renew it with", async () => {
    const { credential } = await dying();
    later(2 * HOUR_MS);
    expect(await refused(credential.id)).toMatch(/gave nothing to renew it with/);
  });

  test("is renewed all the same where a sign-in before brought something to renew with", async () => {
    const { credential } = await connected();
    const { id } = credential;
    const { refresh_token } = await fetched(id);
    server.alter = without("refresh_token");
    expect((await connected({ id })).endsAt).toBeNull();
    expect((await fetched(id)).refresh_token).toBe(refresh_token);
  });

  test.each<[string, (answer: Record<string, unknown>) => AlteredAnswer]>([
    ["no lifetime", without("refresh_token", "expires_in")],
    ["a lifetime that makes no sense", (answer) => ({ body: { ...answer, refresh_token: null, expires_in: 1e20 } })],
  ])("has no end that anybody knows with %s, and none is made up", async (_what, alter) => {
    server.alter = alter;
    const { credential, endsAt } = await connected();
    expect([endsAt, credential.tokenExpiresAt]).toEqual([null, null]);
    const { report } = await testCredential(mine.user, { id: credential.id });
    expect(report.steps.map(({ id }) => id)).not.toContain("renew");
    later(1_000 * HOUR_MS);
    expect((await fetched(credential.id)).access_token).toMatch(/./);
    // It can still be changed like any other.
    await updateCredential(mine.user, credential.id, { name: randomUUID() });
    expect((await getCredential(mine.user, credential.id)).status).toBe("active");
  });
});

const aadsts = (error: string, number: number) => ({
  error,
  error_description: `AADSTS${number}: MARKER`,
  error_codes: [number],
});

/** Status, body, how a sign-in ends with it, and what a fetch answers when a renewal ends with it. */
const REFUSALS: [number, object | string, string, RegExp][] = [
  [400, aadsts("interaction_required", 50_076), "interaction_required", /^reauthorization_required: .*second factor/],
  [400, { error: "login_required" }, "interaction_required", /^reauthorization_required: .*that person must reconnect/],
  [400, { error: "consent_required" }, "consent_required", /^reauthorization_required: .*agreed/],
  [400, aadsts("invalid_grant", 65_001), "consent_required", /^reauthorization_required: .*agreed/],
  [
    400,
    aadsts("invalid_grant", 53_003),
    "policy_refused",
    /^reauthorization_required: .*administrator there must permit/,
  ],
  [400, { error: "admin_policy_enforced" }, "policy_refused", /^reauthorization_required: .*policy/],
  [400, aadsts("invalid_grant", 50_057), "account_unavailable", /^reauthorization_required: .*disabled/],
  [400, aadsts("invalid_grant", 50_173), "expired", /^reauthorization_required: .*no longer accepts/],
  [
    400,
    { error: "invalid_grant", error_subtype: "invalid_rapt" },
    "expired",
    /^reauthorization_required: .*after a time/,
  ],
  [
    200,
    "error=bad_refresh_token&error_description=MARKER",
    "expired",
    /^reauthorization_required: .*no longer accepts/,
  ],
  [200, { ok: false, error: "invalid_auth" }, "expired", /^reauthorization_required: .*no longer accepts/],
  [
    401,
    aadsts("invalid_client", 7_000_222),
    "client_secret_expired",
    /^external_failure: .*has expired.*Latchkey to make a new one in Microsoft Entra/,
  ],
  [
    401,
    aadsts("invalid_client", 7_000_215),
    "client_secret_wrong",
    /^external_failure: .*not the secret's value.*not its ID/,
  ],
  [400, aadsts("unauthorized_client", 700_016), "client_unknown", /^external_failure: .*does not know the ID/],
  [400, aadsts("unauthorized_client", 7_000_112), "client_disabled", /^external_failure: .*disabled/],
  [400, aadsts("invalid_request", 90_002), "tenant_unknown", /^external_failure: .*no such tenant/],
  [400, aadsts("invalid_request", 50_011), "redirect_refused", /^external_failure: .*redirect address/],
  [400, { error: "invalid_scope" }, "scope_refused", /^external_failure: .*permissions/],
  [400, { error: "MARKER" }, "request_refused", /^external_failure: .*no reason that is known here/],
  [401, { error: "invalid_client" }, "rejected", /^external_failure: .*refuses this installation's client/],
  [503, { error: "invalid_grant" }, "in_trouble", /^unavailable: .*trouble of its own/],
  [400, { error: "slow_down" }, "in_trouble", /^unavailable: .*asks to wait/],
  [429, "", "in_trouble", /^unavailable: .*asks to wait/],
  [403, "<h1>MARKER</h1>", "unreadable", /^unavailable: .*answered something unreadable/],
];
const NAMES = REFUSALS.map(([status, body, ending, told]): [string, (typeof REFUSALS)[number]] => [
  `${status} ${JSON.stringify(body)}`,
  [status, body, ending, told],
]);

describe("what a provider says is wrong is told with its cause, who can mend it and how, in fixed words", () => {
  test.each(NAMES)("at a sign-in: %s", async (_name, [status, body, ending]) => {
    server.alter = () => ({ status, body });
    const ended = await signedIn("microsoft");
    expect(ended.ending).toBe(ending);
    expect(JSON.stringify(ended)).not.toContain("MARKER");
  });

  test.each(NAMES)("at a renewal: %s", async (_name, [status, body, , told]) => {
    const { credential } = await connected("microsoft");
    server.alter = () => ({ status, body });
    later(2 * HOUR_MS);
    const said = await refused(credential.id);
    expect(said).toMatch(told);
    expect(said).not.toContain("MARKER");
    const isOver = said.startsWith("reauthorization_required");
    expect((await getCredential(mine.user, credential.id)).status).toBe(isOver ? "needs_reauth" : "active");
    // A test says the same, or at least does not say that it works.
    const { report } = await testCredential(mine.user, { id: credential.id });
    expect(report.outcome).not.toBe("ok");
    expect(JSON.stringify(report)).not.toContain("MARKER");
    if (isOver) expect(report.reason).toBe("needs_reauth");
  });
});

test("an application at Microsoft that a policy is against is told so, and never that somebody must sign in again", async () => {
  const data = { tenant_id: randomUUID(), client_id: server.clientId, client_secret: "s3cret-of-the-application" };
  const { id } = await createCredential(mine.user, { ...WAYS.microsoft, data });
  const codes: [number, string][] = [
    [53_003, "policy_refused"],
    [65_001, "consent_required"],
    [501_051, "policy_refused"],
    [7_000_215, "client_secret_wrong"],
    [7_000_222, "client_secret_expired"],
    [700_016, "client_unknown"],
    [90_002, "tenant_unknown"],
  ];
  for (const [number, reason] of codes) {
    server.alter = () => ({ status: 400, body: aadsts("invalid_grant", number) });
    const { report } = await testCredential(mine.user, { id });
    expect([report.outcome, report.reason]).toEqual(["failed", reason]);
    expect(JSON.stringify(report)).not.toMatch(/MARKER|Reconnect/);
  }
  expect((await getCredential(mine.user, id)).status).toBe("active");
});
