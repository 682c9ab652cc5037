import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { lookBy } from "@/lib/api/http/readiness";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, lgError, made } from "@/test/litegraph";

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

const PREFIX = "/litegraph/10";
const ask = (method: string, path: string, body?: unknown, token: string | undefined = door.admin) =>
  api.send(method, path, { token, body });

const aPage = (objects: unknown) => ({
  Success: true,
  Timestamp: {
    Start: expect.stringMatching(/\.\d{6}Z$/),
    End: expect.stringMatching(/\.\d{6}Z$/),
    TotalMs: expect.any(Number),
    Messages: {},
  },
  MaxResults: 1000,
  EndOfResults: true,
  TotalRecords: expect.any(Number),
  RecordsRemaining: 0,
  Objects: objects,
});

/** Every list of the first version, as a path of the own tenant. */
const lists = {
  tenants: () => "/v1.0/tenants",
  users: () => door.at("/users"),
  credentials: () => door.at("/credentials"),
};
const names = Object.keys(lists) as (keyof typeof lists)[];

describe("a v1.0 list", () => {
  test.each(names)("of %s is an array at the root and a page of the same objects under the prefix", async (name) => {
    await made(api, door);
    const path = lists[name]();
    const array = await ask("GET", path);
    expect(array.body).toEqual(expect.any(Array));
    const page = await ask("GET", PREFIX + path);
    expect(page).toMatchObject({ status: 200, body: aPage(array.body) });
    expect(page.body.TotalRecords).toBe(array.body.length);
    expect(page.headers.get("content-type")).toBe("application/json");
  });

  test.each(names)("of %s, asked for by GUIDs, is of the same shape as the whole list", async (name) => {
    const { GUID } = (await ask("GET", lists[name]())).body[0];
    const path = `${lists[name]()}?guids=${randomUUID()},${GUID}`;
    expect((await ask("GET", path)).body).toEqual([expect.objectContaining({ GUID })]);
    expect((await ask("GET", PREFIX + path)).body).toEqual(aPage([expect.objectContaining({ GUID })]));
  });

  test.each(names.flatMap((name) => ["max-keys=1000", "maxKeys=1000"].map((query) => [name, query] as const)))(
    "of %s is a page at the root where %s is sent, which no earlier client does",
    async (name, query) => {
      const { body } = await ask("GET", `${lists[name]()}?${query}`);
      expect(body).toEqual(aPage(expect.any(Array)));
    },
  );

  test("of an unknown tenant is empty in both shapes", async () => {
    const path = `/v1.0/tenants/${randomUUID()}/credentials`;
    expect((await ask("GET", path, undefined, door.platform)).body).toEqual([]);
    expect((await ask("GET", PREFIX + path, undefined, door.platform)).body).toEqual(aPage([]));
  });

  test("is walked through page by page, in any order, and shows each object once", async () => {
    const own = await doorstep();
    for (let at = 0; at < 5; at++) await made(api, own, { Name: at % 2 ? "same" : "other" });
    for (const order of [
      "CreatedAscending",
      "CreatedDescending",
      "NameAscending",
      "NameDescending",
      "GuidAscending",
      "GuidDescending",
    ]) {
      for (const version of ["v1.0", "v2.0"]) {
        const ids: string[] = [];
        let token = "";
        do {
          const path = `${own.at("/credentials", version)}?order=${order}&max-keys=2${token && `&token=${token}`}`;
          const { body } = await ask("GET", PREFIX + path, undefined, own.admin);
          ids.push(...body.Objects.map(({ GUID }: { GUID: string }) => GUID));
          token = body.ContinuationToken ?? "";
          expect(body.EndOfResults).toBe(token === "");
        } while (token);
        const whole = await ask("GET", `${own.at("/credentials")}?order=${order}`, undefined, own.admin);
        expect(ids, `${version} ${order}`).toEqual(whole.body.map(({ GUID }: { GUID: string }) => GUID));
        expect(new Set(ids).size).toBe(ids.length);
      }
    }
  });

  test("refuses sizes that no page has, under the prefix and at the root", async () => {
    for (const size of ["0", "1001", "-1", "x"]) {
      expect(await ask("GET", `${door.at("/users")}?max-keys=${size}`)).toMatchObject(lgError("BadRequest", 400));
      expect(await ask("GET", `${PREFIX}${door.at("/users")}?maxKeys=${size}`)).toMatchObject(
        lgError("BadRequest", 400),
      );
    }
  });
});

