import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createUser } from "@/lib/identity";
import { createOrganization, platformActor } from "@/lib/organizations";
import { type Api, startApi } from "@/test/api";
import { PASSWORD, type Tenant, tenant } from "@/test/tenant";

/** Who may do what at each address of the administration, and that others' things and nothing look alike. */
const who = [
  "nobody",
  "app_user",
  "auditor",
  "org_admin",
  "another organisation's org_admin",
  "backoffice",
  "a service account",
] as const;
type Who = (typeof who)[number];

let api: Api;
let own: Tenant;
let stranger: Tenant;
const tokens = {} as Record<Who, string | undefined>;
beforeAll(async () => {
  [api, own, stranger] = [await startApi(), await tenant(), await tenant()];
  const home = await tenant();
  Object.assign(tokens, {
    app_user: await own.token(own.user),
    auditor: await own.token(own.auditor),
    org_admin: await own.token(own.admin),
    "another organisation's org_admin": await stranger.token(stranger.admin),
    backoffice: await home.token(await home.person("backoffice")),
    "a service account": await own.token(own.program),
  });
});

const email = () => `a-${randomUUID()}@example.test`;
const system = (orgId: string) => platformActor("test-request", orgId);
const spare = async () => (await createOrganization(system(own.orgId), { name: `Spare ${randomUUID()}` })).id;
const person = async (role: "app_user" | "org_admin" = "app_user") =>
  (await createUser(system(own.orgId), { email: email(), role, password: PASSWORD })).id;

type Row = [
  method: string,
  path: string,
  statuses: Record<Exclude<Who, "nobody">, number>,
  on: () => Promise<{ id?: string; body?: object }>,
];

/** In the order of `who`, without nobody, who is always 401. */
const by = (...statuses: number[]): Row[2] =>
  Object.fromEntries(who.slice(1).map((one, at) => [one, statuses[at] ?? 0])) as Row[2];

const ORGANIZATIONS = "/api/admin/organizations";
const rows: Row[] = [
  ["GET", ORGANIZATIONS, by(403, 403, 403, 403, 200, 403), async () => ({})],
  ["POST", ORGANIZATIONS, by(403, 403, 403, 403, 201, 403), async () => ({ body: { name: `Made ${randomUUID()}` } })],
  ["GET", `${ORGANIZATIONS}/ID`, by(403, 403, 200, 403, 200, 403), async () => ({ id: own.orgId })],
  ["PUT", `${ORGANIZATIONS}/ID`, by(403, 403, 200, 403, 200, 403), async () => ({ id: own.orgId, body: {} })],
  ["PATCH", `${ORGANIZATIONS}/ID`, by(403, 403, 200, 403, 200, 403), async () => ({ id: own.orgId, body: {} })],
  ["DELETE", `${ORGANIZATIONS}/ID`, by(403, 403, 403, 403, 204, 403), async () => ({ id: await spare() })],
  ["DELETE", `${ORGANIZATIONS}/ID`, by(403, 403, 403, 403, 409, 403), async () => ({ id: own.orgId })],
  ["PATCH", `${ORGANIZATIONS}/ID/deactivate`, by(403, 403, 403, 403, 200, 403), async () => ({ id: await spare() })],
  ["GET", `${ORGANIZATIONS}/ID/users`, by(403, 403, 200, 403, 200, 403), async () => ({ id: own.orgId })],
  [
    "POST",
    `${ORGANIZATIONS}/ID/users`,
    by(403, 403, 201, 403, 201, 403),
    async () => ({ id: own.orgId, body: { email: email() } }),
  ],
  ["POST", "/api/admin/users", by(403, 403, 201, 201, 201, 403), async () => ({ body: { email: email() } })],
  [
    "POST",
    "/api/admin/users",
    by(403, 403, 201, 403, 201, 403),
    async () => ({ body: { email: email(), organization_id: own.orgId } }),
  ],
  ["GET", "/api/admin/users/ID", by(403, 403, 200, 404, 200, 403), async () => ({ id: await person() })],
  ["PUT", "/api/admin/users/ID", by(403, 403, 200, 404, 200, 403), async () => ({ id: await person(), body: {} })],
  ["PATCH", "/api/admin/users/ID", by(403, 403, 200, 404, 200, 403), async () => ({ id: await person(), body: {} })],
  ["DELETE", "/api/admin/users/ID", by(403, 403, 204, 404, 204, 403), async () => ({ id: await person() })],
  ["GET", "/api/profile/me", by(200, 200, 200, 200, 200, 403), async () => ({})],
  ["PUT", "/api/profile/me", by(200, 200, 200, 200, 200, 403), async () => ({ body: {} })],
  ["PATCH", "/api/profile/me", by(200, 200, 200, 200, 200, 403), async () => ({ body: {} })],
];

