import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createUser, setPersonActive, updatePerson } from "@/lib/identity";
import { deactivateOrganization, platformActor } from "@/lib/organizations";
import { listAuditEvents } from "@/lib/platform/audit/history";
import type { UserRole } from "@/lib/vocabulary/permissions";
import { type Api, startApi } from "@/test/api";
import { PASSWORD, type Tenant, tenant } from "@/test/tenant";
import { atLater } from "@/test/time-travel";

process.env.SUPERAI_PASSWORD_GRANT = "on";

let api: Api;
let own: Tenant;
let anonKey: string;
beforeAll(async () => {
  [api, own] = [await startApi(), await tenant()];
  anonKey = (await api.send("GET", "/api/auth/anon-key")).body.anon_key;
});

const PATH = "/auth/v1/token?grant_type=password";
const someone = async (role: UserRole = "org_admin", orgId = own.orgId, email = `t-${randomUUID()}@example.test`) =>
  createUser(platformActor("test-request", orgId), { email, role, password: PASSWORD });
const ask = (body: object, { path = PATH, apikey = anonKey } = {}) =>
  api.send("POST", path, { body, headers: { apikey } });
const tokenOf = async (email: string): Promise<string> => (await ask({ email, password: PASSWORD })).body.access_token;
const profile = (token: string) => api.send("GET", "/api/profile/me", { token });

test("the anon key is one constant, for everybody", async () => {
  const again = await api.send("GET", "/api/auth/anon-key");
  expect([again.status, again.body]).toEqual([200, { anon_key: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  expect(again.body.anon_key).toBe(anonKey);
});

describe.each([PATH, `/api${PATH}`])("POST %s", (path) => {
  test("hands out a token of one hour that acts as this person", async () => {
    const { id, email } = await someone();
    const before = Math.floor(Date.now() / 1_000);
    const { status, body, headers } = await ask({ email, password: PASSWORD, gotrue_meta_security: {} }, { path });
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^eyJ/),
      token_type: "bearer",
      expires_in: 3_600,
      expires_at: expect.any(Number),
      user: expect.objectContaining({ id, email, role: "org_admin", organization_id: own.orgId }),
    });
    expect(body.expires_at - before).toBeGreaterThanOrEqual(3_600);
    expect(body.expires_at - before).toBeLessThan(3_700);
    expect((await profile(body.access_token)).body).toMatchObject({ id, email });
    const { events } = await listAuditEvents(own.admin, { targetId: id });
    expect(events[0]).toMatchObject({ action: "user.signed_in", outcome: "done", reason: "access_token" });
  });
});

