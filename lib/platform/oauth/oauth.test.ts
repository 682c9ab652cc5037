import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { walkThrough } from "@/test/oauth/browser";
import { type AuthorizationServer, startAuthorizationServer } from "@/test/servers/authorization-server";
import { freePort } from "@/test/servers/peer";
import {
  applicationTokens,
  authorizationUrl,
  type Challenge,
  exchangeCode,
  freshState,
  type OAuthClient,
  refreshTokens,
  revokeToken,
} from "./index";

const redirectUri = "http://127.0.0.1:9/callback";
const scope = "openid offline_access files.read";
let server: AuthorizationServer;
let client: OAuthClient;

beforeAll(async () => {
  server = await startAuthorizationServer({ scopes: ["files.read"] });
  server.open([redirectUri]);
  process.env.OUTBOUND_ALLOW = "127.0.0.0/8:1-65535";
  const { clientId, clientSecret, issuer } = server;
  client = { server: { issuer }, clientId, clientSecret, owner: "an organisation" };
});
afterAll(() => server.stop());
beforeEach(() => {
  server.tokenEndpoint = "sound";
  server.next = { answer: "agree", account: "ana@example.com", without: [] };
});

const challenge = (): Challenge => ({
  redirectUri,
  state: freshState(),
  nonce: freshState(),
  verifier: freshState(),
});

async function signedIn(asked = challenge(), told = asked) {
  const answer = await walkThrough(await authorizationUrl(client, asked, scope, { prompt: "consent" }), redirectUri);
  return exchangeCode(client, told, scope, answer);
}

const failing = (work: Promise<unknown>) =>
  work.then(
    () => "went through",
    (error) => ({ reason: error.reason, code: error.code }),
  );

describe("signing in at an authorization server", () => {
  test("yields tokens, who signed in, and what was granted", async () => {
    const tokens = await signedIn();
    expect(tokens).toMatchObject({
      tokenType: "Bearer",
      scope,
      identity: { subject: "ana@example.com", email: "ana@example.com", name: "ana" },
    });
    expect(tokens.accessToken).not.toBe("");
    expect(tokens.refreshToken).not.toBe(tokens.accessToken);
    expect(Math.round((Number(tokens.expiresAt) - Date.now()) / 60_000)).toBe(60);
  });

  test("asks with PKCE S256, state, nonce and the exact redirect address", async () => {
    const asked = challenge();
    const url = await authorizationUrl(client, asked, scope, { access_type: "offline" });
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      redirect_uri: redirectUri,
      response_type: "code",
      code_challenge_method: "S256",
      state: asked.state,
      nonce: asked.nonce,
      access_type: "offline",
    });
    expect(url.href).not.toContain(asked.verifier);
    expect(url.href).not.toContain(server.clientSecret);
  });

  test.each([
    ["another state", { state: freshState() }],
    ["another nonce", { nonce: freshState() }],
  ])("is refused when %s comes back", async (_name, change) => {
    const asked = challenge();
    expect(await failing(signedIn(asked, { ...asked, ...change }))).toMatchObject({ reason: "malformed" });
  });

  test("is refused by the server without the verifier of its challenge", async () => {
    const asked = challenge();
    expect(await failing(signedIn(asked, { ...asked, verifier: freshState() }))).toMatchObject({
      reason: "invalid_grant",
    });
  });

  test("tells a person's no from every other failure", async () => {
    server.next.answer = "refuse";
    expect(await failing(signedIn())).toEqual({ reason: "denied" });
  });

  test("shows a scope that was not granted", async () => {
    server.next.without = ["files.read"];
    expect((await signedIn()).scope).toBe("openid offline_access");
  });
});

describe("refreshing", () => {
  test("yields a new access token and a new refresh token; the old one ends the grant", async () => {
    const first = await signedIn();
    const second = await refreshTokens(client, first.refreshToken ?? "");
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await failing(refreshTokens(client, first.refreshToken ?? ""))).toMatchObject({ reason: "invalid_grant" });
    expect(await failing(refreshTokens(client, second.refreshToken ?? ""))).toMatchObject({ reason: "invalid_grant" });
  });

  test("calls a server in trouble, or one that is gone, unreachable", async () => {
    const { refreshToken = "" } = await signedIn();
    server.tokenEndpoint = "failing";
    expect(await failing(refreshTokens(client, refreshToken))).toMatchObject({ reason: "unreachable" });
    const gone = { ...client, server: { token: `http://127.0.0.1:${await freePort()}/token` } };
    expect(await failing(refreshTokens(gone, refreshToken))).toMatchObject({ reason: "unreachable" });
  });

  test("calls a wrong client secret rejected, as one of the client", async () => {
    const { refreshToken = "" } = await signedIn();
    const wrong = { ...client, clientSecret: "another-secret-altogether-000000000" };
    expect(await failing(refreshTokens(wrong, refreshToken))).toEqual({ reason: "rejected", code: "client_refused" });
  });
});

test("an application gets a token of its own, without a refresh token", async () => {
  const tokens = await applicationTokens(client, undefined);
  expect(tokens.refreshToken).toBeUndefined();
  expect(tokens.expiresAt).toBeInstanceOf(Date);
});

test("a revoked token refreshes no more", async () => {
  const { refreshToken = "" } = await signedIn();
  expect(await revokeToken(client, refreshToken)).toBe(true);
  expect(await failing(refreshTokens(client, refreshToken))).toMatchObject({ reason: "invalid_grant" });
  expect(await revokeToken({ ...client, server: { token: `${server.issuer}/token` } }, refreshToken)).toBe(false);
});

test("an answer that is endless, redirected or no OAuth is refused in fixed words", async () => {
  const answers = {
    "/endless": "x".repeat(300_000),
    "/odd": JSON.stringify({ access_token: "a\nb", token_type: "bearer" }),
    "/none": JSON.stringify({ hello: "MARKER" }),
  };
  const odd = createServer((request, response) => {
    const body = answers[request.url as keyof typeof answers];
    if (body === undefined) response.writeHead(302, { location: "http://169.254.169.254/" }).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
  for (const path of [...Object.keys(answers), "/redirect"]) {
    const failure = await refreshTokens({ ...client, server: { token: base + path } }, "r").catch((error) => error);
    expect(failure.reason).toBe("unreadable");
    expect(failure.message).not.toContain("MARKER");
  }
  odd.close();
});

test("an address inside is asked only if the operator allows it", async () => {
  const inside = { ...client, server: { token: "https://10.1.2.3/token" } };
  expect(await failing(refreshTokens(inside, "r"))).toMatchObject({ reason: "unreachable" });
});
