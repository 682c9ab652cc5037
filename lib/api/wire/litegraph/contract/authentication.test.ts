import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { changePassword, liveSession, signIn, updatePerson } from "@/lib/identity";
import { issueToken, revokeToken, updateToken } from "@/lib/identity/tokens";
import { updateOrganization } from "@/lib/organizations";
import { clock } from "@/lib/platform/clock";
import { type Api, startApi } from "@/test/api";
import { byPassword, type Doorstep, doorstep, lgError, made, strongToken } from "@/test/litegraph";
import { PASSWORD } from "@/test/tenant";
import { atLater } from "@/test/time-travel";

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

const list = (headers: Record<string, string>, path = door.at("/credentials")) => api.send("GET", path, { headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const FAILED = lgError("AuthenticationFailed", 401);
const INACTIVE = lgError("Inactive", 401);
const DENIED = lgError("AuthorizationFailed", 401);
const tokenFor = async (person = door.own.admin) =>
  (await api.send("GET", "/v1.0/token", { headers: byPassword(person) })).body;

describe("who calls is found out", () => {
  test("by address, password and tenant; by bearer in any case; by API key; by security token", async () => {
    const { Token } = await tokenFor();
    const ways: Record<string, string>[] = [
      byPassword(door.own.admin),
      { ...byPassword(door.own.admin), "x-email": door.own.admin.name.toUpperCase() },
      bearer(door.admin),
      { authorization: `bEARER ${door.admin}` },
      { "x-api-key": door.admin },
      { "x-token": Token },
    ];
    for (const headers of ways) expect((await list(headers)).status).toBe(200);
  });

  test("in this order: password, bearer, security token; the first counts", async () => {
    const { Token } = await tokenFor();
    expect(await list({ ...byPassword(door.own.admin, "wrong password!"), ...bearer(door.admin) })).toMatchObject(
      FAILED,
    );
    expect(await list({ ...bearer(strongToken()), "x-token": Token })).toMatchObject(FAILED);
    expect((await list({ ...bearer(door.admin), "x-token": "nonsense" })).status).toBe(200);
    expect((await list({ authorization: "Bearer ", "x-token": Token })).status).toBe(200);
    const { "x-password": _, ...incomplete } = byPassword(door.own.admin);
    expect((await list({ ...incomplete, ...bearer(door.admin) })).status).toBe(200);
  });

  test("or is refused as AuthenticationFailed", async () => {
    const revoked = await issueToken(door.own.admin, {
      name: "r",
      scopes: ["all"],
      owner: { kind: "user", id: door.own.user.id },
    });
    await revokeToken(door.own.admin, revoked.view.id);
    const ways: Record<string, string>[] = [
      {},
      { cookie: "next-auth.session-token=x" },
      bearer(strongToken()),
      bearer(revoked.token),
      bearer(`${door.admin}x`),
      { authorization: `Basic ${door.admin}` },
      byPassword({ name: "nobody@example.test", orgId: door.own.orgId }),
      byPassword({ name: door.own.admin.name, orgId: randomUUID() }),
      { "x-token": "nonsense" },
      { "x-token": `${(await tokenFor()).Token}x` },
    ];
    for (const headers of ways) {
      const answer = await list(headers);
      expect(answer).toMatchObject(FAILED);
      expect(answer.headers.get("content-type")).toBe("application/json");
    }
  });

  test("with a wrong password is 401, with a tenant that is no GUID 400", async () => {
    const fresh = await doorstep();
    expect(await list(byPassword(fresh.own.admin, "wrong password!"))).toMatchObject(FAILED);
    expect(await list(byPassword({ name: "a@example.test", orgId: "x" }))).toMatchObject(lgError("BadRequest", 400));
  });

  test("slower and slower for who guesses passwords", async () => {
    const fresh = await doorstep();
    for (let at = 0; at < 5; at++) {
      expect(await list(byPassword(fresh.own.admin, "wrong password!"))).toMatchObject(FAILED);
    }
    const answer = await list(byPassword(fresh.own.admin));
    expect([answer.status, Number(answer.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
    expect(answer.body).toMatchObject({ Error: "BadRequest", StatusCode: 429 });
  });
});

describe("what is switched off answers Inactive", () => {
  test("a credential", async () => {
    const { GUID: id, BearerToken } = await made(api, door, { Active: false });
    expect(await list(bearer(BearerToken))).toMatchObject(INACTIVE);
    await updateToken(door.own.admin, id, { active: true });
    await expect.poll(async () => (await list(bearer(BearerToken))).body.Error).toBe("AuthorizationFailed");
  });

  test("a user and a tenant, by every way in; and nothing of it to who does not know the password", async () => {
    const fresh = await doorstep();
    const { BearerToken } = await made(api, fresh);
    const { Token } = await tokenFor(fresh.own.user);
    const ways = [bearer(BearerToken), byPassword(fresh.own.user), { "x-token": Token }];
    const off = async (act: (active: boolean) => Promise<unknown>) => {
      await act(false);
      for (const headers of ways) {
        await expect.poll(() => list(headers, fresh.at("/credentials")), { timeout: 1_500 }).toMatchObject(INACTIVE);
      }
      expect(await list(byPassword(fresh.own.user, "wrong password!"))).toMatchObject(FAILED);
      await act(true);
    };
    await off((active) => updateOrganization(fresh.operator, fresh.own.orgId, { active }));
    await off((active) => updatePerson(fresh.own.admin, fresh.own.user.id, { active }));
  });
});

describe("who may call", () => {
  test("are the platform's administrator everywhere and an organisation's in its own", async () => {
    const elsewhere = await doorstep();
    const [user, auditor, program] = await Promise.all(
      [door.own.user, door.own.auditor, door.own.program].map((actor) => door.own.token(actor)),
    );
    // Not one's own record, which everybody may read.
    const paths = ["", "/users", "/credentials", `/users/${door.own.other.id}`];
    for (const path of paths) {
      expect((await list(bearer(door.platform), door.at(path))).status).toBe(200);
      expect((await list(bearer(door.admin), door.at(path))).status).toBe(200);
      for (const token of [user, auditor, program, elsewhere.admin]) {
        expect(await list(bearer(token ?? ""), door.at(path)), path).toMatchObject(DENIED);
      }
    }
    for (const path of ["/v1.0/tenants", "/v2.0/tenants", `/v1.0/credentials/bearer/${strongToken()}`]) {
      for (const token of [user, auditor, program]) expect(await list(bearer(token ?? ""), path)).toMatchObject(DENIED);
    }
  });

  test("cannot tell another tenant from one that is not there", async () => {
    const elsewhere = await doorstep();
    const credential = await made(api, elsewhere);
    const ask = (method: string, orgId: string, path: string) =>
      api.send(method, `/v1.0/tenants/${orgId}${path}`, {
        token: door.admin,
        ...(method === "PUT" && { body: { Name: "x", UserGUID: elsewhere.own.user.id, Email: "x@example.test" } }),
      });
    const nowhere = randomUUID();
    for (const [method, path] of [
      ["GET", ""],
      ["PUT", ""],
      ["GET", "/users"],
      ["PUT", "/users"],
      ["GET", `/users/${elsewhere.own.user.id}`],
      ["PUT", `/users/${elsewhere.own.user.id}`],
      ["DELETE", `/users/${elsewhere.own.user.id}`],
      ["GET", "/credentials"],
      ["PUT", "/credentials"],
      ["DELETE", "/credentials"],
      ["GET", `/credentials/${credential.GUID}`],
      ["HEAD", `/credentials/${credential.GUID}`],
      ["PUT", `/credentials/${credential.GUID}`],
      ["DELETE", `/credentials/${credential.GUID}`],
      ["DELETE", `/users/${elsewhere.own.user.id}/credentials`],
    ] as const) {
      const [there, gone] = [await ask(method, elsewhere.own.orgId, path), await ask(method, nowhere, path)];
      expect([there.status, there.text], `${method} ${path}`).toEqual([401, gone.text]);
    }
    const inside = door.at(`/credentials/${credential.GUID}`);
    for (const method of ["GET", "PUT"]) {
      const body = method === "PUT" ? { Name: "x" } : undefined;
      expect(await api.send(method, inside, { token: door.admin, body })).toMatchObject(lgError("NotFound", 404));
    }
    expect((await api.send("DELETE", inside, { token: door.admin })).status).toBe(200);
    const own = await api.send("GET", elsewhere.at(`/credentials/${credential.GUID}`), { token: elsewhere.admin });
    expect(own.body).toMatchObject({ Name: "robot", Active: true });
  });

  test("do no more than the credential's scope", async () => {
    const { at, own } = door;
    const reader = await own.token(own.admin, { scopes: ["read"] });
    expect((await list(bearer(reader))).status).toBe(200);
    const body = { UserGUID: own.user.id, Name: "x" };
    for (const scopes of [["read"], ["write"]] as const) {
      const token = await own.token(own.admin, { scopes: [...scopes] });
      expect(await api.send("PUT", at("/credentials"), { token, body })).toMatchObject(DENIED);
      expect(await api.send("DELETE", at("/credentials"), { token })).toMatchObject(DENIED);
    }
  });
});

describe("a security token", () => {
  test("is given for a password, lives a day, and its details name tenant and user without the password", async () => {
    const made = await tokenFor();
    expect(made).toEqual({
      TimestampUtc: expect.stringMatching(/\.\d{6}Z$/),
      ExpirationUtc: expect.stringMatching(/\.\d{6}Z$/),
      IsExpired: false,
      TenantGUID: door.own.orgId,
      UserGUID: door.own.admin.id,
      Token: expect.any(String),
      Valid: true,
    });
    expect(Date.parse(made.ExpirationUtc) - Date.parse(made.TimestampUtc)).toBe(86_400_000);
    const { Token, ...facts } = made;
    for (const headers of [{ "x-token": Token }, { "x-token": Token, ...bearer(door.admin) }]) {
      const details = await api.send("GET", "/v1.0/token/details", { headers });
      expect(details.body).toMatchObject({
        ...facts,
        Tenant: { GUID: door.own.orgId },
        User: { Password: "********" },
      });
      expect(details.body).not.toHaveProperty("Token");
    }
  });

  test("is not given for a token of any kind, which it would outlive", async () => {
    const { Token } = await tokenFor();
    for (const headers of [bearer(door.admin), bearer(door.platform), { "x-token": Token }]) {
      expect(await api.send("GET", "/v1.0/token", { headers })).toMatchObject(lgError("Conflict", 409));
    }
    expect(await api.send("GET", "/v1.0/token")).toMatchObject(FAILED);
  });

  test("is not shown to another tenant's administrator", async () => {
    const elsewhere = await doorstep();
    const headers = { "x-token": (await tokenFor()).Token, ...bearer(elsewhere.admin) };
    expect(await api.send("GET", "/v1.0/token/details", { headers })).toMatchObject(DENIED);
    const bare = await api.send("GET", "/v1.0/token/details", { headers: bearer(door.admin) });
    expect(bare).toMatchObject(lgError("BadRequest", 400));
  });

  test("that is older than five minutes renames and switches off, and gives no secret, scope or password", async () => {
    const issued = await api.send("GET", "/v1.0/token", { headers: byPassword(door.own.admin) });
    const headers = { "x-token": issued.body.Token };
    const credential = await made(api, door, { Scopes: ["read"] });
    const path = door.at(`/credentials/${credential.GUID}`);
    const put = (body: object) => atLater(6 * 60_000, () => api.send("PUT", path, { headers, body }));
    const { BearerToken: mask } = (await atLater(6 * 60_000, () => api.send("GET", path, { headers }))).body;
    for (const body of [
      { Name: "renamed" },
      { Name: "off", Active: false },
      { Name: "on", BearerToken: mask, Scopes: ["read"] },
    ])
      expect((await put(body)).status, JSON.stringify(body)).toBe(200);
    for (const body of [
      { Name: "x", BearerToken: strongToken() },
      { Name: "x", Scopes: ["admin"] },
      { Name: "x", Scopes: [] },
    ])
      expect(await put(body)).toMatchObject(DENIED);
  });

  test("is dead after a day, after a new password, and after a changed role", async () => {
    const fresh = await doorstep();
    const status = async (Token: string) => (await list({ "x-token": Token }, fresh.at("/credentials"))).status;
    const first = (await tokenFor(fresh.own.admin)).Token;
    expect(await status(first)).toBe(200);
    const { now } = clock;
    clock.now = () => new Date(now().getTime() + 86_401_000);
    expect(await status(first)).toBe(401);
    clock.now = now;
    expect(await status(first)).toBe(200);
    const { email, password } = { email: fresh.own.admin.name, password: PASSWORD };
    const session = await signIn({ email, password, address: randomUUID(), userAgent: "", requestId: "test-request" });
    const live = await liveSession(session.orgId, session.sessionId);
    await changePassword({ ...fresh.own.admin, ...live?.actor }, PASSWORD, `${PASSWORD}!`);
    expect(await status(first)).toBe(401);
    const second = (await api.send("GET", "/v1.0/token", { headers: byPassword(fresh.own.admin, `${PASSWORD}!`) }))
      .body;
    expect(await status(second.Token)).toBe(200);
    const other = await fresh.own.person("org_admin");
    await updatePerson(other, other.id, { password: PASSWORD });
    await updatePerson(other, fresh.own.admin.id, { role: "app_user" });
    expect(await status(second.Token)).toBe(401);
  });
});
