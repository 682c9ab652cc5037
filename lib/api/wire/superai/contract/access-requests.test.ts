import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { grantAccess } from "@/lib/access";
import { createCredential } from "@/lib/credentials";
import { type Api, type Sent, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

/** Requests, and the two questions. The owner is `own.user`; the asker sees the credential, the manager manages it. */
const who = ["nobody", "org_admin", "auditor", "owner", "manager", "asker", "stranger", "foreign", "program"] as const;
type Who = (typeof who)[number];

let api: Api;
let own: Tenant;
let asker: Tenant["user"];
const tokens = {} as Record<Who, string | undefined>;
const REQUESTS = "/api/access/requests";
beforeAll(async () => {
  [api, own] = [await startApi(), await tenant()];
  const away = await tenant();
  asker = await own.person("app_user");
  Object.assign(tokens, {
    org_admin: await own.token(own.admin),
    auditor: await own.token(own.auditor),
    owner: await own.token(own.user),
    manager: await own.token(own.other),
    asker: await own.token(asker),
    stranger: await own.token(await own.person("app_user")),
    foreign: await away.token(away.admin),
    program: await own.token(own.program),
  });
});

const send = (method: string, path: string, as: Who, more: Sent = {}) =>
  api.send(method, path, { token: tokens[as], ...more });

async function newCredential(): Promise<string> {
  const values = { provider: "sftp", type: "user_password", data: sftpValues(), name: `S ${randomUUID()}` } as const;
  const { id } = await createCredential(own.user, values);
  const over = { reach: "credential", key: id } as const;
  await grantAccess(own.admin, { ...over, subject: { kind: "user", id: own.other.id }, rights: ["manage"] });
  await grantAccess(own.admin, { ...over, subject: { kind: "user", id: asker.id }, rights: ["see"] });
  return id;
}

const request = (credential_id: string, right = "edit") => ({ credential_id, right, reason: "It expires on Friday" });
async function newRequest() {
  const credential = await newCredential();
  const { status, body, text } = await send("POST", REQUESTS, "asker", { body: request(credential) });
  expect(status, text).toBe(201);
  return { credential, id: body.id as string, body };
}

describe("a request", () => {
  test.each<[Who, number]>([
    ["nobody", 401],
    ["org_admin", 409],
    ["auditor", 201],
    ["owner", 409],
    ["manager", 409],
    ["asker", 201],
    ["stranger", 404],
    ["foreign", 404],
    ["program", 403],
  ])("for the right to edit is %s's to make: %i", async (as, status) => {
    const answer = await send("POST", REQUESTS, as, { body: request(await newCredential()) });
    expect(answer.status, answer.text).toBe(status);
    if (status === 201) expect(answer.body).toMatchObject({ status: "open", right: "edit", note: null });
  });

  test("is made once for an Idempotency-Key, and refused as asked already without one", async () => {
    const body = request(await newCredential());
    const sent = { body, headers: { "idempotency-key": randomUUID() } };
    const [first, again] = [await send("POST", REQUESTS, "asker", sent), await send("POST", REQUESTS, "asker", sent)];
    expect(again.body).toEqual(first.body);
    expect((await send("POST", REQUESTS, "asker", { body })).status).toBe(409);
  });

  test.each<[Who, number]>([
    ["nobody", 401],
    ["org_admin", 200],
    ["auditor", 403],
    ["owner", 200],
    ["manager", 200],
    ["asker", 403],
    ["stranger", 404],
    ["foreign", 404],
    ["program", 403],
  ])("is %s's to answer: %i", async (as, status) => {
    const { id } = await newRequest();
    const answer = await send("POST", `${REQUESTS}/${id}/answer`, as, { body: { decision: "decline", note: "No" } });
    expect(answer.status, answer.text).toBe(status);
    if (status === 200) expect(answer.body).toMatchObject({ status: "declined", note: "No" });
  });

  test("that is granted gives what was asked for, until its end, and is answered once", async () => {
    const { id, credential } = await newRequest();
    const body = { decision: "grant", expires_at: "2190-01-01T00:00:00.000Z" };
    expect((await send("POST", `${REQUESTS}/${id}/answer`, "owner", { body })).body.status).toBe("granted");
    expect((await send("POST", `${REQUESTS}/${id}/answer`, "owner", { body })).status).toBe(409);
    const { body: access } = await send("GET", `/api/integrations/credentials/${credential}/access`, "asker");
    expect(access.own).toEqual(["see", "edit"]);
    const grants = (await send("GET", `/api/access/subjects/user/${asker.id}`, "asker")).body.grants;
    expect(grants).toContainEqual(
      expect.objectContaining({ key: credential, right: "edit", expires_at: body.expires_at }),
    );
  });

  test("is listed for who asked and for who manages the credential, and by how it stands", async () => {
    const { id } = await newRequest();
    const seen = async (as: Who, query = "") => {
      const { body } = await send("GET", `${REQUESTS}${query}`, as);
      return body.some((one: { id: string }) => one.id === id);
    };
    for (const as of ["asker", "owner", "manager", "org_admin"] as const) expect(await seen(as), as).toBe(true);
    for (const as of ["stranger", "foreign"] as const) expect(await seen(as), as).toBe(false);
    expect(await seen("owner", "?status=open")).toBe(true);
    expect(await seen("owner", "?status=granted")).toBe(false);
    expect((await send("GET", `${REQUESTS}?status=lost`, "owner")).status).toBe(400);
  });

  test("is withdrawn by who asked, once, and by nobody else", async () => {
    const { id } = await newRequest();
    for (const as of ["org_admin", "owner", "stranger", "foreign"] as const)
      expect((await send("DELETE", `${REQUESTS}/${id}`, as)).status, as).toBe(404);
    expect((await send("DELETE", `${REQUESTS}/${id}`, "asker")).body.status).toBe("withdrawn");
    expect((await send("DELETE", `${REQUESTS}/${id}`, "asker")).status).toBe(409);
    expect((await send("DELETE", `${REQUESTS}/${randomUUID()}`, "asker")).status).toBe(404);
  });

  test.each<[object, number, (string | number)[] | undefined]>([
    [{ right: "everything" }, 422, ["body", "right"]],
    [{ reason: "" }, 422, ["body", "reason"]],
    [{ reason: " " }, 400, ["body", "reason"]],
    [{ credential_id: randomUUID() }, 404, undefined],
    [{ credential_id: "no-id" }, 404, undefined],
  ])("is refused by field: %j", async (more, status, loc) => {
    const answer = await send("POST", REQUESTS, "asker", { body: { ...request(await newCredential()), ...more } });
    expect([answer.status, answer.body.error.details?.[0].loc]).toEqual([status, loc]);
  });
});

describe("who can use a credential", () => {
  test.each<[Who, number, string[]]>([
    ["nobody", 401, []],
    ["org_admin", 200, ["see", "edit", "manage"]],
    ["auditor", 200, ["see"]],
    ["owner", 200, ["see", "edit", "manage"]],
    ["manager", 200, ["see", "edit", "manage"]],
    ["asker", 200, ["see"]],
    ["stranger", 404, []],
    ["foreign", 404, []],
    ["program", 200, ["see", "use", "edit", "manage"]],
  ])("is told to %s: %i, who may %j", async (as, status, rights) => {
    const id = await newCredential();
    const answer = await send("GET", `/api/integrations/credentials/${id}/access`, as);
    expect(answer.status, answer.text).toBe(status);
    if (status !== 200) return;
    expect(answer.body.own).toEqual(rights);
    const reachers = answer.body.reachers.map(({ subject_id, is_owner }: Record<string, unknown>) => [
      subject_id,
      is_owner,
    ]);
    expect(reachers).toEqual(
      expect.arrayContaining([
        [own.user.id, true],
        [own.other.id, false],
        [asker.id, false],
        [own.program.id, false],
      ]),
    );
    expect(answer.body.roles).toContainEqual({ role: "org_admin", people: 1, rights: ["see", "edit", "manage"] });
  });

  test("shows by what each of them may, and when they last did", async () => {
    const id = await newCredential();
    expect((await send("GET", `/api/integrations/credentials/${id}/credentials`, "program")).status).toBe(200);
    const { body } = await send("GET", `/api/integrations/credentials/${id}/access`, "owner");
    const program = body.reachers.find((one: { subject_id: string }) => one.subject_id === own.program.id);
    expect(program.grants.map(({ right, reach }: Record<string, string>) => `${right} ${reach}`).sort()).toEqual([
      "manage all",
      "use all",
    ]);
  });
});

describe("what somebody can use", () => {
  const of = (kind: string, id: string) => `/api/access/subjects/${kind}/${id}`;

  test.each<[Who, number]>([
    ["nobody", 401],
    ["org_admin", 200],
    ["auditor", 200],
    ["owner", 403],
    ["asker", 200],
    ["stranger", 403],
    ["foreign", 404],
    ["program", 403],
  ])("is told of the asker to %s: %i", async (as, status) => {
    const id = await newCredential();
    const answer = await send("GET", of("user", asker.id), as);
    expect(answer.status, answer.text).toBe(status);
    if (status !== 200) return;
    expect(answer.body).toMatchObject({ subject_type: "user", subject_id: asker.id });
    expect(answer.body.grants).toContainEqual(expect.objectContaining({ key: id, right: "see", via_group_id: null }));
  });

  test("is told to a program of itself, and is not there for what is nobody or of another kind", async () => {
    expect((await send("GET", of("service_account", own.program.id), "program")).status).toBe(200);
    for (const path of [of("user", randomUUID()), of("user", own.program.id), of("group", asker.id)])
      expect((await send("GET", path, "org_admin")).status, path).toBe(404);
    for (const path of [of("user", "no-id"), of("robot", asker.id)])
      expect((await send("GET", path, "org_admin")).status, path).toBe(400);
  });
});