describe("the prefix", () => {
  test("stands before everything that the root has", async () => {
    const credential = await made(api, door);
    const at = PREFIX + door.at(`/credentials/${credential.GUID}`);
    expect((await ask("GET", at)).body).toMatchObject({ GUID: credential.GUID });
    expect(await ask("HEAD", at)).toMatchObject({ status: 200, text: "" });
    expect((await ask("PUT", at, { Name: "renamed" })).body).toMatchObject({ Name: "renamed" });
    const found = await ask("POST", PREFIX + door.at("/credentials", "v2.0"), { MaxResults: 1 });
    expect(found.body).toMatchObject({ MaxResults: 1 });
    expect(await ask("DELETE", at)).toMatchObject({ status: 200, text: "" });
    expect(await ask("GET", at)).toMatchObject(lgError("NotFound", 404));
  });

  test.each(["", "/"])("answers %j like the root: HEAD and GET without authorisation", async (end) => {
    expect(await api.send("HEAD", PREFIX + end)).toMatchObject({ status: 200, text: "" });
    expect(await api.send("GET", PREFIX + end, { headers: { accept: "text/html" } })).toMatchObject({ status: 200 });
  });

  test.each(["/v3.0/tenants", "/v1.0/graphs", "/tenants", "/v1.0", "/x", "/sign-in", "/api/v1/ping"])(
    "answers the error body to %s, whatever the method",
    async (path) => {
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        const body = method === "GET" ? undefined : {};
        expect(await ask(method, PREFIX + path, body)).toMatchObject(lgError("BadRequest", 400));
      }
    },
  );

  test.each([
    "/litegraph",
    "/litegraph/",
    "/litegraph/9/v1.0/tenants",
    "/litegraph/100",
    "/LiteGraph/10/v1.0/tenants",
    "/litegraph//10/v1.0/tenants",
    "/litegraph/%31%30/v1.0/tenants",
  ])("has no other spelling: %s is nobody's", async (path) => {
    expect((await ask("GET", path)).status).toBe(404);
  });

  test("lets nobody in who is not let in at the root", async () => {
    for (const path of [lists.tenants(), lists.users(), lists.credentials()]) {
      expect(await api.send("GET", PREFIX + path)).toMatchObject(lgError("AuthenticationFailed", 401));
    }
  });
});

describe("health", () => {
  test.each(["", PREFIX])("is told at %j/v1.0/health without authorisation", async (prefix) => {
    const live = await api.send("GET", `${prefix}/v1.0/health/live`);
    const node = live.headers.get("x-litegraph-node");
    expect(live).toMatchObject({ status: 200, body: { Status: "Healthy", NodeId: node } });
    expect(live.body).not.toHaveProperty("Checks");
    expect(await api.send("GET", `${prefix}/v1.0/health/ready`)).toMatchObject({
      status: 200,
      body: { Status: "Healthy", NodeId: node, Checks: { Database: true, Draining: false } },
    });
    expect((await api.send("HEAD", `${prefix}/v1.0/health/ready`)).status).toBe(200);
  });

  test("is 503 with the same body while something is not right", async () => {
    try {
      lookBy(async () => new Set(["database"]));
      const answer = await api.send("GET", "/v1.0/health/ready");
      expect(answer).toMatchObject({ status: 503, body: { Status: "Unavailable", Checks: { Database: false } } });
      expect(answer.headers.get("retry-after")).toBe("2");
      expect((await api.send("GET", "/v1.0/health/live")).status).toBe(200);
    } finally {
      lookBy(async () => new Set());
    }
  });

  test("every answer names the node that gave it, and says nothing else by it", async () => {
    const answers = [
      await ask("GET", lists.users()),
      await ask("GET", "/v1.0/nowhere"),
      await api.send("GET", lists.users()),
      await ask("DELETE", door.at(`/credentials/${randomUUID()}`)),
    ];
    expect(new Set(answers.map(({ headers }) => headers.get("x-litegraph-node"))).size).toBe(1);
    expect(answers[0]?.headers.get("x-litegraph-node")).toMatch(/^[0-9a-f]{12}$/);
  });
});
