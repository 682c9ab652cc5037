import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { fetchSecret } from "@/lib/credentials";
import { type Api, type Sent, startApi } from "@/test/api";
import { type Tenant, tenant } from "@/test/tenant";
import { BLANK } from "../masks";

let api: Api;
let mine: Tenant;
let key: string;
let viewKey: string;
let other: { tenant: Tenant; key: string };

beforeAll(async () => {
  api = await startApi();
  mine = await tenant();
  [key, viewKey] = [await mine.token(mine.user), await mine.token(mine.user, { scopes: ["read"] })];
  const stranger = await tenant();
  other = { tenant: stranger, key: await stranger.token(stranger.user) };
});

const BASE = "/api/v1/credentials";
const send = (method: string, path: string, body?: unknown, more: Sent = {}) =>
  api.send(method, BASE + path, { token: key, body, ...more });
const openAi = (more: object = {}) => ({
  name: `OpenAI ${randomUUID()}`,
  credentialName: "openAIApi",
  plainDataObj: { openAIApiKey: `key-${randomUUID()}` },
  ...more,
});
const made = async (body: object = openAi()) => (await send("POST", "", body)).body;
/** What a workflow gets of it. */
const stored = async (id: string) => (await fetchSecret(mine.program, id)).data;
const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const thrown = (status: number, message: unknown) => ({
  status,
  body: { statusCode: status, success: false, message, stack: {} },
});

describe("who calls", () => {
  test.each<[string, Sent, number, object]>([
    ["nobody", {}, 401, { error: "Unauthorized Access" }],
    ["a bad key", { token: "nope" }, 401, { error: "Unauthorized Access" }],
    [
      "the internal header without a cookie",
      { headers: { "x-request-from": "internal" } },
      401,
      { message: "Invalid or Missing token" },
    ],
  ])("%s is refused", async (_name, sent, status, body) => {
    expect(await api.send("GET", BASE, sent)).toMatchObject({ status, body });
  });

  test("the bare key works, a lower-case scheme does not, and a key beside the internal header is not looked at", async () => {
    const by = (headers: Record<string, string>) => api.send("GET", BASE, { headers });
    expect((await by({ authorization: key })).status).toBe(200);
    expect((await by({ authorization: `bearer ${key}` })).body).toEqual({ error: "Unauthorized Access" });
    const internal = { authorization: `Bearer ${key}`, "x-request-from": "internal" };
    expect((await by(internal)).body).toEqual({ message: "Invalid or Missing token" });
  });

  test("a key that may only view lists, and is forbidden everything else", async () => {
    const { id } = await made();
    const view = (method: string, path: string, body?: unknown) => send(method, path, body, { token: viewKey });
    expect((await view("GET", "")).status).toBe(200);
    for (const [method, path, body] of [
      ["GET", `/${id}`],
      ["GET", `/${id}/reveal`],
      ["POST", "", openAi()],
      ["PUT", `/${id}`, { name: "b" }],
      ["DELETE", `/${id}`],
    ] as const)
      expect(await view(method, path, body)).toMatchObject({ status: 403, body: { message: "Forbidden" } });
  });
});

