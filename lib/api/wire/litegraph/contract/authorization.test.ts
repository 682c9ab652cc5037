import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { updatePerson } from "@/lib/identity";
import { type Scope, scopes as scopeWords, type UserRole, userRoles } from "@/lib/vocabulary/permissions";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, lgError, made, someEmail } from "@/test/litegraph";

/** Roles, assignments, scopes and effective permissions: what is told must be what is so. */
let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

const ask = (method: string, path: string, body?: unknown, token = door.admin) =>
  api.send(method, path, { token, body });
const read = async (path: string) => (await ask("GET", door.at(path))).body;
const ALL = ["Read", "Write", "Delete", "Admin"];

/** What somebody with this token can really do to users and credentials of the tenant. */
async function tried(token: string): Promise<string[]> {
  const user = { FirstName: "A", LastName: "B", Email: someEmail() };
  const reads = (await ask("GET", door.at("/users"), undefined, token)).body;
  const writes = await ask("PUT", door.at("/users"), user, token);
  const target = writes.status === 200 ? writes.body.GUID : randomUUID();
  const deletes = await ask("DELETE", door.at(`/users/${target}`), undefined, token);
  const gone = writes.status === 200 && (await ask("GET", door.at(`/users/${target}`))).status === 404;
  const credential = { UserGUID: door.own.user.id, Name: "x", Scopes: ["none"] };
  const administers = await ask("PUT", door.at("/credentials"), credential, token);
  return [
    ...(Array.isArray(reads) ? ["Read"] : []),
    ...(writes.status === 200 ? ["Write"] : []),
    ...(deletes.status === 200 && gone ? ["Delete"] : []),
    ...(administers.status === 200 ? ["Admin"] : []),
  ];
}

const roleCases = userRoles.flatMap((role) => [...scopeWords, "none"].map((scope) => [role, scope] as const));

describe("effective permissions", () => {
  test.each(roleCases)(
    "of a credential that acts as %s with scope %s are what it can really do",
    async (role, scope) => {
      const person = await door.own.person(role as UserRole);
      const scopes = scope === "none" ? [] : [scope as Scope];
      const token = await door.own.token(person, { scopes });
      const all = (await ask("GET", `${door.at("/credentials")}?order=CreatedDescending`)).body;
      const { GUID: id } = all.find(({ UserGUID }: { UserGUID: string }) => UserGUID === person.id);
      const { Grants, ...rest } = await read(`/credentials/${id}/permissions`);
      const told = Grants.flatMap(({ Permissions }: { Permissions: string[] }) => Permissions);
      expect(told).toEqual(await tried(token));
      expect(rest).toMatchObject({ TenantGUID: door.own.orgId, CredentialGUID: id, Roles: [{ Name: role }] });
      const [assignment] = (await read(`/credentials/${id}/scopes`)).Objects;
      expect(rest.CredentialScopeAssignments).toEqual(assignment ? [assignment] : []);
      if (scope === "all") expect(assignment).toBeUndefined();
      else expect(assignment.Permissions).toEqual(told);
    },
  );

  test.each(userRoles)("of a user who is %s are those of the role", async (role) => {
    const person = await door.own.person(role);
    const { Grants, UserRoleAssignments, Roles } = await read(`/users/${person.id}/permissions`);
    expect(Grants.flatMap(({ Permissions }: { Permissions: string[] }) => Permissions)).toEqual(Roles[0].Permissions);
    expect(UserRoleAssignments).toEqual([expect.objectContaining({ UserGUID: person.id, RoleName: role })]);
  });

  test("are none of whoever is shut out, and of a credential that is switched off or whose user is", async () => {
    const person = await door.own.person("org_admin");
    const { GUID: id } = await made(api, door, { UserGUID: person.id });
    const grantsOf = async (path: string) => (await read(`${path}/permissions`)).Grants;
    expect(await grantsOf(`/credentials/${id}`)).toHaveLength(1);
    await ask("PUT", door.at(`/credentials/${id}`), { Name: "off", Active: false });
    expect(await grantsOf(`/credentials/${id}`)).toEqual([]);
    await ask("PUT", door.at(`/credentials/${id}`), { Name: "on", Active: true });
    await updatePerson(door.own.admin, person.id, { active: false });
    expect(await grantsOf(`/credentials/${id}`)).toEqual([]);
    expect(await grantsOf(`/users/${person.id}`)).toEqual([]);
  });

  test("say of a graph that they do not apply to it, for there are none", async () => {
    const graph = randomUUID();
    const body = await read(`/users/${door.own.admin.id}/permissions?graphGuid=${graph}`);
    expect(body).toMatchObject({ GraphGUID: graph, Grants: [{ AppliesToRequestedGraph: false, Permissions: ALL }] });
  });
});

