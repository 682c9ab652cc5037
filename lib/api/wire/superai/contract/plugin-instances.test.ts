import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { grantAccess } from "@/lib/access";
import { createCredential, deleteCredential } from "@/lib/credentials";
import { deleteOrganization, platformActor } from "@/lib/organizations";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let stranger: Tenant;
let [admin, user, other, auditor, program, foreign] = ["", "", "", "", "", ""];
const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 1 });
afterAll(() => owner.end());

beforeAll(async () => {
  api = await startApi();
  [own, stranger] = [await tenant(), await tenant()];
  admin = await own.token(own.admin);
  user = await own.token(own.user);
  other = await own.token(own.other);
  auditor = await own.token(own.auditor);
  program = await own.token(own.program);
  foreign = await stranger.token(stranger.admin);
});

const PATH = "/api/plugins/sftp/instances";
const credentialOf = async (actor = own.user, provider = "sftp") => {
  const values = provider === "sftp" ? sftpValues() : { ...sftpValues(), port: 5432, database: "app" };
  return (await createCredential(actor, { provider, type: "user_password", data: values })).id;
};
const entry = (more: object = {}) => ({
  flow_id: randomUUID(),
  credential_id: null,
  task_name: "Send the report",
  description: "",
  ...more,
});
const register = async (more: object = {}, token = user) => {
  const answer = await api.send("POST", PATH, { token, body: entry(more) });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};

describe("POST /plugins/{plugin}/instances", () => {
  test("registers a use, and shows it at each of its addresses", async () => {
    const sent = entry({ credential_id: await credentialOf(), description: "Every morning\nat six" });
    const made = await api.send("POST", "/plugins/SFTP/instances", { token: user, body: sent });
    expect(made.status, made.text).toBe(201);
    expect(made.body).toEqual({
      ...sent,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: expect.any(String),
      updated_at: made.body.created_at,
      modified_by: own.user.name,
      organization_id: own.orgId,
      plugin_name: "sftp",
    });
    for (const start of ["/plugins", "/api/plugins", "/integrations/plugins", "/api/integrations/plugins"]) {
      const one = await api.send("GET", `${start}/sftp/instances/${made.body.id}`, { token: user });
      expect([one.status, one.body], start).toEqual([200, made.body]);
      for (const list of ["/sftp/instances", "/instances"]) {
        const { body } = await api.send("GET", `${start}${list}?flow_id=${sent.flow_id}`, { token: user });
        expect(body, start + list).toEqual([made.body]);
      }
    }
  });

  test("cleans names as every name is cleaned", async () => {
    expect(await register({ task_name: "  Cafe\u0301 ", description: " x " })).toMatchObject({
      task_name: "Café",
      description: "x",
    });
  });

  test.each<[object, number, string]>([
    [{ flow_id: "flow-1" }, 422, "flow_id"],
    [{ flow_id: undefined }, 422, "flow_id"],
    [{ credential_id: undefined }, 422, "credential_id"],
    [{ credential_id: "mine" }, 422, "credential_id"],
    [{ credential_id: randomUUID() }, 400, "credential_id"],
    [{ task_name: undefined }, 422, "task_name"],
    [{ task_name: "" }, 400, "task_name"],
    [{ task_name: "  " }, 400, "task_name"],
    [{ task_name: "n".repeat(201) }, 400, "task_name"],
    [{ task_name: "a\u202eb" }, 400, "task_name"],
    [{ task_name: "a\nb" }, 400, "task_name"],
    [{ description: undefined }, 422, "description"],
    [{ description: null }, 422, "description"],
    [{ description: "d".repeat(2_001) }, 400, "description"],
    [{ description: "a\u200bb" }, 400, "description"],
    [{ organization_id: randomUUID() }, 422, "organization_id"],
  ])("refuses %j with %i, naming the field", async (more, status, field) => {
    const answer = await api.send("POST", PATH, { token: user, body: entry(more) });
    expect([answer.status, answer.body.error.details[0].loc], answer.text).toEqual([status, ["body", field]]);
  });

  test("takes a credential of the plugin alone; another organisation's, a deleted and an unknown one look alike", async () => {
    const tried = async (id: string) =>
      (await api.send("POST", PATH, { token: user, body: entry({ credential_id: id }) })).body.error;
    expect(await tried(await credentialOf(own.user, "postgresql"))).toMatchObject({
      code: "bad_request",
      details: [{ loc: ["body", "credential_id"], msg: "Is a credential of another plugin" }],
    });
    const gone = await credentialOf();
    await deleteCredential(own.user, gone);
    const unknown = await tried(randomUUID());
    expect(await tried(await credentialOf(stranger.user))).toEqual(unknown);
    expect(await tried(gone)).toEqual(unknown);
  });

  test("is done once for one Idempotency-Key, and for each plugin apart", async () => {
    const body = entry();
    const headers = { "idempotency-key": randomUUID() };
    const [first, again] = [
      await api.send("POST", PATH, { token: user, body, headers }),
      await api.send("POST", PATH, { token: user, body, headers }),
    ];
    expect([again.status, again.body, again.headers.get("idempotent-replayed")]).toEqual([201, first.body, "true"]);
    const elsewhere = await api.send("POST", "/plugins/google/instances", { token: user, body, headers });
    expect([elsewhere.status, elsewhere.body.plugin_name]).toEqual([201, "google"]);
    const other = await api.send("POST", PATH, { token: user, body: entry(), headers });
    expect(other.status).toBe(422);
  });

  test("is refused at the organisation's limit, which a deletion makes room under", async () => {
    const full = await tenant();
    const token = await full.token(full.admin);
    await owner.query(
      `INSERT INTO plugin_instance (org_id, id, plugin, flow_id, task_name, description, registered_by_id, registered_by,
         created_at, updated_at, modified_by)
       SELECT $1, gen_random_uuid(), 'sftp', gen_random_uuid(), 't', '', $2, 'x', now(), now(), 'x' FROM generate_series(1, 9999)`,
      [full.orgId, full.admin.id],
    );
    const make = () => api.send("POST", PATH, { token, body: entry() });
    const both = await Promise.all([make(), make()]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 400]);
    expect(both.find(({ status }) => status === 400)?.body.error).toMatchObject({
      code: "bad_request",
      details: { limit: 10_000, scope: "organization", current: 10_000 },
    });
    const id = both.find(({ status }) => status === 201)?.body.id;
    expect((await api.send("DELETE", `${PATH}/${id}`, { token })).status).toBe(204);
    expect((await make()).status).toBe(201);
  });
});