describe("POST /credentials", () => {
  test("stores, answers 200 with the row, and in the ciphertext's place a reference that opens nothing", async () => {
    const body = openAi();
    const answer = await send("POST", "", body);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: body.name,
        credentialName: "openAIApi",
        workspaceId: mine.orgId,
        createdDate: expect.stringMatching(ISO),
        updatedDate: expect.stringMatching(ISO),
        encryptedData: expect.any(String),
      },
    });
    expect(await stored(answer.body.id)).toEqual(body.plainDataObj);
    expect(answer.text).not.toContain(body.plainDataObj.openAIApiKey);
  });

  test("takes a form as well, brackets included", async () => {
    const form = `name=form-${randomUUID()}&credentialName=openAIApi&plainDataObj[openAIApiKey]=formkey`;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await send("POST", "", form, { headers });
    expect(answer.status).toBe(200);
    expect(await stored(answer.body.id)).toEqual({ openAIApiKey: "formkey" });
  });

  test("takes a kind that nobody knows: every field a secret", async () => {
    const { id } = await made({ name: "odd", credentialName: "noSuchType", plainDataObj: { secret: "s3cr3t" } });
    expect((await send("GET", `/${id}`)).body.plainDataObj).toEqual({ secret: BLANK });
    expect((await send("GET", "?credentialName=noSuchType")).body).toHaveLength(1);
  });

  test("takes incomplete and empty values, numbers and yes or no as they are", async () => {
    expect((await send("POST", "", openAi({ plainDataObj: {} }))).status).toBe(200);
    const plainDataObj = {
      redisCacheHost: "127.0.0.1",
      redisCachePort: 6379,
      redisCacheUser: "u",
      redisCachePwd: "p",
      redisCacheSslEnabled: true,
    };
    const { id } = await made({ name: "redis", credentialName: "redisCacheApi", plainDataObj });
    expect((await send("GET", `/${id}`)).body.plainDataObj).toEqual({ ...plainDataObj, redisCachePwd: BLANK });
  });

  test("ignores keys that are not its own: workspace, ciphertext, dates", async () => {
    const evil = {
      workspaceId: other.tenant.orgId,
      encryptedData: "evil",
      createdDate: "2001-01-01T00:00:00Z",
      foo: 1,
    };
    const row = await made(openAi(evil));
    expect(row.workspaceId).toBe(mine.orgId);
    expect(row.createdDate > "2026").toBe(true);
  });

  test("gives a second of the same name a number, and an empty name the kind's", async () => {
    const name = `Twice ${randomUUID()}`;
    expect((await made(openAi({ name }))).name).toBe(name);
    expect((await made(openAi({ name }))).name).toBe(`${name} (2)`);
    expect((await made(openAi({ name: "" }))).name).toMatch(/^OpenAI/);
  });

  test("keeps an id that the caller brings, finds it by it, and never gives it twice", async () => {
    const id = `cred-${randomUUID()}`;
    expect((await made(openAi({ id }))).id).toBe(id);
    expect((await send("GET", `/${id}`)).body).toMatchObject({ id, plainDataObj: { openAIApiKey: BLANK } });
    expect(await send("POST", "", openAi({ id }))).toMatchObject({ status: 409 });
    const uuid = randomUUID();
    expect((await made(openAi({ id: uuid }))).id).toBe(uuid);
  });

  test("is done once per Idempotency-Key", async () => {
    const [body, headers] = [openAi(), { "idempotency-key": randomUUID() }];
    const [first, again] = [await send("POST", "", body, { headers }), await send("POST", "", body, { headers })];
    expect(again.body.id).toBe(first.body.id);
    expect((await send("POST", "", openAi(), { headers })).status).toBe(422);
  });

  test.each<[string, unknown, unknown]>([
    ["an empty object", {}, expect.stringMatching(/name: Is required.*credentialName.*plainDataObj/)],
    ["no name", { credentialName: "openAIApi", plainDataObj: {} }, "name: Is required"],
    ["no kind", { name: "a", plainDataObj: {} }, "credentialName: Is required"],
    ["no values", { name: "a", credentialName: "openAIApi" }, "plainDataObj: Is required"],
    [
      "text for values",
      { name: "a", credentialName: "openAIApi", plainDataObj: "hello" },
      expect.stringContaining("plainDataObj"),
    ],
    [
      "a value inside a value",
      openAi({ plainDataObj: { openAIApiKey: { deep: 1 } } }),
      expect.stringContaining("plainDataObj.openAIApiKey"),
    ],
    ["JSON cut short", '{"name":', expect.any(String)],
    ["a dangerous name", '{"name":"a","credentialName":"x","plainDataObj":{"__proto__":{"a":1}}}', expect.any(String)],
  ])("says what is wrong with %s, with 400", async (_name, body, message) => {
    expect(await send("POST", "", body)).toMatchObject(thrown(400, message));
  });
});

