import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fetchSecret } from "@/lib/credentials";
import { type Api, startApi } from "@/test/api";
import { walkThrough } from "@/test/oauth/browser";
import { type AuthorizationServer, startAuthorizationServer } from "@/test/servers/authorization-server";
import { type Tenant, tenant } from "@/test/tenant";
import { BLANK } from "../masks";

const REDIRECT = "http://localhost:3000/api/v1/oauth2-credential/callback";
let api: Api;
let server: AuthorizationServer;
let mine: Tenant;
let key: string;

beforeAll(async () => {
  server = await startAuthorizationServer({ scopes: ["mail.read"] });
  server.open([REDIRECT]);
  process.env.OUTBOUND_ALLOW = "127.0.0.0/8:1-65535";
  [api, mine] = [await startApi(), await tenant()];
  key = await mine.token(mine.user);
});
afterAll(() => server.stop());
beforeEach(() => {
  server.next = { answer: "agree", account: "ana@example.com", without: [] };
  server.alter = undefined;
});

const post = (path: string, token: string | undefined = key) =>
  api.send("POST", `/api/v1/oauth2-credential/${path}`, { token });

async function stored(change: object = {}): Promise<string> {
  const plainDataObj = {
    authorizationUrl: `${server.issuer}/auth`,
    accessTokenUrl: `${server.issuer}/token`,
    clientId: server.clientId,
    clientSecret: server.clientSecret,
    scope: "offline_access mail.read",
    additionalParameters: "access_type=offline&prompt=consent&state=evil&redirect_uri=https://evil.example.com",
    ...change,
  };
  const body = { name: `gm ${randomUUID()}`, credentialName: "gmailOAuth2", plainDataObj };
  const answer = await api.send("POST", "/api/v1/credentials", { token: key, body });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.id;
}

async function started(id: string) {
  const answer = await post(`authorize/${id}`);
  if (answer.status !== 200) throw new Error(answer.text);
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { answer, cookie, query: await walkThrough(new URL(answer.body.authorizationUrl), REDIRECT) };
}
const callback = (query: URLSearchParams | string, cookie = "") =>
  api.send("GET", `/api/v1/oauth2-credential/callback?${query}`, { headers: { cookie } });
const messageOf = (text: string) => JSON.parse(/id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? "{}").message;

