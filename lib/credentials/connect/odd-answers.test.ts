import type { ServerResponse } from "node:http";
import zlib from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inSight, wholeOf } from "@/lib/platform/db";
import { type FreshTokens, json, startTokenEndpoint, type TokenEndpoint } from "@/test/oauth/token-endpoint";
import { type Tenant, tenant } from "@/test/tenant";
import { createCredential, fetchSecret, getCredential, listCredentials } from "../index";
import { renewDue } from "./renew-ahead";

/** Packed before anybody waits for it. */
const MUCH = zlib.brotliCompressSync(Buffer.alloc(20_000_000));

/** Providers that answer oddly when access is renewed. A spent refresh token ends the connection, so none may be lost. */
let server: TokenEndpoint;
let mine: Tenant;
beforeAll(async () => {
  server = await startTokenEndpoint();
  process.env.OUTBOUND_ALLOW = "127.0.0.0/8:1-65535";
  mine = await tenant();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.asked = [];
  server.answer = sound;
});
const sound = (fresh: FreshTokens, response: ServerResponse) => json(response, { ...fresh, expires_in: 3_600 });

const past = () => new Date(Date.now() - 1_000).toISOString();
/** A credential with a client of its own; its access has ended. */
async function ended(change: Record<string, unknown> = {}, of = mine): Promise<string> {
  const data = {
    accessTokenUrl: server.url,
    authorizationUrl: server.url,
    clientId: "client",
    clientSecret: "s3cret",
    scope: "mail.read",
    access_token: "old-access",
    refresh_token: `old-refresh-${crypto.randomUUID()}`,
    expires_at: past(),
    ...change,
  };
  const kept = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  const { id } = await createCredential(of.user, { provider: "gmailOAuth2", type: "oauth2", data: kept });
  return id;
}
const fetched = (id: string) => fetchSecret(mine.program, id).then(({ data }) => data);
const refused = (id: string) =>
  fetchSecret(mine.program, id).then(
    () => "went through",
    (error) => `${error.code}: ${error.message}`,
  );
const status = async (id: string) => (await getCredential(mine.admin, id)).status;
/** Lets the next attempt be now, as if the wait after a failure were over. */
const waited = (id: string) =>
  inSight(wholeOf(mine.orgId), (tx) =>
    tx.credential.updateMany({ where: { orgId: mine.orgId, id }, data: { refreshRetryAt: null } }),
  );

describe("new tokens are stored, whatever is odd about the answer they came in", () => {
  test.each<[string, (fresh: FreshTokens, response: ServerResponse) => unknown]>([
    ["a lifetime beyond all dates", (fresh, response) => json(response, { ...fresh, expires_in: 1e20 })],
    ["a lifetime in the past", (fresh, response) => json(response, { ...fresh, expires_in: -5 })],
    ["no lifetime", (fresh, response) => json(response, fresh)],
    ["a scope that is a list", (fresh, response) => json(response, { ...fresh, scope: ["openid", "email"] })],
    [
      "members that are null",
      (fresh, response) => json(response, { ...fresh, scope: null, token_type: null, id_token: null }),
    ],
    ["an ID token that is none", (fresh, response) => json(response, { ...fresh, id_token: "x.y.z" })],
    ["status 201", (fresh, response) => json(response, fresh, 201)],
    ["no type of content", (fresh, response) => response.writeHead(200).end(JSON.stringify(fresh))],
    ["a form", (fresh, response) => response.writeHead(200).end(String(new URLSearchParams({ ...fresh })))],
    [
      "gzip that nobody asked for",
      (fresh, response) =>
        response.writeHead(200, { "content-encoding": "gzip" }).end(zlib.gzipSync(JSON.stringify(fresh))),
    ],
  ])("%s", async (_name, answer) => {
    const id = await ended();
    server.answer = answer;
    const { access_token, refresh_token } = await fetched(id);
    expect(access_token).toBe("access-1");
    expect(await fetched(id)).toMatchObject({ access_token, refresh_token });
    // Access whose end is not known is not renewed for every caller.
    expect(server.asked).toHaveLength(1);
    expect(await status(id)).toBe("active");
  });

  test("a new refresh token beside no usable access is kept for the next attempt, which is not at once", async () => {
    const id = await ended();
    server.answer = ({ refresh_token }, response) => json(response, { refresh_token, access_token: { odd: true } });
    expect(await refused(id)).toMatch(/^unavailable: .* answered something unreadable/);
    expect(await refused(id)).toMatch(/^unavailable: /);
    expect(server.asked).toHaveLength(1);
    server.answer = sound;
    await waited(id);
    expect((await fetched(id)).access_token).toBe("access-2");
    expect(server.asked[1]).toMatch(/^refresh-1-/);
  });
});

