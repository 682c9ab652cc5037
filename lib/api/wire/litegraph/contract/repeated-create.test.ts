import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, lgError, someEmail, strongToken } from "@/test/litegraph";
import { PASSWORD } from "@/test/tenant";
import { atLater } from "@/test/time-travel";

/** Clients of release 10 send a create again when its answer got lost. */
let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

interface Kind {
  path: () => string;
  sent: () => Record<string, unknown>;
  /** For each field that says what is made: another value. */
  others: () => Record<string, unknown>;
  token: () => string;
}

const kinds: Record<string, Kind> = {
  tenant: {
    path: () => "/v1.0/tenants",
    sent: () => ({ GUID: randomUUID(), Name: `T ${randomUUID()}`, Active: true }),
    others: () => ({ Name: `Another ${randomUUID()}`, Active: false }),
    token: () => door.platform,
  },
  user: {
    path: () => door.at("/users"),
    sent: () => ({
      GUID: randomUUID(),
      FirstName: "Ana",
      LastName: "López",
      Email: someEmail(),
      Password: PASSWORD,
      Active: true,
    }),
    others: () => ({
      FirstName: "Eva",
      LastName: "Díaz",
      Email: someEmail(),
      Password: `${PASSWORD} other`,
      Active: false,
      IsTenantAdmin: true,
    }),
    token: () => door.admin,
  },
  "credential with a chosen token": {
    path: () => door.at("/credentials"),
    sent: () => ({ GUID: randomUUID(), UserGUID: door.own.user.id, Name: "loader", BearerToken: strongToken() }),
    others: () => ({
      UserGUID: door.own.other.id,
      Name: "another",
      BearerToken: strongToken(),
      Active: false,
      Scopes: ["read"],
      GraphGUIDs: [randomUUID()],
    }),
    token: () => door.admin,
  },
  "credential without a token": {
    path: () => door.at("/credentials"),
    sent: () => ({ GUID: randomUUID(), UserGUID: door.own.user.id, Name: "loader", BearerToken: null }),
    others: () => ({ BearerToken: strongToken(), Name: "another" }),
    token: () => door.admin,
  },
};

const put = ({ path, token }: Kind, body: unknown, headers = {}) =>
  api.send("PUT", path(), { token: token(), body, headers });
const read = ({ path, token }: Kind, id: unknown) => api.send("GET", `${path()}/${id}`, { token: token() });

describe.each(Object.entries(kinds))("a %s", (_, kind) => {
  test("that is made twice under one GUID is made once, and answered alike", async () => {
    const sent = kind.sent();
    const first = await put(kind, sent);
    const second = await put(kind, sent);
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect((await read(kind, sent.GUID)).status).toBe(200);
  });

  test("that is made at once by several tries is made once, and every try is answered with it", async () => {
    const sent = kind.sent();
    const answers = await Promise.all(Array.from({ length: 5 }, () => put(kind, sent)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("of another content under that GUID is refused, field by field, and what is there stays", async () => {
    const sent = kind.sent();
    await put(kind, sent);
    const before = (await read(kind, sent.GUID)).body;
    for (const [name, value] of Object.entries(kind.others())) {
      for (const headers of [{}, { "idempotency-key": randomUUID() }])
        expect(await put(kind, { ...sent, [name]: value }, headers), name).toMatchObject(lgError("Conflict", 409));
    }
    expect((await read(kind, sent.GUID)).body).toEqual(before);
  });

  test("that was deleted is not made again under its GUID", async () => {
    const sent = kind.sent();
    await put(kind, sent);
    await api.send("DELETE", `${kind.path()}/${sent.GUID}?force`, { token: kind.token() });
    expect(await put(kind, sent)).toMatchObject(lgError("Conflict", 409));
  });
});

describe("a credential whose token the server makes", () => {
  const kind = kinds["credential without a token"] as Kind;
  const sent = () => ({ GUID: randomUUID(), UserGUID: door.own.user.id, Name: "loader" });
  const signsIn = async (token: string) =>
    (await api.send("GET", "/api/integrations/catalog", { token })).status === 200;

  test("is answered with a token that works, also to the try whose first answer was lost", async () => {
    const body = sent();
    const lost = (await put(kind, body)).body.BearerToken;
    const heard = await put(kind, body);
    expect(heard.body.GUID).toBe(body.GUID);
    expect(await signsIn(heard.body.BearerToken)).toBe(true);
    expect(await signsIn(lost)).toBe(false);
  });

  test("keeps the token that is in use: whoever asks again gets its mask", async () => {
    const body = sent();
    const { BearerToken } = (await put(kind, body)).body;
    expect(await signsIn(BearerToken)).toBe(true);
    await expect
      .poll(async () => (await put(kind, body)).body.BearerToken, { timeout: 20_000, interval: 200 })
      .toContain("********");
  });

  test("keeps a token that was made a while ago, or that another administrator made", async () => {
    const [mine, theirs] = [sent(), sent()];
    const first = (await put(kind, mine)).body.BearerToken;
    const again = await atLater(11 * 60_000, () => put(kind, mine));
    expect(again.body.BearerToken).toContain("********");
    const second = (await put(kind, theirs)).body.BearerToken;
    const other = await api.send("PUT", kind.path(), { token: door.platform, body: theirs });
    expect(other.body.BearerToken).toContain("********");
    expect([await signsIn(first), await signsIn(second)]).toEqual([true, true]);
  });
});

test("a user's password is nobody's to find out by making the user again", async () => {
  const kind = kinds.user as Kind;
  const sent = kind.sent();
  await put(kind, sent);
  const guess = (body: unknown) => api.send("PUT", kind.path(), { token: door.platform, body });
  for (const Password of [PASSWORD, `${PASSWORD} other`])
    expect(await guess({ ...sent, Password })).toMatchObject(lgError("Conflict", 409));
  expect(await atLater(11 * 60_000, () => put(kind, sent))).toMatchObject(lgError("Conflict", 409));
});
