import { beforeAll, describe, expect, test } from "vitest";
import { createUser, setPersonActive } from "@/lib/identity";
import { platformActor } from "@/lib/organizations";
import { type Answer, type Api, startApi } from "@/test/api";
import { PASSWORD, type Tenant, tenant } from "@/test/tenant";

let api: Api;
let mine: Tenant;
beforeAll(async () => {
  [api, mine] = [await startApi(), await tenant()];
});

const INTERNAL = { "x-request-from": "internal" };
let people = 0;
async function newPerson(role: "org_admin" | "app_user" | "auditor" = "app_user") {
  const email = `flowise-${people++}-${mine.orgId}@example.test`;
  return createUser(platformActor("test-request", mine.orgId), { email, role, password: PASSWORD });
}
const signIn = (email: string, password = PASSWORD) =>
  api.send("POST", "/api/v1/auth/login", { body: { email, password }, headers: INTERNAL });
const cookieOf = (answer: Answer) => answer.headers.get("set-cookie")?.split(";")[0] ?? "";
const withCookie = (cookie: string) => ({ headers: { ...INTERNAL, cookie } });
const FAILED = { status: 401, body: { message: "Invalid or Missing token" } };

describe("signing in to Flowise's own pages", () => {
  test("answers what they keep of a person, and a cookie for this door alone", async () => {
    const { id, email } = await newPerson("org_admin");
    const answer = await signIn(email);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id,
        email,
        isOrganizationAdmin: true,
        activeWorkspaceId: mine.orgId,
        activeOrganizationId: mine.orgId,
        permissions: expect.arrayContaining(["credentials:view", "credentials:create"]),
        features: {},
        isSSO: false,
      },
    });
    const cookie = answer.headers.get("set-cookie") ?? "";
    for (const part of ["HttpOnly", "SameSite=Strict", "Path=/api/v1"]) expect(cookie).toContain(part);
    expect((await api.send("GET", "/api/v1/credentials", withCookie(cookieOf(answer)))).status).toBe(200);
    // Neither without the header that other sites cannot send, nor at another door, nor under the console's name.
    expect((await api.send("GET", "/api/v1/credentials", { headers: { cookie } })).status).toBe(401);
    expect((await api.send("GET", "/api/integrations/credentials", withCookie(cookieOf(answer)))).status).toBe(401);
    const [, value = ""] = cookieOf(answer).split(/=(.*)/s);
    const elsewhere = withCookie(`next-auth.session-token=${value}`);
    expect(await api.send("GET", "/api/v1/credentials", elsewhere)).toMatchObject(FAILED);
  });

  test.each([
    ["a wrong password", (email: string) => signIn(email, "wrong password here")],
    ["an unknown address", () => signIn("nobody@example.test")],
  ])("with %s gets one answer and no cookie", async (_name, attempt) => {
    const answer = await attempt((await newPerson()).email);
    expect(answer).toMatchObject({ status: 401, body: { success: false, message: "Incorrect Email or Password" } });
    expect(answer.headers.get("set-cookie")).toBeNull();
  });

  test("is slowed down after too many attempts", async () => {
    const { email } = await newPerson();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) statuses.push((await signIn(email, "wrong password here")).status);
    expect(statuses).toContain(429);
  });

  test("goes on by refreshToken, and is over at once after logout or when the person is shut out", async () => {
    const person = await newPerson();
    const cookie = cookieOf(await signIn(person.email));
    const refreshed = await api.send("POST", "/api/v1/auth/refreshToken", withCookie(cookie));
    expect(refreshed).toMatchObject({ status: 200, body: { id: person.id, isOrganizationAdmin: false } });
    const again = cookieOf(refreshed);
    expect((await api.send("POST", "/api/v1/auth/logout", { headers: { cookie: again } })).status).toBe(401);
    expect((await api.send("POST", "/api/v1/auth/logout", withCookie(again))).status).toBe(200);
    for (const dead of [cookie, again])
      expect(await api.send("GET", "/api/v1/credentials", withCookie(dead))).toMatchObject(FAILED);
    expect((await api.send("POST", "/api/v1/auth/refreshToken", withCookie(again))).status).toBe(401);
    const other = await newPerson();
    const alive = cookieOf(await signIn(other.email));
    await setPersonActive(mine.admin, other.id, false);
    expect(await api.send("GET", "/api/v1/credentials", withCookie(alive))).toMatchObject(FAILED);
  });

  test("as an auditor shows what may be viewed and lets nothing be changed", async () => {
    const { email } = await newPerson("auditor");
    const answer = await signIn(email);
    expect(answer.body.permissions).toEqual(["credentials:view"]);
    const body = { name: "x", credentialName: "openAIApi", plainDataObj: {} };
    const sent = { ...withCookie(cookieOf(answer)), body };
    expect(await api.send("POST", "/api/v1/credentials", sent)).toMatchObject({
      status: 403,
      body: { message: "Forbidden" },
    });
  });
});

test.each<[string, string, number, unknown]>([
  ["GET", "/settings", 200, { PLATFORM_TYPE: "open source" }],
  ["GET", "/loginmethod/default", 200, {}],
  ["GET", "/version", 200, { version: expect.any(String) }],
  ["POST", "/auth/resolve", 200, { redirectUrl: "/signin" }],
])("%s %s is for anybody", async (method, path, status, body) => {
  expect(await api.send(method, `/api/v1${path}`)).toMatchObject({ status, body });
});

test("ping says pong, and sharing is refused in the known words", async () => {
  expect((await api.send("GET", "/api/v1/ping")).text).toBe("pong");
  const token = await mine.token(mine.admin);
  for (const method of ["GET", "POST"])
    expect(await api.send(method, "/api/v1/workspace/shared/x", { token })).toMatchObject({
      status: 403,
      body: { message: "Forbidden" },
    });
});