describe("what is no answer changes nothing, and is said as what it is", () => {
  test.each<[string, RegExp, (fresh: FreshTokens, response: ServerResponse) => unknown]>([
    ["cut off before it", /does not answer/, (_fresh, response) => response.destroy()],
    [
      "cut off in the middle",
      /does not answer/,
      (_fresh, response) => response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy()),
    ],
    ["a page", /answered something unreadable/, (_fresh, response) => response.end("<h1>Welcome</h1>")],
    ["a proxy's refusal", /answered something unreadable/, (_fresh, response) => response.writeHead(403).end("<h1>No")],
    [
      "an endless one",
      /answered something unreadable/,
      (_fresh, response) => response.writeHead(200).end("x".repeat(200_000)),
    ],
    [
      "one that unpacks to much more",
      /answered something unreadable/,
      (_fresh, response) => response.writeHead(200, { "content-encoding": "br" }).end(MUCH),
    ],
    [
      "a server's trouble",
      /has trouble of its own, or asks to wait/,
      (_fresh, response) => json(response, { error: "invalid_grant" }, 503),
    ],
  ])("an answer that is %s", async (_name, words, answer) => {
    const id = await ended();
    server.answer = answer;
    const told = await refused(id);
    expect(told).toMatch(/^unavailable: /);
    expect(told).toMatch(words);
    expect(await status(id)).toBe("active");
  });
});

describe("a connection that somebody has to sign in for again", () => {
  test.each([
    ...["invalid_grant", "interaction_required", "login_required", "consent_required", "bad_refresh_token"],
    ...["account_selection_required", "access_denied", "invalid_refresh_token", "rapt_required"],
  ])("says so at %s, and the provider is not asked again", async (error) => {
    const id = await ended();
    server.answer = (_fresh, response) => json(response, { error, error_description: "AADSTS50076: MARKER" }, 400);
    expect(await refused(id)).toMatch(/^reauthorization_required: /);
    expect(await refused(id)).toMatch(/^reauthorization_required: /);
    expect(server.asked).toHaveLength(1);
    expect(await status(id)).toBe("needs_reauth");
  });

  test.each([
    ["AADSTS7000222: MARKER", /has expired at the provider/],
    ["AADSTS7000215: MARKER", /its value, not its ID/],
  ])("is told apart from a client whose secret is at fault: %s", async (error_description, words) => {
    const id = await ended();
    server.answer = (_fresh, response) => json(response, { error: "invalid_client", error_description }, 401);
    const told = await refused(id);
    expect(told).toMatch(/^external_failure: /);
    expect(told).toMatch(words);
    expect(told).not.toContain("MARKER");
    expect(await status(id)).toBe("active");
  });

  test("is not one that nobody has signed in for yet: its client can be fetched", async () => {
    const id = await ended({ refresh_token: undefined, access_token: undefined, expires_at: undefined });
    for (let time = 0; time < 2; time++) expect(await fetched(id)).toMatchObject({ clientId: "client" });
    expect(await status(id)).toBe("active");
  });

  test("is one that has ended and brought nothing to renew it with", async () => {
    const [id, unasked] = [await ended({ refresh_token: undefined }), await ended({ refresh_token: undefined })];
    const lasting = await ended({ refresh_token: undefined, expires_at: new Date(Date.now() + 60_000).toISOString() });
    // Refused for good: no later fetch gets what is left of it.
    for (let time = 0; time < 3; time++) expect(await refused(id)).toMatch(/^reauthorization_required: /);
    expect((await fetched(lasting)).access_token).toBe("old-access");
    // Lists say so too, without anybody fetching it first.
    await renewDue();
    const listed = await listCredentials(mine.admin, { status: "needs_reauth", limit: 1_000 });
    expect(listed.items.map((one) => one.id)).toEqual(expect.arrayContaining([id, unasked]));
    expect(listed.items.map((one) => one.id)).not.toContain(lasting);
  });
});

test("nothing is asked at a provider for an organisation that was switched off", async () => {
  const other = await tenant();
  const refresh_token = `refresh-of-${other.orgId}`;
  const id = await ended({ refresh_token }, other);
  const active = (value: boolean) =>
    inSight(wholeOf(other.orgId), (tx) =>
      tx.organization.update({ where: { id: other.orgId }, data: { active: value } }),
    );
  await active(false);
  await renewDue();
  expect(server.asked).not.toContain(refresh_token);
  await active(true);
  await renewDue();
  expect(server.asked).toContain(refresh_token);
  expect((await fetchSecret(other.program, id)).data.access_token).toMatch(/^access-/);
});