describe("GET /credentials", () => {
  test("lists what there is, oldest first, and no values at all", async () => {
    const own = await tenant();
    const token = await own.token(own.user);
    const sent = (method: string, path: string, body?: unknown) => api.send(method, BASE + path, { token, body });
    expect((await sent("GET", "")).body).toEqual([]);
    const kinds = ["httpApiKey", "noSuchType", "httpApiKey"];
    const ids: string[] = [];
    for (const credentialName of kinds) {
      const answer = await sent("POST", "", {
        name: `n ${randomUUID()}`,
        credentialName,
        plainDataObj: { value: "v" },
      });
      ids.push(answer.body.id);
    }
    const [a, b, c] = ids;
    const listed = async (query: string) => (await sent("GET", query)).body.map(({ id }: { id: string }) => id);
    expect(await listed("")).toEqual([a, b, c]);
    expect(await listed("?name=x&page=1&limit=1")).toEqual([a, b, c]);
    expect(await listed("?credentialName=")).toEqual([a, b, c]);
    expect(await listed("?credentialName=httpApiKey")).toEqual([a, c]);
    expect(await listed("?credentialName=zzz")).toEqual([]);
    expect(await listed("?credentialName=noSuchType&credentialName=httpApiKey")).toEqual([b, a, c]);
    expect(await listed("?credentialName[]=noSuchType&credentialName[]=httpApiKey")).toEqual([b, a, c]);
    expect(await listed("?credentialName=noSuchType&credentialName=noSuchType")).toEqual([b, b]);
    expect((await sent("GET", "?credentialName[a]=httpApiKey")).status).toBe(400);
    const [first] = (await sent("GET", "/")).body;
    expect(Object.keys(first).sort()).toEqual(
      ["id", "name", "credentialName", "createdDate", "updatedDate", "workspaceId"].sort(),
    );
  });

  test("answers 304 to whoever has this very list, and HEAD without a body", async () => {
    const first = await send("GET", "?credentialName=zzz");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^W\//);
    const headers = { "if-none-match": etag };
    expect(await send("GET", "?credentialName=zzz", undefined, { headers })).toMatchObject({ status: 304, text: "" });
    expect(await send("HEAD", "")).toMatchObject({ status: 200, text: "" });
  });

  test("shows what was made through the other doors, under a name by which it can be edited here", async () => {
    const body = {
      provider: "sftp",
      credential_type: "user_password",
      credentials: { host: "a.example.com", username: "u", password: "p" },
    };
    const { id } = (await api.send("POST", "/api/integrations/credentials", { token: key, body })).body;
    const [found] = (await send("GET", "?credentialName=sftp.user_password")).body.filter(
      (one: { id: string }) => one.id === id,
    );
    expect(found).toMatchObject({ id, credentialName: "sftp.user_password" });
    expect((await send("GET", `/${id}`)).body.plainDataObj).toMatchObject({ host: "a.example.com", password: BLANK });
    const schema = await api.send("GET", "/api/v1/components-credentials/sftp.user_password", { token: key });
    expect(schema.body.inputs.map(({ name }: { name: string }) => name)).toContain("password");
    expect((await send("PUT", `/${id}`, { name: `renamed ${id}` })).status).toBe(200);
    expect(await stored(id)).toMatchObject({ password: "p" });
  });
});

