import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createCredential } from "@/lib/credentials";
import { type Api, type Sent, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

const who = ["nobody", "org_admin", "auditor", "app_user", "foreign", "program", "narrowed"] as const;
type Who = (typeof who)[number];

let api: Api;
let own: Tenant;
let away: Tenant;
const tokens = {} as Record<Who, string | undefined>;
const GROUPS = "/api/access/groups";
beforeAll(async () => {
  [api, own, away] = [await startApi(), await tenant(), await tenant()];
  Object.assign(tokens, {
    org_admin: await own.token(own.admin),
    auditor: await own.token(own.auditor),
    app_user: await own.token(own.user),
    foreign: await away.token(away.admin),
    program: await own.token(own.program),
  });
  const limits = { rights: ["see", "use", "edit", "manage"] };
  const path = `/api/service-accounts/${own.program.id}/api-keys`;
  tokens.narrowed = (await send("POST", path, "org_admin", { body: { name: "narrowed", limits } })).body.token;
});

const send = (method: string, path: string, as: Who, more: Sent = {}) =>
  api.send(method, path, { token: tokens[as], ...more });
const newGroup = async () =>
  (await send("POST", GROUPS, "org_admin", { body: { name: `G ${randomUUID()}`, description: "Whoever" } })).body;

/** In the order of `who`. */
type Row = [method: string, path: string, statuses: number[], body?: () => object];
const rows: Row[] = [
  ["GET", GROUPS, [401, 200, 200, 403, 200, 403, 403]],
  ["POST", GROUPS, [401, 201, 403, 403, 201, 403, 403], () => ({ name: `G ${randomUUID()}` })],
  ["GET", `${GROUPS}/ID`, [401, 200, 200, 403, 404, 403, 403]],
  ["PATCH", `${GROUPS}/ID`, [401, 200, 403, 403, 404, 403, 403], () => ({ description: "Anew" })],
  ["DELETE", `${GROUPS}/ID`, [401, 204, 403, 403, 404, 403, 403]],
];

test.each(rows)("%s %s is for those whose groups they are: %j", async (method, path, statuses, body) => {
  for (const [at, one] of who.entries()) {
    const answer = await send(method, path.replace("ID", (await newGroup()).id), one, { body: body?.() });
    expect(answer.status, `${one}: ${answer.text}`).toBe(statuses[at]);
  }
});

describe("a group", () => {
  test("is made once for an Idempotency-Key, under a name of its own", async () => {
    const body = { name: `G ${randomUUID()}` };
    const sent = { body, headers: { "idempotency-key": randomUUID() } };
    const [first, again] = [
      await send("POST", GROUPS, "org_admin", sent),
      await send("POST", GROUPS, "org_admin", sent),
    ];
    expect(again.body).toEqual(first.body);
    const taken = await send("POST", GROUPS, "org_admin", { body });
    expect([taken.status, taken.body.error.details[0].loc]).toEqual([409, ["body", "name"]]);
  });

  test("lets people in and out, and shows who is in it and who let them in", async () => {
    const { id } = await newGroup();
    const change = (body: object) => send("PATCH", `${GROUPS}/${id}`, "org_admin", { body });
    expect((await change({ add: [own.user.id, own.other.id] })).body).toMatchObject({ id, member_count: 2 });
    expect((await change({ add: [own.user.id], remove: [own.other.id] })).body.member_count).toBe(1);
    const { body } = await send("GET", `${GROUPS}/${id}`, "auditor");
    expect(body.members).toEqual([
      expect.objectContaining({ id: own.user.id, email: own.user.name, added_by: own.admin.name }),
    ]);
    expect(body).toMatchObject({ member_count: 1, description: "Whoever" });
  });

  test("takes in nobody of another organisation, and says no more of them than of nobody", async () => {
    const { id } = await newGroup();
    for (const one of [away.user.id, randomUUID(), own.program.id]) {
      const { status, body } = await send("PATCH", `${GROUPS}/${id}`, "org_admin", { body: { add: [one] } });
      expect([status, body.error.details]).toEqual([
        400,
        [{ type: "value_error", loc: ["body", "add"], msg: "Somebody of these is not here" }],
      ]);
    }
  });

  test("shares what is granted to it with its members, until they leave it or it is gone", async () => {
    const made = { provider: "sftp", type: "user_password", data: sftpValues(), name: `S ${randomUUID()}` } as const;
    const credential = `/api/integrations/credentials/${(await createCredential(own.other, made)).id}`;
    const { id } = await newGroup();
    const grant = { subject_type: "group", subject_id: id, reach: "credential", rights: ["edit"] };
    const key = credential.split("/").at(-1);
    const given = () => send("POST", "/api/access/grants", "org_admin", { body: { ...grant, key } });
    const seen = async () => (await send("GET", credential, "app_user")).status;
    const change = (body: object) => send("PATCH", `${GROUPS}/${id}`, "org_admin", { body });
    expect((await given()).status).toBe(201);
    expect(await seen()).toBe(404);
    await change({ add: [own.user.id] });
    expect(await seen()).toBe(200);
    const access = (await send("GET", `/api/access/subjects/user/${own.user.id}`, "app_user")).body;
    expect(access.grants).toContainEqual(expect.objectContaining({ key, right: "edit", via_group_id: id }));
    await change({ remove: [own.user.id] });
    expect(await seen()).toBe(404);
    await change({ add: [own.user.id] });
    expect((await send("DELETE", `${GROUPS}/${id}`, "org_admin")).status).toBe(204);
    expect(await seen()).toBe(404);
  });

  test.each<[object, number, (string | number)[]]>([
    [{}, 422, ["body", "name"]],
    [{ name: "" }, 422, ["body", "name"]],
    [{ name: " " }, 400, ["body", "name"]],
    [{ name: "x", description: 7 }, 422, ["body", "description"]],
    [{ name: "x", add: [] }, 422, ["body", "add"]],
  ])("is refused by field: %j", async (body, status, loc) => {
    const answer = await send("POST", GROUPS, "org_admin", { body });
    expect([answer.status, answer.body.error.details[0].loc]).toEqual([status, loc]);
  });

  test("whose id is none, or nobody's, is no group", async () => {
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const body = method === "PATCH" ? {} : undefined;
      expect((await send(method, `${GROUPS}/no-id`, "org_admin", { body })).status).toBe(400);
      expect((await send(method, `${GROUPS}/${randomUUID()}`, "org_admin", { body })).status).toBe(404);
    }
  });
});
