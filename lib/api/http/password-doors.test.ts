import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createUser } from "@/lib/identity";
import { platformActor } from "@/lib/organizations";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { type Answer, type Api, startApi } from "@/test/api";
import { PASSWORD, type Tenant, tenant } from "@/test/tenant";

process.env.SUPERAI_PASSWORD_GRANT = "on";

let api: Api;
let own: Tenant;
let apikey: string;
beforeAll(async () => {
  [api, own] = [await startApi(), await tenant()];
  apikey = (await api.send("GET", "/api/auth/anon-key")).body.anon_key;
});

const WRONG = "wrong password!";
const someone = async () => {
  const email = `door-${randomUUID()}@example.test`;
  await createUser(platformActor("test-request", own.orgId), { email, role: "org_admin", password: PASSWORD });
  return email;
};

const litegraph = (path: string) => (email: string, password: string) =>
  api.send("GET", path, { headers: { "x-email": email, "x-password": password, "x-tenant-guid": own.orgId } });
const flowise = (email: string, password: string, cookie?: string) =>
  api.send("POST", "/api/v1/auth/login", { body: { email, password }, headers: cookie ? { cookie } : {} });

const superai = (email: string, password: string) =>
  api.send("POST", "/auth/v1/token?grant_type=password", { body: { email, password }, headers: { apikey } });

const doors: [string, (email: string, password: string) => Promise<Answer>, object, object][] = [
  [
    "Flowise's sign-in",
    flowise,
    { success: false, message: "Incorrect Email or Password" },
    { success: false, message: expect.stringContaining("Too many") },
  ],
  [
    "LiteGraph's security tokens",
    litegraph("/v1.0/token"),
    { Error: "AuthenticationFailed" },
    { Error: expect.any(String) },
  ],
  [
    "LiteGraph's headers at any route",
    (email, password) => litegraph(`/v1.0/tenants/${own.orgId}`)(email, password),
    { Error: "AuthenticationFailed" },
    { Error: expect.any(String) },
  ],
  [
    "SuperAI's access tokens",
    superai,
    { error: { code: "unauthorized", message: "E-mail address or password is wrong", details: null } },
    { error: { code: "rate_limited" } },
  ],
];

describe.each(doors)("%s", (_name, ask, refused, slowed) => {
  test("refuses and slows wrong passwords in its own words, and has them on record", async () => {
    const email = await someone();
    for (let at = 0; at < 5; at++) expect(await ask(email, WRONG)).toMatchObject({ status: 401, body: refused });
    const answer = await ask(email, PASSWORD);
    expect(answer).toMatchObject({ status: 429, body: slowed });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const recorded = async () => {
      const { events } = await listAuditEvents(own.admin, { q: email, outcome: "refused" });
      return events.map(({ action, reason }) => `${action} ${reason}`);
    };
    await expect.poll(recorded).toEqual(Array(5).fill("user.signed_in wrong_password"));
  });

  test("shares one count with the others", async () => {
    const email = await someone();
    for (let at = 0; at < 5; at++) await (doors[at % doors.length]?.[1] ?? ask)(email, WRONG);
    expect((await ask(email, PASSWORD)).status).toBe(429);
  });
});

test("Flowise's pages give the browser a mark that lets it in while its account is slowed, and nothing else", async () => {
  const email = await someone();
  const signedIn = await flowise(email, PASSWORD);
  expect([signedIn.status, signedIn.text]).toEqual([200, expect.any(String)]);
  const [session = "", device = ""] = signedIn.headers.getSetCookie();
  for (const part of ["HttpOnly", "SameSite=Strict", "Path=/;"]) expect(device).toContain(part);
  const cookie = device.split(";")[0] ?? "";
  for (let at = 0; at < 5; at++) await flowise(email, WRONG);
  expect((await flowise(email, PASSWORD)).status).toBe(429);
  expect((await flowise(email, PASSWORD, cookie)).status).toBe(200);
  const internal = { "x-request-from": "internal" };
  const list = (sent: string) => api.send("GET", "/api/v1/credentials", { headers: { ...internal, cookie: sent } });
  expect((await list(session.split(";")[0] ?? "")).status).toBe(200);
  expect((await list(cookie)).status).toBe(401);
});