describe.each(rows)("%s %s", (method, path, statuses, on) => {
  test("lets in those whose it is, and nobody else", async () => {
    for (const one of who) {
      const { id = "", body } = await on();
      const answer = await api.send(method, path.replace("ID", id), { token: tokens[one], body });
      expect(answer.status, `${one}: ${answer.text}`).toBe(one === "nobody" ? 401 : statuses[one]);
      expect(answer.text).not.toContain("argon2");
    }
  });
});

const allowed: Record<string, string> = {
  [ORGANIZATIONS]: "GET, HEAD, POST, OPTIONS",
  [`${ORGANIZATIONS}/ID`]: "GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
  [`${ORGANIZATIONS}/ID/deactivate`]: "PATCH, OPTIONS",
  [`${ORGANIZATIONS}/ID/users`]: "GET, HEAD, POST, OPTIONS",
  "/api/admin/users": "POST, OPTIONS",
  "/api/admin/users/ID": "GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
  "/api/profile/me": "GET, HEAD, PUT, PATCH, OPTIONS",
};
test.each(Object.entries(allowed))("%s has these methods and no other: %s", async (path, allow) => {
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"]) {
    if (allow.split(", ").includes(method)) continue;
    const { status, headers } = await api.send(method, path.replace("ID", own.orgId), { token: tokens.backoffice });
    expect([status, headers.get("allow")], method).toEqual([405, allow]);
  }
});

describe("what is another organisation's", () => {
  const stripped = ({ status, text }: { status: number; text: string }) =>
    `${status} ${text.replace(/"request_id":"[^"]*"/, "")}`;

  test("answers its stranger as nothing would, byte for byte", async () => {
    const [theirs, none] = [
      { organization: own.orgId, person: await person() },
      { organization: randomUUID(), person: randomUUID() },
    ];
    for (const [method, path] of rows.filter(([, path]) => path.includes("ID"))) {
      const at = (on: typeof theirs) => path.replace("ID", path.includes("users/ID") ? on.person : on.organization);
      const body = method === "GET" || method === "DELETE" ? undefined : { email: email() };
      const [foreign, unknown] = await Promise.all(
        [theirs, none].map((on) =>
          api.send(method, at(on), { token: tokens["another organisation's org_admin"], body }),
        ),
      );
      expect(foreign && stripped(foreign), `${method} ${path}`).toBe(unknown && stripped(unknown));
    }
  });

  test("is 404 to the platform's administrator where it is not there, and 400 where the id is none", async () => {
    for (const [method, path] of rows.filter(([, path]) => path.includes("ID"))) {
      const send = (id: string) =>
        api.send(method, path.replace("ID", id), {
          token: tokens.backoffice,
          body: method === "GET" || method === "DELETE" ? undefined : path.endsWith("/users") ? { email: email() } : {},
        });
      expect((await send(randomUUID())).status, `${method} ${path}`).toBe(404);
      expect((await send("not-a-uuid")).status, `${method} ${path}`).toBe(400);
    }
  });
});

describe("a token's scope", () => {
  test.each([
    ["read", [200, 403, 200, 403]],
    ["write", [200, 403, 200, 200]],
    ["admin", [200, 201, 200, 200]],
  ] as const)("%s goes so far and no further", async (scope, statuses) => {
    const token = await own.token(own.admin, { scopes: [scope] });
    const answers = [
      await api.send("GET", `${ORGANIZATIONS}/${own.orgId}/users`, { token }),
      await api.send("POST", "/api/admin/users", { token, body: { email: email() } }),
      await api.send("GET", "/api/profile/me", { token }),
      await api.send("PATCH", "/api/profile/me", { token, body: { first_name: "Ana" } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  });
});