describe("who is refused", () => {
  test("hears the same whoever it is: nobody, a wrong password, somebody or an organisation shut out", async () => {
    const [known, off, shut] = [await someone(), await someone(), await tenant()];
    await setPersonActive(own.admin, off.id, false);
    const inside = await someone("org_admin", shut.orgId);
    await deactivateOrganization(platformActor("test-request"), shut.orgId);
    const answers = [
      await ask({ email: `nobody-${randomUUID()}@example.test`, password: PASSWORD }),
      await ask({ email: known.email, password: "wrong password!" }),
      await ask({ email: off.email, password: PASSWORD }),
      await ask({ email: inside.email, password: PASSWORD }),
      await ask({ email: known.email, password: PASSWORD, organization_id: randomUUID() }),
    ];
    for (const { status, body } of answers) {
      const error = { message: "E-mail address or password is wrong", code: "unauthorized", details: null };
      expect([status, body]).toEqual([401, { error, request_id: expect.any(String) }]);
    }
  });

  test("is whoever does not send this installation's anon key, before a password is looked at", async () => {
    const { email } = await someone();
    for (const headers of [{}, { apikey: randomUUID() }] as Record<string, string>[]) {
      const { status, body } = await api.send("POST", PATH, { body: { email, password: PASSWORD }, headers });
      expect([status, body.error.message]).toEqual([401, expect.stringContaining("apikey")]);
    }
  });

  test("is told what is wrong with the request, and never what was sent", async () => {
    for (const [path, status, words] of [
      ["/auth/v1/token?grant_type=refresh_token", 400, /No refresh tokens/],
      ["/auth/v1/token?grant_type=magic", 400, /Must be password/],
      ["/auth/v1/token", 400, /parameters/],
    ] as const) {
      const { body, status: got } = await ask({ refresh_token: "x" }, { path });
      expect([got, body.error.message], path).toEqual([status, expect.stringMatching(words)]);
    }
    for (const body of [{}, { email: 7, password: PASSWORD }, { email: "a@b.test", password: ["a"] }]) {
      const answer = await ask(body);
      expect(answer.status).toBe(422);
      expect(answer.text).not.toContain(PASSWORD);
    }
    const form = await api.send("POST", PATH, {
      body: "email=a&password=b",
      headers: { apikey: anonKey, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(form.status).toBe(415);
  });

  test("hands the password over in the body alone, by no other method", async () => {
    for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
      expect((await api.send(method, PATH, { headers: { apikey: anonKey } })).status, method).toBe(405);
  });
});

test("an address of several organisations comes in where the password fits, or where it says", async () => {
  const [other, email] = [await tenant(), `both-${randomUUID()}@example.test`];
  await someone("app_user", own.orgId, email);
  await someone("app_user", other.orgId, email);
  const both = await ask({ email, password: PASSWORD });
  expect([both.status, both.body.error.message]).toEqual([409, expect.stringContaining("several organisations")]);
  for (const named of [{ organization_id: other.orgId }, { organization: other.name }]) {
    const { body } = await ask({ email, password: PASSWORD, ...named });
    expect(body.user.organization_id).toBe(other.orgId);
  }
});

describe("an access token", () => {
  test("opens the native API alone, by Authorization alone", async () => {
    const { email } = await someone();
    const token = await tokenOf(email);
    expect((await profile(token)).status).toBe(200);
    expect((await api.send("GET", "/integrations/credentials", { token })).status).toBe(200);
    const elsewhere = [
      await api.send("GET", "/api/profile/me", { headers: { "x-api-key": token } }),
      await api.send("GET", "/api/v1/credentials", { token }),
      await api.send("GET", `/v1.0/tenants/${own.orgId}`, { token }),
      await api.send("GET", `/v1.0/tenants/${own.orgId}`, { headers: { "x-token": token } }),
    ];
    expect(elsewhere.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    const proof = { "x-email": email, "x-password": PASSWORD, "x-tenant-guid": own.orgId };
    const security = (await api.send("GET", "/v1.0/token", { headers: proof })).body.Token;
    expect((await profile(security)).status).toBe(401);
  });

  test("reads no secret, whatever its person's role", async () => {
    const token = await tokenOf((await someone("backoffice")).email);
    const path = `/api/integrations/credentials/${randomUUID()}/credentials`;
    expect((await api.send("GET", path, { token })).status).toBe(403);
  });

  test("ends with the hour", async () => {
    const token = await tokenOf((await someone()).email);
    expect((await atLater(3_590_000, () => profile(token))).status).toBe(200);
    const over = await atLater(3_601_000, () => profile(token));
    expect([over.status, over.body.error.message]).toEqual([401, "Invalid authentication token"]);
  });

  test.each<[string, (id: string) => Promise<unknown>]>([
    ["a new password", (id) => updatePerson(own.admin, id, { password: `${PASSWORD} anew` })],
    ["another role", (id) => updatePerson(own.admin, id, { role: "auditor" })],
    ["being shut out", (id) => setPersonActive(own.admin, id, false)],
  ])("ends with %s", async (_, change) => {
    const { id, email } = await someone();
    const token = await tokenOf(email);
    expect((await profile(token)).status).toBe(200);
    await change(id);
    const dead = await profile(token);
    expect([dead.status, dead.body.error.details]).toEqual([401, null]);
  });

  test("asks for the password again after five minutes where the console would", async () => {
    const token = await tokenOf((await someone()).email);
    const invite = () =>
      api.send("POST", "/api/admin/users", { token, body: { email: `i-${randomUUID()}@example.test` } });
    expect((await invite()).status).toBe(201);
    const stale = await atLater(301_000, invite);
    expect([stale.status, stale.body.error.details]).toEqual([403, { step_up: true }]);
  });

  test("makes no token that outlives it", async () => {
    const { email } = await someone();
    const { body } = await ask({ email, password: PASSWORD });
    const made = await api.send("POST", `/api/service-accounts/${own.program.id}/api-keys`, {
      token: body.access_token,
      body: { name: `k ${randomUUID()}` },
    });
    expect(made.status).toBe(201);
    expect(Date.parse(made.body.expires_at)).toBeLessThanOrEqual(body.expires_at * 1_000);
  });

  test("that is altered, cut or made up is none", async () => {
    const token = await tokenOf((await someone()).email);
    const parts = token.split(".");
    const bad = [
      `${token}x`,
      token.slice(0, -2),
      `${parts[0]}..${parts[2]}.${parts[3]}.${"A".repeat(22)}`,
      `${parts[0]}.x.${parts[2]}.${parts[3]}.${parts[4]}`,
      "eyJhbGciOiJub25lIn0....",
      "eyJ....",
    ];
    for (const one of bad) expect((await profile(one)).status, one.slice(0, 12)).toBe(401);
  });
});