describe("a list of uses", () => {
  test("is newest first, in stretches, and narrowed by each of its filters", async () => {
    const [flow, credential] = [randomUUID(), await credentialOf()];
    const ids: string[] = [];
    for (const task_name of ["a", "b", "c"])
      ids.unshift((await register({ flow_id: flow, task_name, credential_id: credential })).id);
    await register();
    const list = async (query: string) => {
      const answer = await api.send("GET", `${PATH}?${query}`, { token: user });
      expect(answer.status, answer.text).toBe(200);
      return answer.body.map((one: { id: string }) => one.id);
    };
    expect(await list(`flow_id=${flow}`)).toEqual(ids);
    expect(await list(`credential_id=${credential.toUpperCase()}`)).toEqual(ids);
    expect(await list(`flow_id=${flow}&task_name=b`)).toEqual([ids[1]]);
    expect(await list(`flow_id=${flow}&limit=1&offset=1`)).toEqual([ids[1]]);
    expect(await list(`flow_id=${flow}&offset=3`)).toEqual([]);
    const { body } = await api.send("GET", `/plugins/google/instances?flow_id=${flow}`, { token: user });
    expect(body).toEqual([]);
  });

  test.each(["flow_id=x", "credential_id=", "limit=1001", "limit=-1", "offset=x", "page=2", "flow_id=a&flow_id=b"])(
    "refuses ?%s",
    async (query) => {
      expect((await api.send("GET", `/plugins/instances?${query}`, { token: user })).status).toBe(400);
    },
  );
});