describe("signing in for a stored OAuth2 credential", () => {
  test("gives an address with a state that tells nothing, PKCE, and parameters that cannot be overridden", async () => {
    const id = await stored();
    const { answer } = await started(id);
    expect(answer.body).toMatchObject({ success: true, credentialId: id, redirectUri: REDIRECT });
    const sent = new URL(answer.body.authorizationUrl).searchParams;
    expect(sent.get("state")).not.toContain(id);
    expect(sent.getAll("state")).toHaveLength(1);
    expect(Object.fromEntries(sent)).toMatchObject({
      redirect_uri: REDIRECT,
      code_challenge_method: "S256",
      access_type: "offline",
      scope: "offline_access mail.read",
    });
    expect(answer.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Lax/);
  });

  test("ends in a page that tells the opener, at known origins only; the tokens are stored and shown to nobody", async () => {
    const id = await stored();
    const { query, cookie } = await started(id);
    const page = await callback(query, cookie);
    expect(page.status).toBe(200);
    expect(messageOf(page.text)).toMatchObject({ type: "OAUTH2_SUCCESS", credentialId: id, success: true });
    expect(page.text).toContain('"origins":["http://localhost:3000"]');
    expect(page.text).not.toContain('"*"');
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'nonce-/);
    const { data } = await fetchSecret(mine.program, id);
    expect(data).toMatchObject({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: "Bearer",
    });
    const shown = await api.send("GET", `/api/v1/credentials/${id}`, { token: key });
    expect(shown.body.plainDataObj).toMatchObject({ access_token: BLANK, refresh_token: BLANK, clientSecret: BLANK });
    expect(shown.text).not.toContain(String(data.access_token));
    expect((await callback(query, cookie)).status).toBe(404);
  });

  test("says to the opener what the access lacks: permissions, and anything to renew it with", async () => {
    server.alter = ({ refresh_token: _, ...body }) => ({ body: { ...body, scope: "offline_access" } });
    const { query, cookie } = await started(await stored());
    const { success, message } = messageOf((await callback(query, cookie)).text);
    expect([success, message]).toEqual([true, expect.stringMatching(/with fewer permissions than were asked for\. /)]);
    expect(message).toMatch(/This access ends at \d{4}-\d\d-\d\d \d\d:\d\d UTC: the provider gave nothing/);
  });

  test("is for the browser it began in", async () => {
    const { query, cookie } = await started(await stored());
    expect((await callback(query)).status).toBe(403);
    expect((await callback(query, cookie)).status).toBe(404);
  });

  test.each([
    ["nothing", "", 400, "Missing required parameters"],
    ["no code", `state=${"z".repeat(43)}`, 400, "Missing required parameters"],
    ["no state", "code=a", 400, "Missing required parameters"],
    ["an error alone", "error=access_denied&error_description=alert(1)", 400, "access_denied"],
    ["an error of its own alone", "error=alert(1)", 400, "server_error"],
    ["a made-up state", `code=a&state=${"z".repeat(43)}`, 404, "Credential not found"],
    ["markup for a state", "code=a&state=<script>alert(1)</script>", 404, "Credential not found"],
  ])("with %s in the callback tells an error and repeats nothing", async (_name, query, status, error) => {
    const page = await callback(query);
    expect(page.status).toBe(status);
    expect(messageOf(page.text)).toMatchObject({ type: "OAUTH2_ERROR", success: false, error });
    expect(page.text).not.toContain("alert(1)");
  });

  test("says so when the person did not agree", async () => {
    server.next.answer = "refuse";
    const { query, cookie } = await started(await stored());
    const page = await callback(query, cookie);
    expect([page.status, messageOf(page.text).error]).toEqual([400, "denied"]);
  });

  test("names what the credential lacks, and does not know of others'", async () => {
    const id = await stored({ clientId: "" });
    expect(await post(`authorize/${id}`)).toMatchObject({
      status: 400,
      body: { success: false, message: expect.stringContaining("clientId") },
    });
    const stranger = await tenant();
    for (const token of [await stranger.token(stranger.user)])
      expect(await post(`authorize/${await stored()}`, token)).toMatchObject({
        status: 404,
        body: { statusCode: 404, message: "Credential not found" },
      });
    expect((await api.send("POST", `/api/v1/oauth2-credential/authorize/${id}`)).status).toBe(401);
    const viewer = await mine.token(mine.user, { scopes: ["read"] });
    expect((await post(`authorize/${id}`, viewer)).status).toBe(403);
  });

  test("sends no client secret in clear text, nor to an address inside", async () => {
    const clear = await stored({ accessTokenUrl: "http://token.example.com/token" });
    expect(await post(`authorize/${clear}`)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("accessTokenUrl: Must be an https address") },
    });
    const place = { authorizationUrl: "https://accounts.example.com/auth", accessTokenUrl: "https://10.1.2.3/token" };
    const begun = await post(`authorize/${await stored(place)}`);
    const state = new URL(begun.body.authorizationUrl).searchParams.get("state") ?? "";
    const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await callback(new URLSearchParams({ code: "a", state }), cookie)).status).toBe(502);
  });
});

describe("refreshing by hand", () => {
  test("is for somebody known, renews, and answers no token", async () => {
    const id = await stored();
    const { query, cookie } = await started(id);
    await callback(query, cookie);
    const before = (await fetchSecret(mine.program, id)).data;
    const answer = await post(`refresh/${id}`);
    expect(answer).toMatchObject({
      status: 200,
      body: { success: true, credentialId: id, tokenInfo: { token_type: "Bearer", has_new_refresh_token: true } },
    });
    const after = (await fetchSecret(mine.program, id)).data;
    expect(after.access_token).not.toBe(before.access_token);
    expect(answer.text).not.toContain(String(after.access_token));
    expect((await api.send("POST", `/api/v1/oauth2-credential/refresh/${id}`)).status).toBe(401);
  });

  test("says what is missing, and 404 for what is not there", async () => {
    expect(await post(`refresh/${await stored()}`)).toMatchObject({ status: 400, body: { success: false } });
    expect(await post("refresh/zzz")).toMatchObject({ status: 404, body: { message: "Credential not found" } });
  });
});
