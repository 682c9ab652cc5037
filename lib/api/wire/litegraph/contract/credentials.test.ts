import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, lgError, made, strongToken } from "@/test/litegraph";

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ask = (method: string, path: string, body?: unknown, headers = {}) =>
  api.send(method, path, { token: door.admin, body, headers });
const collection = () => door.at("/credentials");
const item = (id: string) => door.at(`/credentials/${id}`);
const signsIn = async (token: string) => (await api.send("GET", "/api/integrations/catalog", { token })).status === 200;

describe("PUT on the collection", () => {
  test("makes a credential, in PascalCase, with six-digit times, and nothing that has no value", async () => {
    const answer = await ask("PUT", collection(), { UserGUID: door.own.user.id, Name: "robot" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.body).toEqual({
      GUID: expect.stringMatching(GUID),
      TenantGUID: door.own.orgId,
      UserGUID: door.own.user.id,
      Name: "robot",
      BearerToken: expect.stringMatching(/^lk_.{50}$/),
      Active: true,
      CreatedUtc: expect.stringMatching(TIME),
      LastUpdateUtc: expect.stringMatching(TIME),
    });
  });

  test("takes GUID, token, scopes and graphs from the caller; times it does not", async () => {
    const body = {
      GUID: randomUUID().toUpperCase(),
      TenantGUID: randomUUID(),
      UserGUID: door.own.user.id,
      Name: "brought",
      BearerToken: strongToken(),
      Active: false,
      Scopes: ["READ", "write", "*", "write"],
      GraphGUIDs: [randomUUID()],
      CreatedUtc: "2001-01-01T00:00:00.000000Z",
      LastUpdateUtc: "2001-01-01T00:00:00.000000Z",
      Unknown: { anything: [1] },
    };
    const answer = await ask("PUT", collection(), body);
    expect(answer.body).toMatchObject({
      GUID: body.GUID.toLowerCase(),
      TenantGUID: door.own.orgId,
      BearerToken: body.BearerToken,
      Active: false,
      Scopes: ["read", "write", "admin"],
      GraphGUIDs: body.GraphGUIDs,
    });
    expect(answer.body.CreatedUtc).not.toMatch(/^2001/);
  });

  test("stores none where the token is null or empty, and makes none up", async () => {
    for (const BearerToken of [null, ""]) {
      const body = await made(api, door, { BearerToken });
      expect(body).not.toHaveProperty("BearerToken");
      expect((await ask("GET", item(body.GUID))).body).not.toHaveProperty("BearerToken");
    }
  });

  test("takes empty GUIDs in the fields that the path decides", async () => {
    expect(await made(api, door, { GUID: "", TenantGUID: "" })).toMatchObject({ TenantGUID: door.own.orgId });
  });

  test("refuses a GUID or a token in use with 409, also another tenant's, without saying whose", async () => {
    const elsewhere = await doorstep();
    const [mine, theirs] = [await made(api, door, { BearerToken: strongToken() }), strongToken()];
    await made(api, elsewhere, { BearerToken: theirs });
    const answers = [];
    for (const BearerToken of [mine.BearerToken, theirs]) {
      answers.push(await ask("PUT", collection(), { UserGUID: door.own.user.id, Name: "x", BearerToken }));
    }
    expect(answers[0]).toMatchObject(lgError("Conflict", 409));
    expect(answers[1]?.text).toBe(answers[0]?.text);
    const again = await ask("PUT", collection(), { GUID: mine.GUID, UserGUID: door.own.user.id, Name: "x" });
    expect(again).toMatchObject(lgError("Conflict", 409));
  });

  test.each([
    ["no user", { UserGUID: undefined }, "UserGUID"],
    ["an empty user", { UserGUID: "" }, "UserGUID"],
    ["an unknown user", { UserGUID: randomUUID() }, "UserGUID"],
    ["a GUID that is none", { GUID: "x" }, "GUID"],
    ["a tenant that is none", { TenantGUID: "x" }, "TenantGUID"],
    ["a name of the wrong type", { Name: 5 }, "Name"],
    ["a switch of the wrong type", { Active: "yes" }, "Active"],
    ["an unknown scope", { Scopes: ["delete"] }, "Scopes"],
    ["a graph that is none", { GraphGUIDs: ["x"] }, "GraphGUIDs"],
    ["a token that can be none", { BearerToken: "two words" }, "BearerToken"],
  ])("with %s is 400 and names the field", async (_, wrong, field) => {
    const answer = await ask("PUT", collection(), { UserGUID: door.own.user.id, Name: "x", ...wrong });
    expect(answer).toMatchObject(lgError("BadRequest", 400));
    expect(answer.body.Description).toContain(field);
  });

  test.each([[undefined], [""], ["null"], ["[]"], ["{"], ['{"Name":1,"Name":2}']])(
    "with the body %s is 400",
    async (body) => {
      const headers = { "content-type": "application/json" };
      expect(await ask("PUT", collection(), body, headers)).toMatchObject(lgError("BadRequest", 400));
    },
  );

  test("in a tenant that is not there is 400 for the platform's administrator", async () => {
    const path = `/v1.0/tenants/${randomUUID()}/credentials`;
    const body = { UserGUID: door.own.user.id, Name: "x" };
    expect(await api.send("PUT", path, { token: door.platform, body })).toMatchObject(lgError("BadRequest", 400));
  });

  test("sent again with one Idempotency-Key makes one; the replay shows no token", async () => {
    const [headers, body] = [{ "idempotency-key": randomUUID() }, { UserGUID: door.own.user.id, Name: "once" }];
    const first = await ask("PUT", collection(), body, headers);
    const second = await ask("PUT", collection(), body, headers);
    expect(second.body).toEqual({ ...first.body, BearerToken: expect.stringContaining("********") });
  });
});

describe("reading", () => {
  test("one, several and all shows a mask where the token was", async () => {
    const [one, two] = [await made(api, door), await made(api, door)];
    const single = await ask("GET", item(one.GUID.toUpperCase()));
    expect(single.body).toEqual({ ...one, BearerToken: expect.stringMatching(/^lk_.{5}\*{8}.{4}$/) });
    const several = await ask("GET", `${collection()}?guids=${two.GUID},nonsense,${randomUUID()},${one.GUID}`);
    expect(several.body.map(({ GUID: id }: { GUID: string }) => id)).toEqual([two.GUID, one.GUID]);
    const all = await ask("GET", collection());
    expect(all.body.map(({ GUID: id }: { GUID: string }) => id)).toEqual(expect.arrayContaining([one.GUID, two.GUID]));
    for (const { text } of [single, several, all]) expect(text).not.toContain(one.BearerToken);
  });

  test("the list knows order and skip", async () => {
    const fresh = await doorstep();
    for (const Name of ["b", "a", "c"]) await made(api, fresh, { Name });
    const names = async (query: string) => {
      const { body } = await api.send("GET", fresh.at(`/credentials?${query}`), { token: fresh.admin });
      return body.map(({ Name }: { Name: string }) => Name).filter((name: string) => name.length === 1);
    };
    expect(await names("")).toEqual(["c", "a", "b"]);
    expect(await names("order=CreatedAscending")).toEqual(["b", "a", "c"]);
    expect(await names("order=NameDescending&skip=1")).toEqual(["c", "b", "a"]);
    expect(await names("order=GuidAscending")).toHaveLength(3);
    for (const query of ["order=Modified", "skip=-1", "skip=x", "skip=1&skip=2"]) {
      const answer = await api.send("GET", fresh.at(`/credentials?${query}`), { token: fresh.admin });
      expect(answer, query).toMatchObject(lgError("BadRequest", 400));
    }
  });

  test("HEAD answers 200 or 404 without a body", async () => {
    const { GUID: id } = await made(api, door);
    expect(await ask("HEAD", item(id))).toMatchObject({ status: 200, text: "" });
    expect(await ask("HEAD", item(randomUUID()))).toMatchObject({ status: 404, text: "" });
  });

  test("of what is missing is 404, of a GUID that is none 400, of an unknown tenant's list empty", async () => {
    expect(await ask("GET", item(randomUUID()))).toMatchObject(lgError("NotFound", 404));
    expect(await ask("GET", item("nonsense"))).toMatchObject(lgError("BadRequest", 400));
    const unknown = `/v1.0/tenants/${randomUUID()}`;
    expect((await api.send("GET", `${unknown}/credentials`, { token: door.platform })).body).toEqual([]);
    expect(await api.send("GET", unknown, { token: door.platform })).toMatchObject(lgError("NotFound", 404));
  });

  test("by bearer token finds it in one's own tenant, and everywhere for the platform", async () => {
    const elsewhere = await doorstep();
    const [mine, theirs] = [await made(api, door), await made(api, elsewhere)];
    const find = (token: string, as: string) => api.send("GET", `/v1.0/credentials/bearer/${token}`, { token: as });
    expect((await find(mine.BearerToken, door.admin)).body).toMatchObject({ GUID: mine.GUID });
    expect((await find(theirs.BearerToken, door.platform)).body).toMatchObject({ GUID: theirs.GUID });
    const foreign = await find(theirs.BearerToken, door.admin);
    expect(foreign).toMatchObject(lgError("NotFound", 404));
    expect((await find(strongToken(), door.admin)).text).toBe(foreign.text);
  });
});

describe("PUT on a credential", () => {
  test("replaces name and switch; left out, the name empties and the switch is on again", async () => {
    const { GUID: id } = await made(api, door, { Active: false });
    expect((await ask("PUT", item(id), { Name: "renamed", Active: false })).body).toMatchObject({ Name: "renamed" });
    const bare = await ask("PUT", item(id), { UserGUID: door.own.user.id });
    expect(bare.body).toMatchObject({ Active: true });
    expect(bare.body).not.toHaveProperty("Name");
  });

  test("with another token rotates at once and shows it in that answer alone", async () => {
    const before = await made(api, door);
    const BearerToken = strongToken();
    const changed = await ask("PUT", item(before.GUID), { ...before, BearerToken });
    expect(changed.body.BearerToken).toBe(BearerToken);
    expect([await signsIn(before.BearerToken), await signsIn(BearerToken)]).toEqual([false, true]);
    expect((await ask("GET", item(before.GUID))).text).not.toContain(BearerToken);
    const second = await ask("PUT", item(before.GUID), { ...changed.body, Name: "again", LastUpdateUtc: undefined });
    expect(second.body.BearerToken).toContain("********");
  });

  test("with the mask, the same token, null, an empty one or none keeps it", async () => {
    const before = await made(api, door);
    const { BearerToken: mask } = (await ask("GET", item(before.GUID))).body;
    for (const BearerToken of [mask, before.BearerToken, null, "", undefined]) {
      const { body, status } = await ask("PUT", item(before.GUID), { Name: "kept", BearerToken });
      expect([status, body.BearerToken]).toEqual([200, mask]);
    }
    expect(await signsIn(before.BearerToken)).toBe(true);
  });

  test("with another credential's mask is 400, with a token in use 409", async () => {
    const [one, two] = [await made(api, door), await made(api, door)];
    const { BearerToken: mask } = (await ask("GET", item(two.GUID))).body;
    expect(await ask("PUT", item(one.GUID), { BearerToken: mask })).toMatchObject(lgError("BadRequest", 400));
    const taken = await ask("PUT", item(one.GUID), { BearerToken: two.BearerToken });
    expect(taken).toMatchObject(lgError("Conflict", 409));
  });

  test("keeps scopes and graphs that it leaves out, and clears them by an empty list", async () => {
    const { GUID: id } = await made(api, door, { Scopes: ["read"], GraphGUIDs: [randomUUID()] });
    expect((await ask("PUT", item(id), { Name: "x" })).body).toMatchObject({
      Scopes: ["read"],
      GraphGUIDs: [expect.any(String)],
    });
    const cleared = await ask("PUT", item(id), { Name: "x", Scopes: [], GraphGUIDs: [] });
    expect(cleared.body).not.toHaveProperty("Scopes");
    expect(cleared.body).not.toHaveProperty("GraphGUIDs");
  });

  test("shows a credential that may do nothing as such, and sent back as it was read it may do nothing still", async () => {
    const { GUID: id } = await made(api, door, { Scopes: ["none"] });
    const { body: read } = await ask("GET", item(id));
    expect(read.Scopes).toEqual(["none"]);
    for (const sent of [read, { ...read, Scopes: undefined }])
      expect((await ask("PUT", item(id), { ...sent, LastUpdateUtc: undefined })).body.Scopes).toEqual(["none"]);
  });

  test("checks the user, and never moves the credential to another", async () => {
    const { GUID: id } = await made(api, door);
    const moved = await ask("PUT", item(id), { Name: "x", UserGUID: door.own.other.id, GUID: randomUUID() });
    expect(moved.body).toMatchObject({ GUID: id, UserGUID: door.own.user.id });
    const unknown = await ask("PUT", item(id), { Name: "x", UserGUID: randomUUID() });
    expect(unknown).toMatchObject(lgError("BadRequest", 400));
  });

  test("of what is missing is 404", async () => {
    expect(await ask("PUT", item(randomUUID()), { Name: "x" })).toMatchObject(lgError("NotFound", 404));
  });

  test("is refused when it was made from an older state, by time or by If-Match", async () => {
    const before = await made(api, door);
    const now = (await ask("PUT", item(before.GUID), { ...before, Name: "first" })).body;
    expect(await ask("PUT", item(before.GUID), { ...before, Name: "late" })).toMatchObject(lgError("Conflict", 409));
    const tag = { "if-match": '"1"' };
    expect(await ask("PUT", item(before.GUID), { Name: "late" }, tag)).toMatchObject(lgError("Conflict", 409));
    expect((await ask("PUT", item(before.GUID), { ...now, Name: "in time" })).status).toBe(200);
    const sample = { ...now, LastUpdateUtc: "2024-12-27T18:12:38.653402Z" };
    expect((await ask("PUT", item(before.GUID), sample)).status).toBe(200);
  });
});

describe("DELETE", () => {
  test("answers 200 without a body, also the second time, and the token is dead", async () => {
    const { GUID: id, BearerToken } = await made(api, door);
    expect(await signsIn(BearerToken)).toBe(true);
    for (let at = 0; at < 2; at++) {
      const answer = await ask("DELETE", item(id));
      expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([200, "", "application/json"]);
    }
    await expect.poll(() => signsIn(BearerToken)).toBe(false);
    expect(await ask("GET", item(id))).toMatchObject(lgError("NotFound", 404));
  });

  test("of all of a user, and of all of a tenant, but the one that asks", async () => {
    const fresh = await doorstep();
    const send = (method: string, path: string) => api.send(method, fresh.at(path), { token: fresh.admin });
    const count = async () => (await send("GET", "/credentials")).body.length;
    for (let at = 0; at < 3; at++) await made(api, fresh);
    await made(api, fresh, { UserGUID: fresh.own.other.id });
    expect(await count()).toBe(5);
    expect((await send("DELETE", `/users/${fresh.own.user.id}/credentials`)).status).toBe(200);
    expect(await count()).toBe(2);
    expect(await send("DELETE", `/users/${randomUUID()}/credentials`)).toMatchObject(lgError("NotFound", 404));
    expect((await send("DELETE", "/credentials")).status).toBe(200);
    expect(await count()).toBe(1);
    const unknown = `/v1.0/tenants/${randomUUID()}/credentials`;
    expect(await api.send("DELETE", unknown, { token: fresh.platform })).toMatchObject(lgError("NotFound", 404));
  });
});
