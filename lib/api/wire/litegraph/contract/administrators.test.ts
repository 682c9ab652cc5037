import { beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { getPerson } from "@/lib/identity";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, lgError, made, someEmail } from "@/test/litegraph";

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

const ask = (method: string, path: string, body?: unknown, token = door.admin) =>
  api.send(method, path, { token, body });
const create = (more: object, token = door.admin) =>
  ask("PUT", door.at("/users"), { FirstName: "Ana", LastName: "López", Email: someEmail(), ...more }, token);
const change = (id: string, body: object, token = door.admin) => ask("PUT", door.at(`/users/${id}`), body, token);

const flags = [true, false, undefined];
/** Every way to send the two flags. */
const both = flags.flatMap((IsSystemAdmin) => flags.map((IsTenantAdmin) => ({ IsSystemAdmin, IsTenantAdmin })));
const shown = {
  backoffice: { IsSystemAdmin: true, IsTenantAdmin: true },
  org_admin: { IsSystemAdmin: false, IsTenantAdmin: true },
  app_user: { IsSystemAdmin: false, IsTenantAdmin: false },
  auditor: { IsSystemAdmin: false, IsTenantAdmin: false },
};
const roleFor = ({ IsSystemAdmin, IsTenantAdmin }: (typeof both)[number]) =>
  IsSystemAdmin ? "backoffice" : IsTenantAdmin ? "org_admin" : "app_user";

describe("IsSystemAdmin and IsTenantAdmin", () => {
  test.each(Object.entries(shown))("show %s as %o wherever a user is shown", async (role, expected) => {
    const { id } = await door.own.person(role as keyof typeof shown);
    const item = await ask("GET", door.at(`/users/${id}`));
    const list = (await ask("GET", door.at("/users"))).body as { GUID: string }[];
    const page = await ask("GET", `/litegraph/10${door.at("/users", "v2.0")}`);
    for (const found of [
      item.body,
      list.find(({ GUID }) => GUID === id),
      ...page.body.Objects.filter((one: { GUID: string }) => one.GUID === id),
    ])
      expect(found).toMatchObject(expected);
  });

  test.each(both)(
    "sent with a new user as %o mean the role that the platform's administrator may give",
    async (sent) => {
      const { body } = await create(sent, door.platform);
      expect(body).toMatchObject(shown[roleFor(sent)]);
      expect(await getPerson(door.own.admin, body.GUID)).toMatchObject({ role: roleFor(sent) });
    },
  );

  test.each(both.filter(({ IsSystemAdmin }) => IsSystemAdmin))(
    "sent as %o are refused to everybody but the platform's administrator, and nothing is changed",
    async (sent) => {
      expect(await create(sent)).toMatchObject(lgError("AuthorizationFailed", 401));
      const { body } = await create({});
      expect(await change(body.GUID, { ...body, ...sent })).toMatchObject(lgError("AuthorizationFailed", 401));
      expect(await getPerson(door.own.admin, body.GUID)).toMatchObject({ role: "app_user" });
    },
  );

  test.each(["app_user", "auditor", "org_admin"] as const)(
    "left out of a change, or sent back as they were read, leave %s what it is",
    async (role) => {
      const { id } = await door.own.person(role);
      const { body } = await ask("GET", door.at(`/users/${id}`));
      for (const sent of [{ FirstName: "Eva" }, { ...body, FirstName: "Eva", LastUpdateUtc: undefined }]) {
        expect((await change(id, sent)).body).toMatchObject(shown[role]);
        expect(await getPerson(door.own.admin, id)).toMatchObject({ role });
      }
    },
  );

  test("make a tenant's user an administrator and take that away again", async () => {
    const { body } = await create({});
    expect((await change(body.GUID, { IsTenantAdmin: true })).body).toMatchObject(shown.org_admin);
    expect((await change(body.GUID, { IsTenantAdmin: false })).body).toMatchObject(shown.app_user);
  });

  test("of a platform administrator are nobody else's to take away", async () => {
    const { id } = await door.own.person("backoffice");
    const taken = { IsSystemAdmin: false, IsTenantAdmin: false };
    expect(await change(id, taken)).toMatchObject(lgError("AuthorizationFailed", 401));
    expect((await change(id, { IsSystemAdmin: false }, door.platform)).body).toMatchObject(shown.org_admin);
  });

  test("are refused to whoever only reads, or has nothing to say in the tenant", async () => {
    const tokens = [door.own.user, door.own.auditor, door.own.program].map((actor: Actor) => door.own.token(actor));
    for (const token of await Promise.all(tokens))
      expect(await create({ IsTenantAdmin: true }, token)).toMatchObject(lgError("AuthorizationFailed", 401));
  });

  test("of the wrong type are refused by field", async () => {
    for (const name of ["IsSystemAdmin", "IsTenantAdmin"])
      expect((await create({ [name]: "yes" })).body.Description).toContain(name);
  });
});

describe("deleting all credentials of a tenant", () => {
  const scene = async () => {
    const own = await doorstep();
    const operator = await own.own.person("backoffice");
    const theirs = await own.own.token(operator);
    const other = await made(api, own);
    return { own, operator, theirs, other };
  };
  const works = async (token: string) => (await api.send("GET", "/api/integrations/catalog", { token })).status === 200;

  test("by the tenant's administrator spares tokens of administrators of the platform", async () => {
    const { own, theirs, other } = await scene();
    expect(await ask("DELETE", own.at("/credentials"), undefined, own.admin)).toMatchObject({ status: 200, text: "" });
    await expect.poll(() => works(other.BearerToken)).toBe(false);
    expect(await works(theirs)).toBe(true);
    expect(await works(own.admin)).toBe(true);
  });

  test("by the platform's administrator spares the token that asks alone", async () => {
    const { own, operator, theirs, other } = await scene();
    const second = await own.own.token(operator);
    expect((await ask("DELETE", own.at("/credentials"), undefined, theirs)).status).toBe(200);
    for (const token of [second, other.BearerToken, own.admin]) await expect.poll(() => works(token)).toBe(false);
    expect(await works(theirs)).toBe(true);
  });
});