describe("PUT /credentials/:id", () => {
  test("changes the name alone, the values alone, and merges field by field", async () => {
    const row = await made();
    const before = await stored(row.id);
    const renamed = await send("PUT", `/${row.id}`, { name: `${row.name} renamed` });
    expect(renamed).toMatchObject({ status: 200, body: { id: row.id, name: `${row.name} renamed` } });
    expect(renamed.body.encryptedData).not.toBe(row.encryptedData);
    expect(await stored(row.id)).toEqual(before);
    await send("PUT", `/${row.id}`, { plainDataObj: { openAIApiKey: "second" } });
    await send("PUT", `/${row.id}`, { plainDataObj: { extraField: "kept" } });
    expect(await stored(row.id)).toEqual({ openAIApiKey: "second", extraField: "kept" });
    await send("PUT", `/${row.id}`, { plainDataObj: { extraField: null } });
    expect(await stored(row.id)).toEqual({ openAIApiKey: "second" });
  });

  test.each([
    ["an empty object", {}],
    ["a list", []],
  ])("takes %s and changes no value", async (_name, body) => {
    const row = await made();
    const before = await stored(row.id);
    expect(await send("PUT", `/${row.id}`, body)).toMatchObject({ status: 200, body: { id: row.id, name: row.name } });
    expect(await stored(row.id)).toEqual(before);
  });

  test("takes the mask that it handed out for what is stored, in a URL as well", async () => {
    const row = await made();
    const before = await stored(row.id);
    const { plainDataObj } = (await send("GET", `/${row.id}`)).body;
    const change = { name: row.name, credentialName: row.credentialName, plainDataObj };
    expect((await send("PUT", `/${row.id}`, change)).status).toBe(200);
    expect(await stored(row.id)).toEqual(before);
    const url = "postgresql://bob:hunter2@db.example.com:5432/x";
    const { id } = await made({ name: "pgurl", credentialName: "PostgresUrl", plainDataObj: { postgresUrl: url } });
    const shown = (await send("GET", `/${id}`)).body.plainDataObj;
    expect(shown).toEqual({ postgresUrl: "postgresql://bob:••••••@db.example.com:5432/x" });
    expect((await send("PUT", `/${id}`, { plainDataObj: shown })).status).toBe(200);
    expect(await stored(id)).toEqual({ postgresUrl: url });
  });

  test("refuses another kind, and asks again for secrets that would go somewhere new", async () => {
    const row = await made();
    expect(await send("PUT", `/${row.id}`, { credentialName: "httpApiKey" })).toMatchObject(
      thrown(400, expect.stringContaining("credentialName")),
    );
    expect((await send("PUT", `/${row.id}`, { credentialName: "openAIApi", name: 5 })).body.name).toMatch(/^5/);
    const plainDataObj = {
      redisCacheHost: "a.example.com",
      redisCachePort: 6379,
      redisCacheUser: "u",
      redisCachePwd: "p",
    };
    const { id } = await made({ name: `r ${randomUUID()}`, credentialName: "redisCacheApi", plainDataObj });
    const moved = { plainDataObj: { redisCacheHost: "b.example.com" } };
    expect(await send("PUT", `/${id}`, moved)).toMatchObject(
      thrown(400, expect.stringContaining("plainDataObj.redisCachePwd")),
    );
  });

  test("refuses a change of what has moved on, where the caller says what it has seen", async () => {
    const { id } = await made();
    const etag = (await send("GET", `/${id}`)).headers.get("etag") ?? "";
    const headers = { "if-match": etag };
    const answers = await Promise.all(
      ["a", "b", "c"].map((name) => send("PUT", `/${id}`, { name: `${name} ${id}` }, { headers })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  test("without a body is 412, as a POST is", async () => {
    const { id } = await made();
    for (const [method, path, what] of [
      ["PUT", `/${id}`, "updateCredential"],
      ["POST", "", "createCredential"],
    ] as const)
      expect(await send(method, path)).toMatchObject(
        thrown(412, `Error: credentialsController.${what} - body not provided!`),
      );
  });

  test("with an empty name is 400, and the name stays", async () => {
    const row = await made();
    for (const name of ["", "  "])
      expect(await send("PUT", `/${row.id}`, { name })).toMatchObject(thrown(400, "name: Must not be empty"));
    expect((await send("GET", `/${row.id}`)).body.name).toBe(row.name);
  });

  test("without an id is 412, and a name of null is 400", async () => {
    for (const path of ["", "/"])
      expect(await send("PUT", path, { name: "x" })).toMatchObject(
        thrown(412, "Error: credentialsController.updateCredential - id not provided!"),
      );
    const { id } = await made();
    expect(await send("PUT", `/${id}`, { name: null })).toMatchObject(thrown(400, expect.stringContaining("name")));
  });
});

test("reveal answers masks in its shape", async () => {
  const { id } = await made({
    name: `k ${randomUUID()}`,
    credentialName: "httpApiKey",
    plainDataObj: { key: "k", value: "v" },
  });
  expect(await send("GET", `/${id}/reveal`)).toMatchObject({
    status: 200,
    body: { plainDataObj: { key: BLANK, value: BLANK } },
  });
});

describe("DELETE /credentials/:id", () => {
  test("says how many it deleted, and is no error the second time", async () => {
    const { id } = await made();
    expect(await send("DELETE", `/${id}`)).toMatchObject({ status: 200, body: { raw: [], affected: 1 } });
    expect(await send("DELETE", `/${id}`)).toMatchObject({ status: 200, body: { raw: [], affected: 0 } });
    expect(await send("GET", `/${id}`)).toMatchObject({ status: 404 });
  });

  test("without an id is 412", async () => {
    expect(await send("DELETE", "")).toMatchObject(
      thrown(412, "Error: credentialsController.deleteCredentials - id not provided!"),
    );
  });
});

describe("what is not there", () => {
  test.each([
    ["GET", "", "createCredential"],
    ["PUT", "", "updateCredential"],
    ["GET", "/reveal", "revealCredentialById"],
  ])(
    "%s of an unknown id%s is 404 in the known words; another organisation's is just the same",
    async (method, rest, service) => {
      const theirs = (await api.send("POST", BASE, { token: other.key, body: openAi() })).body.id;
      for (const id of [UNKNOWN, "cred-789", theirs]) {
        expect(await send(method, `/${id}${rest}`, method === "PUT" ? { name: "x" } : undefined)).toMatchObject(
          thrown(404, `Error: credentialsService.${service} - Credential ${id} not found`),
        );
      }
      expect((await send("DELETE", `/${theirs}`)).body).toEqual({ raw: [], affected: 0 });
      expect((await api.send("GET", `${BASE}/${theirs}`, { token: other.key })).status).toBe(200);
    },
  );

  test("a path or a method that the contract does not have gets JSON in its shape, never a page", async () => {
    const { id } = await made();
    expect(await send("GET", `/${id}/nope`)).toMatchObject(thrown(404, expect.any(String)));
    expect(await send("PATCH", `/${id}`, { name: "b" })).toMatchObject({ status: 405 });
  });
});
