import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { byPassword, type Doorstep, doorstep, lgError, someEmail, strongToken } from "@/test/litegraph";
import { PASSWORD } from "@/test/tenant";

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

type Part = Record<string, unknown>;
const order = (more: object = {}) => ({
  Tenant: { GUID: randomUUID(), Name: `Onboarded ${randomUUID()}` } as Part,
  Users: [
    {
      GUID: randomUUID(),
      FirstName: "Ob",
      LastName: "Admin",
      Email: someEmail(),
      Password: PASSWORD,
      IsTenantAdmin: true,
    },
    { GUID: randomUUID(), FirstName: "Ob", LastName: "Member", Email: someEmail(), Password: PASSWORD },
  ] as Part[],
  Credentials: [{ Name: "loader", BearerToken: strongToken() }] as Part[],
  ...more,
});
const onboard = (body: unknown, token: string | undefined = door.platform, headers = {}) =>
  api.send("PUT", "/v1.0/tenants/onboarding", { token, body, headers });
const byPlatform = (path: string) => api.send("GET", path, { token: door.platform });

describe("PUT /v1.0/tenants/onboarding", () => {
  test("makes a tenant, its users and credentials in one request, and shows each token once", async () => {
    const sent = order();
    const { status, body } = await onboard(sent);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      Tenant: { GUID: sent.Tenant.GUID, Name: sent.Tenant.Name, Active: true },
      Users: [
        { GUID: sent.Users[0]?.GUID, IsTenantAdmin: true, Password: "********" },
        { GUID: sent.Users[1]?.GUID, IsTenantAdmin: false, Password: "********" },
      ],
      Credentials: [{ Name: "loader", BearerToken: sent.Credentials[0]?.BearerToken, UserGUID: sent.Users[0]?.GUID }],
      Graphs: [],
    });
    const at = `/v1.0/tenants/${sent.Tenant.GUID}`;
    expect((await byPlatform(at)).body).toEqual(body.Tenant);
    expect((await byPlatform(`${at}/users/${sent.Users[1]?.GUID}`)).body).toEqual(body.Users[1]);
    const credential = await byPlatform(`${at}/credentials/${body.Credentials[0].GUID}`);
    expect(credential.body).toMatchObject({ GUID: body.Credentials[0].GUID });
    expect(credential.text).not.toContain(sent.Credentials[0]?.BearerToken);
    const person = { name: String(sent.Users[0]?.Email), orgId: String(sent.Tenant.GUID) };
    expect((await api.send("GET", "/v1.0/token", { headers: byPassword(person) })).status).toBe(200);
  });

  test.each([
    ["a tenant alone", { Users: undefined, Credentials: undefined }],
    ["null for what is not there", { Users: null, Credentials: null, Graphs: null }],
    ["empty lists", { Users: [], Credentials: [], Graphs: [] }],
  ])("takes %s", async (_, more) => {
    const sent = { ...order(more), Tenant: { Name: `Alone ${randomUUID()}` } };
    expect((await onboard(sent)).body).toMatchObject({
      Tenant: { GUID: expect.any(String), Active: true },
      Users: [],
      Credentials: [],
      Graphs: [],
    });
  });

  test("gives a credential to the user that it names, makes a token where none is sent, and none for null", async () => {
    const sent = order();
    const UserGUID = sent.Users[1]?.GUID;
    sent.Credentials = [
      { UserGUID, Name: "a" },
      { UserGUID, Name: "b", BearerToken: null, Scopes: ["read"] },
    ];
    const { body } = await onboard(sent);
    expect(body.Credentials).toMatchObject([
      { UserGUID, Name: "a", BearerToken: expect.stringMatching(/^lk_/) },
      { UserGUID, Name: "b", Scopes: ["read"] },
    ]);
    expect(body.Credentials[1]).not.toHaveProperty("BearerToken");
  });

  const spoilt: [string, number, string, string, (sent: ReturnType<typeof order>) => unknown][] = [
    ["no tenant", 400, "BadRequest", "Tenant", (sent) => ({ ...sent, Tenant: undefined })],
    ["a tenant without a name", 400, "BadRequest", "Tenant.Name", (sent) => ({ ...sent, Tenant: {} })],
    ["a user that is null", 400, "BadRequest", "Users.1", (sent) => ({ ...sent, Users: [sent.Users[0], null] })],
    [
      "an address that is none",
      400,
      "BadRequest",
      "Users.1.Email",
      (sent) => ({ ...sent, Users: [sent.Users[0], { ...sent.Users[1], Email: "nobody" }] }),
    ],
    [
      "a short password",
      400,
      "BadRequest",
      "Users.0.Password",
      (sent) => ({ ...sent, Users: [{ ...sent.Users[0], Password: "short" }] }),
    ],
    [
      "an address twice",
      409,
      "Conflict",
      "Email",
      (sent) => ({ ...sent, Users: [sent.Users[0], { ...sent.Users[1], Email: sent.Users[0]?.Email }] }),
    ],
    [
      "a user's GUID twice",
      409,
      "Conflict",
      "id",
      (sent) => ({ ...sent, Users: [sent.Users[0], { ...sent.Users[1], GUID: sent.Users[0]?.GUID }] }),
    ],
    [
      "a user's GUID that is none",
      400,
      "BadRequest",
      "Users.0.GUID",
      (sent) => ({ ...sent, Users: [{ ...sent.Users[0], GUID: "x" }] }),
    ],
    [
      "a credential of nobody here",
      400,
      "BadRequest",
      "Credentials.0.UserGUID",
      (sent) => ({ ...sent, Credentials: [{ Name: "x", UserGUID: randomUUID() }] }),
    ],
    ["a credential without users", 400, "BadRequest", "Credentials.0.UserGUID", (sent) => ({ ...sent, Users: [] })],
    [
      "a token that can be none",
      400,
      "BadRequest",
      "Credentials.0.BearerToken",
      (sent) => ({ ...sent, Credentials: [{ Name: "x", BearerToken: "a b" }] }),
    ],
    [
      "a token twice",
      409,
      "Conflict",
      "BearerToken",
      (sent) => ({ ...sent, Credentials: [sent.Credentials[0], { ...sent.Credentials[0], Name: "y" }] }),
    ],
    ["graphs", 400, "BadRequest", "Graphs", (sent) => ({ ...sent, Graphs: [{ Name: "graph" }] })],
    [
      "more users than are made at once",
      400,
      "BadRequest",
      "Users",
      (sent) => ({ ...sent, Users: Array.from({ length: 51 }, () => ({ Email: someEmail() })) }),
    ],
  ];
  test.each(spoilt)("with %s is refused with %i and makes nothing", async (_, status, name, named, spoil) => {
    const sent = order();
    const answer = await onboard(spoil(sent));
    expect(answer).toMatchObject(lgError(name, status));
    expect(answer.body.Description).toContain(named);
    expect((await byPlatform(`/v1.0/tenants/${sent.Tenant.GUID}`)).status).toBe(404);
    expect((await onboard(sent)).status).toBe(200);
  });

  test("with a GUID or a token that is taken is refused with 409 and makes nothing", async () => {
    const first = order();
    await onboard(first);
    expect(await onboard(first)).toMatchObject(lgError("Conflict", 409));
    const second = order({ Credentials: first.Credentials });
    expect(await onboard(second)).toMatchObject(lgError("Conflict", 409));
    expect((await byPlatform(`/v1.0/tenants/${second.Tenant.GUID}`)).status).toBe(404);
  });

  test("is for the platform's administrator alone", async () => {
    const tokens = await Promise.all(
      [door.own.admin, door.own.user, door.own.program].map((one) => door.own.token(one)),
    );
    for (const token of tokens)
      expect(await onboard(order(), token)).toMatchObject(lgError("AuthorizationFailed", 401));
    expect(await api.send("PUT", "/v1.0/tenants/onboarding", { body: order() })).toMatchObject(
      lgError("AuthenticationFailed", 401),
    );
  });

  test("sent again with its Idempotency-Key is done once, and shows no token a second time", async () => {
    const sent = { ...order(), Tenant: { Name: `Once ${randomUUID()}` } };
    const headers = { "idempotency-key": randomUUID() };
    const [first, again] = [await onboard(sent, door.platform, headers), await onboard(sent, door.platform, headers)];
    expect(again.body).toMatchObject({ Tenant: first.body.Tenant, Users: first.body.Users });
    expect(again.text).not.toContain(sent.Credentials[0]?.BearerToken);
  });

  test("opens nothing in the new tenant that it would not confirm: the credential waits for its founder", async () => {
    const sent = order();
    await onboard(sent);
    const token = String(sent.Credentials[0]?.BearerToken);
    expect((await api.send("GET", "/api/integrations/credentials", { token })).status).toBe(403);
  });
});