describe("PUT and DELETE of one use", () => {
  test("PUT changes what is sent; what is left out stays, and what a GET showed may come back", async () => {
    const made = await register({ description: "old" });
    const put = (body: object) => api.send("PUT", `${PATH}/${made.id}`, { token: admin, body });
    const changed = await put({ task_name: "New" });
    expect([changed.status, changed.body]).toEqual([
      200,
      { ...made, task_name: "New", modified_by: own.admin.name, updated_at: expect.any(String) },
    ]);
    expect((await put(changed.body)).body).toEqual(changed.body);
    expect((await put({ description: "new" })).body).toMatchObject({ task_name: "New", description: "new" });
    expect((await put({})).status).toBe(200);
    expect((await put({ wrong: 1 })).status).toBe(422);
    expect((await put({ task_name: "" })).status).toBe(400);
    expect((await put({ credential_id: randomUUID() })).body.error.details[0].loc).toEqual(["body", "credential_id"]);
  });

  test("DELETE is 204, and 404 the second time", async () => {
    const { id } = await register();
    const answers = [
      await api.send("DELETE", `${PATH}/${id}`, { token: user }),
      await api.send("DELETE", `${PATH}/${id}`, { token: user }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 404]);
  });

  test("an id of another plugin is 404, and so is a plugin that nobody knows; what is no id is 400", async () => {
    const { id } = await register();
    for (const [path, status] of [
      [`/plugins/google/instances/${id}`, 404],
      [`/plugins/nothing/instances/${id}`, 404],
      [`${PATH}/${randomUUID()}`, 404],
      [`${PATH}/none`, 400],
    ] as const)
      for (const [method, body] of [["GET"], ["PUT", {}], ["DELETE"]] as const)
        expect((await api.send(method, path, { token: user, body })).status, `${method} ${path}`).toBe(status);
    for (const [method, body] of [["GET"], ["POST", entry()]] as const)
      expect((await api.send(method, "/plugins/nothing/instances", { token: user, body })).status).toBe(404);
  });
});

describe("an entry outlives its credential", () => {
  test("names it on, can be written back as it was read, and is found by it", async () => {
    const credential = await credentialOf();
    const made = await register({ credential_id: credential });
    await deleteCredential(own.user, credential);
    const path = `${PATH}/${made.id}`;
    expect((await api.send("GET", path, { token: user })).body).toEqual(made);
    expect((await api.send("PUT", path, { token: user, body: { ...made, description: "later" } })).status).toBe(200);
    const { body } = await api.send("GET", `${PATH}?credential_id=${credential}`, { token: user });
    expect(body).toHaveLength(1);
  });

  test("and goes with its organisation", async () => {
    const going = await tenant();
    await api.send("POST", PATH, { token: await going.token(going.admin), body: entry() });
    const count = async () =>
      (await owner.query("SELECT count(*)::int AS n FROM plugin_instance WHERE org_id = $1", [going.orgId])).rows[0].n;
    expect(await count()).toBe(1);
    await deleteOrganization(platformActor("test"), going.orgId, { force: true });
    expect(await count()).toBe(0);
  });
});

const shownToOther = (key: string) =>
  grantAccess(own.user, { subject: { kind: "user", id: own.other.id }, reach: "credential", key, rights: ["see"] });

