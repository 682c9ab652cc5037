import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createCredential } from "@/lib/credentials";
import { acceptLink, signIn, updatePerson } from "@/lib/identity";
import { issueToken } from "@/lib/identity/tokens";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { verifyChains } from "@/lib/platform/audit/verify";
import { type Api, startApi } from "@/test/api";
import { PASSWORD, sftpValues, type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let home: Tenant;
let admin: string;
let platform: string;
beforeAll(async () => {
  [api, own, home] = [await startApi(), await tenant(), await tenant()];
  admin = await own.token(own.admin);
  platform = await home.token(await home.person("backoffice"));
});

const ORGANIZATIONS = "/api/admin/organizations";
const USERS = "/api/admin/users";
const email = () => `a-${randomUUID()}@example.test`;
const send = (method: string, path: string, body?: unknown, token = platform, headers = {}) =>
  api.send(method, path, { token, body, headers });
const from = { requestId: "test-request", address: "192.0.2.9" };
const canSignIn = (address: string, password = PASSWORD) =>
  signIn({ email: address, password, ...from, address: randomUUID(), userAgent: "" }).then(
    () => true,
    () => false,
  );

describe("an organisation", () => {
  test("is made, read, listed, changed and deleted by the platform's administrator", async () => {
    const name = `Made ${randomUUID()}`;
    const key = { "idempotency-key": randomUUID() };
    const made = await send("POST", ORGANIZATIONS, { name }, platform, key);
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: expect.any(String),
        name,
        is_active: true,
        max_credentials_per_provider: 50,
        max_credentials_per_user: 100,
        require_test_before_save: false,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
    expect((await send("POST", ORGANIZATIONS, { name }, platform, key)).body.id).toBe(made.body.id);
    const taken = await send("POST", ORGANIZATIONS, { name });
    expect([taken.status, taken.body.error.details[0].loc]).toEqual([409, ["body", "name"]]);
    const at = `${ORGANIZATIONS}/${made.body.id}`;
    expect((await send("GET", at)).body).toEqual(made.body);
    const changed = await send("PUT", at, { ...made.body, max_credentials_per_user: 7 });
    expect(changed.body).toMatchObject({ name, max_credentials_per_user: 7 });
    expect((await send("DELETE", at)).status).toBe(204);
    for (const method of ["GET", "DELETE"]) expect((await send(method, at)).status).toBe(404);
  });

  test("has a name of 1 to 200 characters, and nothing that is not known", async () => {
    for (const body of [{}, { name: "" }, { name: "x".repeat(201) }, { name: 7 }, { name: "x", tier: "free" }])
      expect((await send("POST", ORGANIZATIONS, body)).status, JSON.stringify(body)).toBe(422);
    expect((await send("POST", ORGANIZATIONS, { name: "   " })).status).toBe(400);
  });

  test("that is not empty is deleted by force alone; without it the answer counts what is left", async () => {
    const full = await tenant();
    await createCredential(full.user, { provider: "sftp", type: "user_password", data: sftpValues() });
    const at = `${ORGANIZATIONS}/${full.orgId}`;
    for (const path of [at, `${at}?force=false`]) {
      const { status, body } = await send("DELETE", path);
      const left = { people: 4, service_accounts: 1, credentials: 1 };
      expect([status, body.error.code, body.error.details]).toEqual([409, "conflict", left]);
    }
    expect((await send("DELETE", `${at}?force=yes`)).status).toBe(400);
    expect((await send("DELETE", `${at}?force=true`)).status).toBe(204);
    expect((await send("DELETE", `${ORGANIZATIONS}/${home.orgId}?force=true`)).status).toBe(409);
  });

  test("is written back as it was read by its own administrator, who renames it and sets no limit", async () => {
    const fresh = await tenant();
    const token = await fresh.token(fresh.admin);
    const at = `${ORGANIZATIONS}/${fresh.orgId}`;
    const read = (await send("GET", at, undefined, token)).body;
    expect((await send("PUT", at, read, token)).body).toEqual({ ...read, updated_at: expect.any(String) });
    const name = `Renamed ${randomUUID()}`;
    expect((await send("PUT", at, { ...read, name }, token)).body.name).toBe(name);
    expect((await send("PUT", at, { ...read, name, max_credentials_per_user: 9 }, token)).status).toBe(403);
    expect((await send("PUT", at, { ...read, name, is_active: false }, token)).status).toBe(403);
    const other = await send("PUT", at, { ...read, id: randomUUID() }, token);
    expect([other.status, other.body.error.details[0].loc]).toEqual([400, ["body", "id"]]);
  });

  test("is changed only if nobody else was faster, where If-Match says so", async () => {
    const at = `${ORGANIZATIONS}/${own.orgId}`;
    const { headers } = await send("GET", at);
    const ifMatch = { "if-match": headers.get("etag") ?? "" };
    expect((await send("PUT", at, { require_test_before_save: false }, platform, ifMatch)).status).toBe(200);
    for (const method of ["PUT", "PATCH"])
      expect((await send(method, at, { require_test_before_save: true }, platform, ifMatch)).status).toBe(412);
    expect((await send("PATCH", `${at}/deactivate`, undefined, platform, ifMatch)).status).toBe(412);
    expect((await send("GET", at, undefined, platform, { "if-none-match": headers.get("etag") ?? "" })).status).toBe(
      200,
    );
  });
});

describe("an organisation that is deactivated", () => {
  test("is shut out with all its people, keeps its data, and comes back one by one", async () => {
    const shut = await tenant();
    await updatePerson(shut.admin, shut.admin.id, { password: PASSWORD });
    const { id } = await createCredential(shut.user, { provider: "sftp", type: "user_password", data: sftpValues() });
    await updatePerson(shut.admin, shut.other.id, { active: false });
    const [boss, program] = [await shut.token(shut.admin), await shut.token(shut.program)];
    const at = `${ORGANIZATIONS}/${shut.orgId}`;

    const done = await send("PATCH", `${at}/deactivate`);
    expect([done.status, done.body]).toMatchObject([
      200,
      { id: shut.orgId, is_active: false, deactivated_users: 3, max_credentials_per_user: 100 },
    ]);
    const status = async (token: string) => (await send("GET", "/api/integrations/catalog", undefined, token)).status;
    for (const token of [boss, program]) await expect.poll(() => status(token), { timeout: 1_500 }).toBe(401);
    expect(await canSignIn(shut.admin.name)).toBe(false);
    const people = await send("GET", `${at}/users`);
    expect(people.body.map((one: { status: string }) => one.status)).toEqual(Array(4).fill("inactive"));
    expect((await send("PATCH", `${at}/deactivate`)).body).toMatchObject({ is_active: false, deactivated_users: 0 });

    expect((await send("PUT", at, { is_active: true })).body).toMatchObject({ is_active: true });
    await expect.poll(() => status(program), { timeout: 1_500 }).toBe(200);
    expect([await status(boss), await canSignIn(shut.admin.name)]).toEqual([401, false]);
    const back = await send("PATCH", `${USERS}/${shut.admin.id}`, { status: "active" });
    // The organisation had let this person in, and nobody of it could confirm them.
    expect(back.body).toMatchObject({ status: "active", unconfirmed: false });
    expect(await canSignIn(shut.admin.name)).toBe(true);
    await expect.poll(() => status(boss), { timeout: 1_500 }).toBe(200);
    expect((await send("PATCH", `${USERS}/${shut.user.id}`, { status: "active" }, boss)).body.status).toBe("pending");
    expect((await send("GET", `/api/integrations/credentials/${id}`, undefined, boss)).status).toBe(200);
    // Nobody's decision but the organisation's own brings back who had been shut out before.
    const other = await send("PATCH", `${USERS}/${shut.other.id}`, { status: "active" });
    expect(other.body).toMatchObject({ unconfirmed: true });
    expect(await verifyChains(shut.orgId)).toMatchObject([{ problem: null }]);
  });

  test("is on record with each of its people", async () => {
    const shut = await tenant();
    await send("PATCH", `${ORGANIZATIONS}/${shut.orgId}/deactivate`);
    const events = async (targetId: string) =>
      (await listAuditEvents(shut.admin, { targetId })).events.map(({ action, reason }) => [action, reason]);
    expect((await events(shut.orgId))[0]).toEqual(["organization.disabled", null]);
    for (const { id } of [shut.admin, shut.user, shut.auditor])
      expect((await events(id))[0]).toEqual(["user.disabled", "organization_deactivated"]);
  });

  test("is never one's own", async () => {
    const { status, body } = await send("PATCH", `${ORGANIZATIONS}/${home.orgId}/deactivate`);
    expect([status, body.error.code]).toEqual([409, "conflict"]);
  });
});

describe("a person", () => {
  const SHOWN = {
    id: expect.any(String),
    email: expect.any(String),
    first_name: "Ana",
    last_name: "López",
    status: "pending",
    unconfirmed: false,
    last_sign_in_at: null,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  };

  test("without a password is invited by a link that is answered once, and works once", async () => {
    const key = { "idempotency-key": randomUUID() };
    const wanted = { email: email(), first_name: "Ana", last_name: "López", role: "auditor" };
    const made = await send("POST", USERS, wanted, admin, key);
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...SHOWN,
        organization_id: own.orgId,
        email: wanted.email,
        role: "auditor",
        modified_by: own.admin.name,
        invitation_url: expect.stringMatching(/^http:\/\/.*\/join#[\w-]{43}$/),
        invitation_expires_at: expect.any(String),
      },
    ]);
    const again = await send("POST", USERS, wanted, admin, key);
    expect(again.body).toMatchObject({ id: made.body.id, invitation_url: null });
    const read = await send("GET", `${USERS}/${made.body.id}`, undefined, admin);
    expect(read.body).not.toHaveProperty("invitation_url");
    const secret = made.body.invitation_url.split("#")[1];
    expect(read.text).not.toContain(secret);
    await acceptLink(secret, PASSWORD, from);
    expect(await canSignIn(wanted.email)).toBe(true);
    await expect(acceptLink(secret, PASSWORD, from)).rejects.toMatchObject({ code: "not_found" });
  });

  test("with a password comes in at once, and nothing tells what it is", async () => {
    const wanted = { email: email(), password: `${PASSWORD} of theirs` };
    const made = await send("POST", `${ORGANIZATIONS}/${own.orgId}/users`, wanted, admin);
    expect([made.status, made.body]).toMatchObject([201, { role: "app_user", status: "active", invitation_url: null }]);
    expect(made.text).not.toContain(wanted.password);
    expect(await canSignIn(wanted.email, wanted.password)).toBe(true);
    expect((await send("POST", USERS, { email: email(), password: "short" }, admin)).status).toBe(400);
  });

  test("made by the platform in another organisation opens nothing until that has confirmed it", async () => {
    for (const more of [{ password: PASSWORD }, {}]) {
      const made = await send("POST", `${ORGANIZATIONS}/${own.orgId}/users`, { email: email(), ...more });
      expect([made.status, made.body.unconfirmed, made.body.modified_by]).toEqual([
        201,
        true,
        expect.stringContaining("(platform)"),
      ]);
    }
  });

  test("is not confirmed by saying so, and whoever tries is told", async () => {
    const made = await send("POST", `${ORGANIZATIONS}/${own.orgId}/users`, { email: email(), password: PASSWORD });
    const at = `${USERS}/${made.body.id}`;
    for (const token of [platform, admin]) {
      const { status, body } = await send("PATCH", at, { unconfirmed: false }, token);
      expect([status, body.error.details[0].loc]).toEqual([400, ["body", "unconfirmed"]]);
    }
    const read = (await send("GET", at, undefined, admin)).body;
    const written = await send("PUT", at, { ...read, last_name: "Sample" }, admin);
    expect([written.status, written.body]).toMatchObject([200, { last_name: "Sample", unconfirmed: true }]);
  });

  test.each([
    ["integration", 400, /service account/],
    ["worker", 400, /no such role/],
    ["publisher", 400, /no such role/],
    ["king", 422, /validation/],
    ["backoffice", 403, /permission/],
  ])("has a role that people have: %s is %i", async (role, status, words) => {
    const { id } = (await send("POST", USERS, { email: email() }, admin)).body;
    const answers = [
      await send("POST", USERS, { email: email(), role }, admin),
      await send("PATCH", `${USERS}/${id}`, { role }, admin),
    ];
    for (const { status: got, body } of answers)
      expect([got, body.error.message]).toEqual([status, expect.stringMatching(words)]);
  });

  test("is refused with the field named where something is wrong, and whose address is taken", async () => {
    const taken = email();
    await send("POST", USERS, { email: taken }, admin);
    for (const [body, status, field] of [
      [{}, 422, "email"],
      [{ email: "nobody" }, 400, "email"],
      [{ email: taken }, 409, "email"],
      [{ email: email(), first_name: "a\u0007b" }, 400, "first_name"],
      [{ email: email(), last_name: "x".repeat(101) }, 422, "last_name"],
      [{ email: email(), organization_id: "x" }, 422, "organization_id"],
      [{ email: email(), is_admin: true }, 422, "is_admin"],
    ] as const) {
      const answer = await send("POST", USERS, body, admin);
      expect([answer.status, answer.body.error.details[0].loc], field).toEqual([status, ["body", field]]);
    }
    const mixed = await send("POST", `${ORGANIZATIONS}/${own.orgId}/users`, {
      email: email(),
      organization_id: home.orgId,
    });
    expect([mixed.status, mixed.body.error.details[0].loc]).toEqual([400, ["body", "organization_id"]]);
  });

  test("is listed in pages, newest first, each once", async () => {
    const fresh = await tenant();
    const token = await fresh.token(fresh.admin);
    const at = `${ORGANIZATIONS}/${fresh.orgId}/users`;
    const all = (await send("GET", at, undefined, token)).body.map(({ id }: { id: string }) => id);
    expect(all).toHaveLength(4);
    const pages = [];
    for (const offset of [0, 2])
      pages.push(...(await send("GET", `${at}?offset=${offset}&limit=2`, undefined, token)).body);
    expect(pages.map(({ id }) => id)).toEqual(all);
    for (const query of ["limit=1001", "offset=-1", "page=1"])
      expect((await send("GET", `${at}?${query}`, undefined, token)).status, query).toBe(400);
  });

  test("read and written back is as before; a new name is the name", async () => {
    const { id } = (await send("POST", USERS, { email: email(), first_name: "Ana" }, admin)).body;
    const at = `${USERS}/${id}`;
    const read = (await send("GET", at, undefined, admin)).body;
    const moved = { updated_at: expect.any(String) };
    for (const method of ["PUT", "PATCH"]) {
      expect((await send(method, at, read, admin)).body).toEqual({ ...read, ...moved });
      const renamed = { ...read, last_name: `By ${method}` };
      expect((await send(method, at, renamed, admin)).body).toEqual({ ...renamed, ...moved });
      expect((await send(method, at, { first_name: null }, admin)).body.first_name).toBe("Ana");
      expect((await send(method, at, { id: randomUUID() }, admin)).status).toBe(400);
      await send(method, at, { last_name: "x" }, admin);
      read.last_name = "x";
    }
    expect((await send("PATCH", at, { status: "inactive" }, admin)).body.status).toBe("inactive");
    expect((await send("PATCH", at, { status: "pending" }, admin)).status).toBe(400);
    expect((await send("PATCH", at, { last_name: "y" }, admin, { "if-match": '"1"' })).status).toBe(412);
  });

  test("who is the last administrator stays, and nobody deletes themselves", async () => {
    const fresh = await tenant();
    const token = await fresh.token(fresh.admin);
    await updatePerson(fresh.admin, fresh.admin.id, { password: PASSWORD });
    const at = `${USERS}/${fresh.admin.id}`;
    for (const [method, body] of [
      ["DELETE", undefined],
      ["PATCH", { role: "app_user" }],
      ["PATCH", { status: "inactive" }],
    ] as const) {
      const { status, body: answer } = await send(method, at, body, token);
      expect([status, answer.error.code], method).toEqual([409, "conflict"]);
      expect((await send(method, at, body)).status).toBe(409);
    }
  });

  test("that is deleted is gone with their tokens, and their credentials become the administrator's", async () => {
    const fresh = await tenant();
    const token = await fresh.token(fresh.admin);
    const { id } = await createCredential(fresh.user, { provider: "sftp", type: "user_password", data: sftpValues() });
    const theirs = await fresh.token(fresh.user);
    expect((await send("DELETE", `${USERS}/${fresh.user.id}`, undefined, token)).status).toBe(204);
    expect((await send("DELETE", `${USERS}/${fresh.user.id}`, undefined, token)).status).toBe(404);
    await expect
      .poll(async () => (await send("GET", "/api/profile/me", undefined, theirs)).status, { timeout: 1_500 })
      .toBe(401);
    const kept = await send("GET", `/api/integrations/credentials/${id}`, undefined, token);
    expect([kept.status, kept.body.user_id]).toEqual([200, fresh.admin.id]);
  });

  test("is found by the platform wherever they are, and by name of the organisation where an id is shared", async () => {
    const [one, two] = [await tenant(), await tenant()];
    const id = randomUUID();
    for (const { orgId } of [one, two]) {
      const path = `/v1.0/tenants/${orgId}/users`;
      const body = { GUID: id, FirstName: "S", LastName: "hared", Email: email(), Password: PASSWORD };
      expect((await send("PUT", path, body)).status).toBe(200);
    }
    expect((await send("GET", `${USERS}/${one.user.id}`)).body.organization_id).toBe(one.orgId);
    expect((await send("GET", `${USERS}/${id}`)).status).toBe(409);
    for (const { orgId } of [one, two]) {
      expect((await send("GET", `${USERS}/${id}?organization_id=${orgId}`)).body.organization_id).toBe(orgId);
      const elsewhere = await send("GET", `${USERS}/${one.user.id}?organization_id=${two.orgId}`);
      expect(elsewhere.status).toBe(404);
    }
    expect((await send("DELETE", `${USERS}/${id}`)).status).toBe(409);
    const at = `${USERS}/${id}`;
    expect((await send("GET", at, undefined, await one.token(one.admin))).body.organization_id).toBe(one.orgId);
  });
});