describe("roles", () => {
  test("are listed as a numbered page, found by name and read by GUID", async () => {
    const page = await read("/roles");
    const names = page.Objects.map(({ Name }: { Name: string }) => Name);
    expect(names).toEqual(expect.arrayContaining([...userRoles]));
    expect(page).toMatchObject({ Page: 0, PageSize: 100, TotalCount: names.length, TotalPages: 1, EndOfResults: true });
    const { Objects } = await read("/roles?name=Org_Admin");
    expect(Objects).toMatchObject([{ Name: "org_admin", BuiltIn: true, Permissions: ALL, ResourceTypes: ["Admin"] }]);
    expect(await read(`/roles/${Objects[0].GUID}`)).toEqual(Objects[0]);
    expect((await ask("HEAD", door.at(`/roles/${Objects[0].GUID}`))).status).toBe(200);
    expect((await read("/roles?builtIn=false")).Objects).toEqual([]);
    expect(await ask("GET", door.at(`/roles/${randomUUID()}`))).toMatchObject(lgError("NotFound", 404));
  });

  test("come page by page without a gap", async () => {
    const whole = (await read("/roles")).Objects;
    const pages = [];
    for (let page = 0; page < whole.length; page += 2)
      pages.push((await read(`/roles?page=${page / 2}&pageSize=2`)).Objects);
    expect(pages.flat()).toEqual(whole);
    for (const nonsense of ["page=-1", "pageSize=0", "pageSize=1001", "page=x"])
      expect((await read(`/roles?${nonsense}`)).Objects).toEqual(whole);
  });

  test("of a user and scopes of a credential are read one by one as well", async () => {
    const [role] = (await read(`/users/${door.own.user.id}/roles`)).Objects;
    expect(await read(`/users/${door.own.user.id}/roles/${role.GUID}`)).toEqual(role);
    const { GUID: id } = await made(api, door, { Scopes: ["read"] });
    const [scope] = (await read(`/credentials/${id}/scopes`)).Objects;
    expect(await read(`/credentials/${id}/scopes/${scope.GUID}`)).toEqual(scope);
  });
});

describe("every one of the seventeen routes", () => {
  const [user, credential, other] = [() => door.own.user.id, () => id, () => randomUUID()];
  let id: string;
  beforeAll(async () => {
    id = (await made(api, door, { Scopes: ["read"] })).GUID;
  });
  const collections = [() => "/roles", () => `/users/${user()}/roles`, () => `/credentials/${credential()}/scopes`];
  const writing = collections.flatMap((at) => [
    ["PUT", at] as const,
    ["PUT", () => `${at()}/${other()}`] as const,
    ["DELETE", () => `${at()}/${other()}`] as const,
  ]);
  const reading = [
    ...collections,
    ...collections.map((at) => () => `${at()}/${other()}`),
    () => `/users/${user()}/permissions`,
    () => `/credentials/${credential()}/permissions`,
  ];

  test("is there: eight to read and nine to write", () => {
    expect([reading.length, writing.length]).toEqual([8, 9]);
  });

  test.each(writing)("that writes (%s) answers 400 and says where it is done", async (method, at) => {
    const answer = await ask(method, door.at(at()), method === "PUT" ? { Name: "x" } : undefined);
    expect(answer).toMatchObject(lgError("BadRequest", 400));
    expect(answer.body.Description).toMatch(/update/);
  });

  test("tells nothing to strangers, to others of the tenant, and to another tenant's administrator", async () => {
    const elsewhere = await doorstep();
    const tokens = [
      undefined,
      await door.own.token(door.own.user),
      await door.own.token(door.own.auditor),
      elsewhere.admin,
    ];
    for (const at of reading)
      for (const token of tokens) expect((await api.send("GET", door.at(at()), { token })).status, at()).toBe(401);
  });

  test("of a user or credential that is missing, or of an unknown tenant, finds nothing", async () => {
    for (const path of [
      `/users/${other()}/roles`,
      `/users/${other()}/permissions`,
      `/credentials/${other()}/scopes`,
      `/credentials/${other()}/permissions`,
    ])
      expect(await ask("GET", door.at(path))).toMatchObject(lgError("NotFound", 404));
    const nowhere = `/v1.0/tenants/${other()}/roles`;
    expect((await ask("GET", nowhere, undefined, door.platform)).body).toMatchObject({ TotalCount: 0, Objects: [] });
  });
});