describe("who may", () => {
  test("read: everybody of the organisation, as far as they see credentials", async () => {
    const [mine, theirs] = [await credentialOf(own.user), await credentialOf(own.other)];
    await shownToOther(mine);
    const byOther = await register({ credential_id: mine }, other);
    const hidden = await register({ credential_id: theirs }, program);
    const sees = async (token: string, { id, flow_id }: { id: string; flow_id: string }) => {
      const list = await api.send("GET", `/plugins/instances?flow_id=${flow_id}`, { token });
      const one = await api.send("GET", `${PATH}/${id}`, { token });
      return [list.body?.length, one.status];
    };
    for (const token of [admin, auditor, program, other]) expect(await sees(token, hidden)).toEqual([1, 200]);
    expect(await sees(user, byOther)).toEqual([1, 200]);
    expect(await sees(user, hidden)).toEqual([0, 404]);
    expect(await sees(foreign, hidden)).toEqual([0, 404]);
    const error = async (token: string, id: string) => (await api.send("GET", `${PATH}/${id}`, { token })).body.error;
    for (const token of [user, foreign])
      expect(await error(token, hidden.id)).toEqual(await error(token, randomUUID()));
  });

  test("write: people their own, administrators and programs all, auditors none", async () => {
    const credential = await credentialOf(own.user);
    await shownToOther(credential);
    const byOther = await register({ credential_id: credential }, other);
    const tried = async (token: string, id: string) => [
      (await api.send("PUT", `${PATH}/${id}`, { token, body: { description: randomUUID() } })).status,
      (await api.send("DELETE", `${PATH}/${id}`, { token })).status,
    ];
    expect(await tried(user, byOther.id)).toEqual([403, 403]);
    expect(await tried(auditor, byOther.id)).toEqual([403, 403]);
    expect(await tried(foreign, byOther.id)).toEqual([404, 404]);
    expect(await tried(other, byOther.id)).toEqual([200, 204]);
    expect(await tried(admin, (await register({}, other)).id)).toEqual([200, 204]);
    expect(await tried(program, (await register({}, other)).id)).toEqual([200, 204]);
    expect((await api.send("POST", PATH, { token: auditor, body: entry() })).status).toBe(403);
    expect((await api.send("POST", PATH, { body: entry() })).status).toBe(401);
  });

  test("a token of scope read registers nothing", async () => {
    const token = await own.token(own.admin, { scopes: ["read"] });
    expect((await api.send("POST", PATH, { token, body: entry() })).status).toBe(403);
    expect((await api.send("GET", PATH, { token })).status).toBe(200);
  });
});

test("each change is on record, with the names of what changed and never its text", async () => {
  const made = await register({ task_name: "On record" });
  await api.send("PUT", `${PATH}/${made.id}`, {
    token: admin,
    body: { description: "quiet words", task_name: "On record, too" },
  });
  await api.send("PUT", `${PATH}/${made.id}`, { token: admin, body: {} });
  await api.send("DELETE", `${PATH}/${made.id}`, { token: admin });
  const { events } = await listAuditEvents(own.admin, { targetId: made.id });
  expect(events.map(({ action, targetName, fields }) => [action, targetName, fields])).toEqual([
    ["plugin_instance.deleted", "On record, too", []],
    ["plugin_instance.updated", "On record, too", ["task_name", "description"]],
    ["plugin_instance.created", "On record", []],
  ]);
  expect(JSON.stringify(events)).not.toContain("quiet words");
});

describe("nothing is executed", () => {
  test.each(["execute", "poll", "ui_schema"])(
    "POST …/%s is 501 for those who are known, and nothing is looked up",
    async (act) => {
      for (const start of ["/plugins", "/api/integrations/plugins"]) {
        const path = `${start}/sftp/instances/${randomUUID()}/${act}`;
        const answer = await api.send("POST", path, { token: user, body: {} });
        expect([answer.status, answer.body.error.code]).toEqual([501, "not_implemented"]);
        expect((await api.send("POST", path, { body: {} })).status).toBe(401);
        expect((await api.send("GET", path, { token: user })).status).toBe(405);
      }
    },
  );

  test("POST …/webhook/callback is 501 for whoever pushes, whatever is sent", async () => {
    for (const start of ["/plugins", "/integrations/plugins"]) {
      const path = `${start}/anything/instances/no-id/webhook/callback`;
      const answer = await api.send("POST", path, { body: "not json" });
      expect([answer.status, answer.body.error.code]).toEqual([501, "not_implemented"]);
    }
  });

  test("anything else there is not found", async () => {
    const answer = await api.send("POST", `${PATH}/${randomUUID()}/run`, { token: user, body: {} });
    expect(answer.status).toBe(404);
  });
});
