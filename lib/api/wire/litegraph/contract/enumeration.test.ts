import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, lgError, made } from "@/test/litegraph";

let api: Api;
let door: Doorstep;
const names = ["delta", "alpha", "charlie", "bravo"];
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
  for (const Name of names) await made(api, door, { Name });
  await made(api, door, { Name: "zulu", UserGUID: door.own.other.id });
});

const path = (kind = "/credentials") => door.at(kind, "v2.0");
const get = (query = "", token = door.admin) => api.send("GET", `${path()}${query}`, { token });
const post = (body: object, token = door.admin, at = path()) => api.send("POST", at, { token, body });
const namesOf = (body: { Objects: { Name: string }[] }) => body.Objects.map(({ Name }) => Name);
/** The five above and the administrator's own token. */
const TOTAL = 6;

describe("a page", () => {
  test("says what was asked, how much there is and how long it took, newest first", async () => {
    const { status, body } = await get();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      Success: true,
      Timestamp: {
        Start: expect.stringMatching(/\.\d{6}Z$/),
        End: expect.any(String),
        TotalMs: expect.any(Number),
        Messages: {},
      },
      MaxResults: 1000,
      EndOfResults: true,
      TotalRecords: TOTAL,
      RecordsRemaining: 0,
    });
    expect(body).not.toHaveProperty("ContinuationToken");
    expect(namesOf(body)).toEqual(["zulu", "bravo", "charlie", "alpha", "delta", "test"]);
  });

  test.each(["max-keys", "maxKeys"])("of %s goes on by token until the end, each record once", async (parameter) => {
    const seen: string[] = [];
    let token = "";
    do {
      const { body } = await get(`?${parameter}=2${token && `&token=${token}`}&incldata=true&inclsub=true`);
      seen.push(...namesOf(body));
      expect(body.RecordsRemaining).toBe(TOTAL - seen.length);
      expect(body.EndOfResults).toBe(body.ContinuationToken === undefined);
      token = body.ContinuationToken ?? "";
    } while (token);
    expect(seen).toHaveLength(TOTAL);
    expect(new Set(seen).size).toBe(TOTAL);
  });

  test("can skip", async () => {
    const { body } = await get("?skip=4&maxKeys=1");
    expect([namesOf(body), body.TotalRecords, body.RecordsRemaining]).toEqual([["delta"], TOTAL, 1]);
  });

  test.each(["?maxKeys=0", "?maxKeys=1001", "?max-keys=-1", "?skip=-1", "?token=nonsense", "?maxKeys=1&maxKeys=2"])(
    "of %s is 400",
    async (query) => {
      expect(await get(query)).toMatchObject(lgError("BadRequest", 400));
    },
  );

  test("after a record that is not there is 404", async () => {
    expect(await get(`?token=${randomUUID()}`)).toMatchObject(lgError("NotFound", 404));
    expect(await post({ ContinuationToken: randomUUID() })).toMatchObject(lgError("NotFound", 404));
  });
});

describe("a search", () => {
  test.each([
    ["NameAscending", ["alpha", "bravo", "charlie", "delta", "test", "zulu"]],
    ["NameDescending", ["zulu", "test", "delta", "charlie", "bravo", "alpha"]],
    ["CreatedAscending", ["test", "delta", "alpha", "charlie", "bravo", "zulu"]],
    ["CreatedDescending", ["zulu", "bravo", "charlie", "alpha", "delta", "test"]],
    ["MostConnected", ["zulu", "bravo", "charlie", "alpha", "delta", "test"]],
  ])("orders by %s", async (Ordering, expected) => {
    const first = (await post({ Ordering, MaxResults: 4 })).body;
    const rest = (await post({ Ordering, MaxResults: 4, ContinuationToken: first.ContinuationToken })).body;
    expect([...namesOf(first), ...namesOf(rest)]).toEqual(expected);
  });

  test("filters by user, and passes over what has no meaning here", async () => {
    const wanted = { UserGUID: door.own.other.id, IncludeData: true, Labels: ["x"], Tags: { a: "b" }, Expr: {} };
    expect(namesOf((await post({ ...wanted, TenantGUID: "" })).body)).toEqual(["zulu"]);
    expect((await post({ UserGUID: randomUUID() })).body).toMatchObject({ TotalRecords: 0, Objects: [] });
  });

  test.each([
    { Ordering: "ModifiedAscending" },
    { MaxResults: 0 },
    { MaxResults: 1001 },
    { Skip: -1 },
    { UserGUID: 5 },
  ])("with %j is 400", async (body) => {
    expect(await post(body)).toMatchObject(lgError("BadRequest", 400));
  });
});

test("users and tenants have pages too", async () => {
  const users = await api.send("GET", `${path("/users")}?maxKeys=2`, { token: door.admin });
  expect(users.body).toMatchObject({ TotalRecords: 4, RecordsRemaining: 2, Objects: [{}, {}] });
  const found = await post({ Ordering: "NameAscending" }, door.admin, path("/users"));
  expect(found.body.Objects).toHaveLength(4);
  const tenants = await api.send("GET", "/v2.0/tenants?maxKeys=1", { token: door.platform });
  expect(tenants.body).toMatchObject({ Objects: [{ GUID: expect.any(String) }], EndOfResults: false });
  const next = await post(
    { MaxResults: 1, ContinuationToken: tenants.body.ContinuationToken },
    door.platform,
    "/v2.0/tenants",
  );
  expect(next.body.Objects[0].GUID).not.toBe(tenants.body.Objects[0].GUID);
});

test("of a tenant that is not there is empty, to the platform's administrator", async () => {
  const unknown = `/v2.0/tenants/${randomUUID()}/credentials`;
  for (const answer of [
    await api.send("GET", unknown, { token: door.platform }),
    await post({}, door.platform, unknown),
  ]) {
    expect(answer).toMatchObject({ status: 200, body: { TotalRecords: 0, EndOfResults: true, Objects: [] } });
  }
});
