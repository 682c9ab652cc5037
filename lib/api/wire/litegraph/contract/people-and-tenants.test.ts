import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { getPerson, signIn } from "@/lib/identity";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, lgError, made, someEmail } from "@/test/litegraph";
import { PASSWORD } from "@/test/tenant";

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

const ask = (method: string, path: string, body?: unknown, token = door.admin) =>
  api.send(method, path, { token, body });
const users = () => door.at("/users");
const aUser = (more = {}) => ({ FirstName: "Ana", LastName: "López", Email: someEmail(), Password: PASSWORD, ...more });
const ids = (body: { GUID: string }[]) => body.map(({ GUID: id }) => id);

describe("users", () => {
  test("are made, read, listed, asked for and changed; the password never comes back", async () => {
    const sent = { ...aUser(), GUID: randomUUID() };
    const created = await ask("PUT", users(), sent);
    expect(created.body).toEqual({
      ...sent,
      TenantGUID: door.own.orgId,
      Password: "********",
      Active: true,
      IsSystemAdmin: false,
      IsTenantAdmin: false,
      CreatedUtc: expect.stringMatching(/\.\d{6}Z$/),
      LastUpdateUtc: expect.stringMatching(/\.\d{6}Z$/),
    });
    const path = `${users()}/${sent.GUID}`;
    expect((await ask("GET", path)).body).toEqual(created.body);
    expect(await ask("HEAD", path)).toMatchObject({ status: 200, text: "" });
    expect(ids((await ask("GET", users())).body)).toContain(sent.GUID);
    expect(ids((await ask("GET", `${users()}?guids=${randomUUID()},${sent.GUID}`)).body)).toEqual([sent.GUID]);
    const changed = await ask("PUT", path, { ...created.body, FirstName: "Eva" });
    expect(changed.body).toMatchObject({ FirstName: "Eva", LastName: "López" });
  });

  test("are people of the console, who sign in there and are called by both names", async () => {
    const sent = aUser();
    const { body } = await ask("PUT", users(), sent);
    expect(await getPerson(door.own.admin, body.GUID)).toMatchObject({ name: "Ana López", role: "app_user" });
    const attempt = {
      email: sent.Email,
      password: PASSWORD,
      address: randomUUID(),
      userAgent: "",
      requestId: "test-request",
    };
    await expect(signIn(attempt)).resolves.toMatchObject({ userId: body.GUID });
    await ask("PUT", `${users()}/${body.GUID}`, { ...body });
    await expect(signIn(attempt)).resolves.toBeDefined();
    await ask("PUT", `${users()}/${body.GUID}`, { Password: `${PASSWORD} new` });
    await expect(signIn(attempt)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(signIn({ ...attempt, password: `${PASSWORD} new` })).resolves.toBeDefined();
  });

  test("are changed in what is sent alone: a one-field change wrecks nobody", async () => {
    const { body } = await ask("PUT", users(), aUser());
    const changed = await ask("PUT", `${users()}/${body.GUID}`, { LastName: "Díaz" });
    expect(changed.body).toMatchObject({ FirstName: "Ana", LastName: "Díaz", Email: body.Email, Password: "********" });
  });

  test("without a password come without one", async () => {
    const { body } = await ask("PUT", users(), aUser({ Password: undefined }));
    expect(body).not.toHaveProperty("Password");
  });

  test.each([
    ["an empty first name", { FirstName: "" }, "FirstName"],
    ["an empty last name", { LastName: " " }, "LastName"],
    ["an empty address", { Email: "" }, "Email"],
    ["no address", { Email: undefined }, "Email"],
    ["an address that is none", { Email: "nobody" }, "Email"],
    ["an empty password", { Password: "" }, "Password"],
    ["a short password", { Password: "password" }, "Password"],
    ["a switch of the wrong type", { Active: 1 }, "Active"],
  ])("with %s are refused by field", async (_, wrong, field) => {
    const answer = await ask("PUT", users(), aUser(wrong));
    expect(answer).toMatchObject(lgError("BadRequest", 400));
    expect(answer.body.Description).toContain(field);
  });

  test("have an address of their own in the tenant, and the same one in another", async () => {
    const elsewhere = await doorstep();
    const sent = aUser();
    expect((await ask("PUT", users(), sent)).status).toBe(200);
    expect(await ask("PUT", users(), aUser({ Email: sent.Email.toUpperCase() }))).toMatchObject(
      lgError("Conflict", 409),
    );
    expect((await ask("PUT", elsewhere.at("/users"), sent, elsewhere.admin)).status).toBe(200);
  });

  test("switched off stop at once with their credentials; deleted, they take them along", async () => {
    const { body } = await ask("PUT", users(), aUser());
    const credential = await made(api, door, { UserGUID: body.GUID });
    const status = async () =>
      (await api.send("GET", "/api/integrations/catalog", { token: credential.BearerToken })).status;
    expect(await status()).toBe(200);
    await ask("PUT", `${users()}/${body.GUID}`, { Active: false });
    await expect.poll(status).toBe(401);
    await ask("PUT", `${users()}/${body.GUID}`, { Active: true });
    await expect.poll(status).toBe(200);
    for (let at = 0; at < 2; at++) {
      expect(await ask("DELETE", `${users()}/${body.GUID}`)).toMatchObject({ status: 200, text: "" });
    }
    await expect.poll(status).toBe(401);
    expect(await ask("GET", door.at(`/credentials/${credential.GUID}`))).toMatchObject(lgError("NotFound", 404));
  });

  test("that are missing answer 404 to reading, asking and changing", async () => {
    const path = `${users()}/${randomUUID()}`;
    expect(await ask("GET", path)).toMatchObject(lgError("NotFound", 404));
    expect(await ask("HEAD", path)).toMatchObject({ status: 404, text: "" });
    expect(await ask("PUT", path, { FirstName: "X" })).toMatchObject(lgError("NotFound", 404));
  });

  test("changed since they were read are not overwritten", async () => {
    const { body } = await ask("PUT", users(), aUser());
    const path = `${users()}/${body.GUID}`;
    await ask("PUT", path, { ...body, FirstName: "First" });
    expect(await ask("PUT", path, { ...body, FirstName: "Late" })).toMatchObject(lgError("Conflict", 409));
  });
});

describe("tenants", () => {
  const byPlatform = (method: string, path: string, body?: unknown) => ask(method, path, body, door.platform);
  const create = async (more = {}) =>
    (await byPlatform("PUT", "/v1.0/tenants", { Name: `T ${randomUUID()}`, ...more })).body;

  test("are made, read, listed, asked for, changed and deleted by the platform's administrator", async () => {
    const body = await create({ GUID: randomUUID(), CreatedUtc: "2001-01-01T00:00:00Z" });
    expect(body).toEqual({
      GUID: body.GUID,
      Name: body.Name,
      Active: true,
      CreatedUtc: expect.stringMatching(/^20[2-9].*\.\d{6}Z$/),
      LastUpdateUtc: expect.stringMatching(/\.\d{6}Z$/),
    });
    const path = `/v1.0/tenants/${body.GUID}`;
    expect((await byPlatform("GET", path)).body).toEqual(body);
    expect((await byPlatform("HEAD", path)).status).toBe(200);
    expect(ids((await byPlatform("GET", "/v1.0/tenants")).body)).toContain(body.GUID);
    expect(ids((await byPlatform("GET", `/v1.0/tenants?guids=${body.GUID}`)).body)).toEqual([body.GUID]);
    const changed = await byPlatform("PUT", path, { ...body, Name: `${body.Name}!`, Active: false });
    expect(changed.body).toMatchObject({ Name: `${body.Name}!`, Active: false });
    expect(await byPlatform("DELETE", path)).toMatchObject({ status: 200, text: "" });
    expect(await byPlatform("GET", path)).toMatchObject(lgError("NotFound", 404));
    expect((await byPlatform("DELETE", path)).status).toBe(200);
  });

  test("that hold something are deleted by force alone, with all that is in them", async () => {
    const full = await doorstep();
    await made(api, full);
    const path = full.at();
    const refused = await byPlatform("DELETE", path);
    expect(refused).toMatchObject(lgError("Conflict", 409));
    expect(refused.body.Description).toMatch(/people.*tokens/);
    expect((await byPlatform("DELETE", `${path}?force`)).status).toBe(200);
    await expect.poll(async () => (await api.send("GET", path, { token: full.admin })).status).toBe(401);
  });

  test("have a name and a GUID nobody else has", async () => {
    const body = await create();
    const namesake = await byPlatform("PUT", "/v1.0/tenants", { Name: body.Name });
    expect(namesake).toMatchObject({ status: 200, body: { Name: `${body.Name} (2)` } });
    const renamed = await byPlatform("PUT", `/v1.0/tenants/${namesake.body.GUID}`, { Name: body.Name });
    expect(renamed).toMatchObject(lgError("Conflict", 409));
    const again = await byPlatform("PUT", "/v1.0/tenants", { GUID: body.GUID, Name: randomUUID() });
    expect(again).toMatchObject(lgError("Conflict", 409));
    expect(await byPlatform("PUT", "/v1.0/tenants", { Name: "" })).toMatchObject(lgError("BadRequest", 400));
    expect(await byPlatform("PUT", "/v1.0/tenants", {})).toMatchObject(lgError("BadRequest", 400));
  });

  test("are, to an organisation's administrator, the own one alone", async () => {
    expect(ids((await ask("GET", "/v1.0/tenants")).body)).toEqual([door.own.orgId]);
    expect(ids((await ask("GET", "/v2.0/tenants")).body.Objects)).toEqual([door.own.orgId]);
    expect((await ask("GET", door.at())).body).toMatchObject({ GUID: door.own.orgId, Name: door.own.name });
    const renamed = await ask("PUT", door.at(), { Name: `${door.own.name} renamed` });
    expect([renamed.status, renamed.body.Active]).toEqual([200, true]);
    for (const answer of [
      await ask("PUT", "/v1.0/tenants", { Name: "mine" }),
      await ask("PUT", door.at(), { Name: "x", Active: false }),
      await ask("DELETE", `${door.at()}?force`),
    ]) {
      expect(answer).toMatchObject(lgError("AuthorizationFailed", 401));
    }
  });

  test("cannot be deleted or switched off from inside", async () => {
    const path = `/v1.0/tenants/${door.home.orgId}`;
    expect(await byPlatform("DELETE", `${path}?force`)).toMatchObject(lgError("Conflict", 409));
    expect(await byPlatform("PUT", path, { Active: false })).toMatchObject(lgError("Conflict", 409));
  });
});

test("one administrator of the platform looks after users and credentials of every tenant", async () => {
  const { body } = await ask("PUT", users(), aUser(), door.platform);
  const credential = await ask("PUT", door.at("/credentials"), { UserGUID: body.GUID, Name: "x" }, door.platform);
  expect(credential.status).toBe(200);
  expect((await ask("GET", door.at("/credentials"), undefined, door.platform)).body[0].GUID).toBe(credential.body.GUID);
  expect((await ask("DELETE", `${users()}/${body.GUID}`, undefined, door.platform)).status).toBe(200);
});