describe("one's own profile", () => {
  test("says who one is and where, and takes a new name by PUT and PATCH", async () => {
    const token = await own.token(own.user);
    const { body } = await send("GET", "/api/profile/me", undefined, token);
    expect(body).toMatchObject({
      id: own.user.id,
      email: own.user.name,
      role: "app_user",
      organization_id: own.orgId,
      organization_name: expect.any(String),
    });
    for (const method of ["PUT", "PATCH"]) {
      const first_name = `By ${method}`;
      expect((await send(method, "/api/profile/me", { first_name }, token)).body).toMatchObject({ first_name });
      const read = (await send("GET", "/api/profile/me", undefined, token)).body;
      expect((await send(method, "/api/profile/me", read, token)).body).toEqual({
        ...read,
        updated_at: expect.any(String),
      });
    }
    const { events } = await listAuditEvents(own.admin, { targetId: own.user.id });
    expect(events.map(({ action, fields }) => [action, fields])).toContainEqual(["user.updated", ["first_name"]]);
  });

  test("changes no role, address, state or password", async () => {
    const token = await own.token(own.user);
    for (const [field, value] of Object.entries({
      role: "org_admin",
      email: email(),
      status: "inactive",
      id: randomUUID(),
      organization_id: home.orgId,
      password: PASSWORD,
    })) {
      const { status, body, text } = await send("PATCH", "/api/profile/me", { [field]: value }, token);
      expect([status, body.error.details[0].loc], field).toEqual([400, ["body", field]]);
      expect(text).not.toContain(PASSWORD);
    }
    for (const body of [{ first_name: 7 }, { last_name: "x".repeat(101) }, { settings: {} }])
      expect((await send("PATCH", "/api/profile/me", body, token)).status).toBe(422);
  });

  test("is nobody's who waits for a confirmation", async () => {
    const made = await send("POST", `${ORGANIZATIONS}/${own.orgId}/users`, { email: email(), password: PASSWORD });
    const owner = { kind: "user" as const, id: made.body.id };
    const { token } = await issueToken(own.admin, { name: "t", scopes: ["all"], owner });
    expect((await send("GET", "/api/profile/me", undefined, token)).status).toBe(403);
  });
});
