import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { send } from "@/test/gateway/front";
import { type Doorstep, doorstep, lgError } from "@/test/litegraph";

let api: Api;
let door: Doorstep;
let port: number;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
  port = Number(new URL(api.url).port);
});

const BAD = lgError("BadRequest", 400);

describe("every path and verb of the dialect answers its error body, never a page and never an empty 405", () => {
  test.each([
    "/v1.0",
    "/v1.0/",
    "/v2.0",
    "/v1.0/nothing",
    "/v1.0/nothing/here/at/all",
    "/v1.0//tenants",
    "/v1.0/tenants/",
    "/v1.0/%zz",
    "/v2.0/%",
    "/v1.0/tenants/x/roles/y/z",
    "/v1.0/tenants/x/credentials/y/permissions/z",
    "/v1.0/cluster/nodes",
    "/v1.0/settings",
    "/v1.0/tenants/x/credentials/y/credentials",
    "/v1.0/tenants/x/graphs",
    "/v2.0/tenants/x/graphs",
  ])("%s", async (path) => {
    for (const method of ["GET", "PUT", "POST", "DELETE", "PATCH", "PROPFIND", "TRACE"]) {
      const answer = await send(port, `${method} ${path}`);
      expect([answer.status, answer.json, answer.headers["content-type"]], method).toEqual([
        400,
        BAD.body && { ...BAD.body, Description: expect.any(String) },
        "application/json",
      ]);
    }
    expect(await send(port, `HEAD ${path}`)).toMatchObject({ status: 400, text: "" });
  });

  test.each([
    ["POST", ""],
    ["PATCH", ""],
    ["POST", "/credentials"],
    ["PATCH", "/credentials"],
    ["POST", "/users"],
    ["POST", `/credentials/${randomUUID()}`],
    ["PATCH", `/credentials/${randomUUID()}`],
    ["GET", `/users/${randomUUID()}/credentials`],
    ["LOCK", "/credentials"],
  ])("%s of a tenant's %s", async (method, path) => {
    const answer = await send(port, `${method} ${door.at(path)}`, {
      headers: { authorization: `Bearer ${door.admin}` },
    });
    expect(answer).toMatchObject({ status: 400, json: BAD.body });
  });
});

test("a missing or wrong media type, and a body that is too large, are refused in the dialect's words", async () => {
  const ask = (options: object) => api.send("PUT", door.at("/credentials"), { token: door.admin, ...options });
  expect(await ask({ body: "{}", headers: { "content-type": "text/plain" } })).toMatchObject(BAD);
  expect(await ask({ body: "{}", headers: { "content-encoding": "gzip" } })).toMatchObject(BAD);
  expect(await ask({ body: { Name: "x".repeat(300_000) } })).toMatchObject(lgError("TooLarge", 413));
});

test("ids that callers follow requests by are said back when they are harmless", async () => {
  const ids = {
    "x-request-id": "request-12345",
    "x-correlation-id": "correlation-1",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  };
  const answer = await api.send("GET", "/v1.0/nothing", { headers: ids });
  for (const [name, value] of Object.entries(ids)) expect(answer.headers.get(name)).toBe(value);
  const bad = await api.send("GET", "/v1.0/nothing", {
    headers: { "x-correlation-id": "a<b>", "x-request-id": "<b>" },
  });
  expect([bad.headers.get("x-correlation-id"), bad.headers.get("x-request-id")]).toEqual([
    null,
    expect.stringMatching(/^\w{26}$/),
  ]);
});

describe("/", () => {
  test("tells programs that somebody is there, without asking who they are", async () => {
    expect(await api.send("HEAD", "/")).toMatchObject({ status: 200, text: "" });
    const page = await api.send("GET", "/");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.text).toContain("<!doctype html>");
  });

  test("is the console to browsers and to the console's own client", async () => {
    // The console behind this test's front answers 404 to everything.
    const accept = "text/html,application/xhtml+xml,*/*;q=0.8";
    expect((await api.send("GET", "/", { headers: { accept } })).status).toBe(404);
    expect((await api.send("GET", "/", { headers: { rsc: "1" } })).status).toBe(404);
    expect((await api.send("GET", "/?_rsc=abc")).status).toBe(404);
    expect((await api.send("POST", "/", { body: {} })).status).toBe(404);
  });
});

test("which tenants know an address is told to nobody unless the operator wants it", async () => {
  for (const email of [door.own.admin.name, "nobody@example.test"]) {
    const answer = await api.send("GET", "/v1.0/token/tenants", { headers: { "x-email": email } });
    expect(answer).toMatchObject(lgError("NotFound", 404));
  }
  expect(await api.send("GET", "/v1.0/token/tenants")).toMatchObject(BAD);
});

test("browsers of other origins get no header that would let them in, unless the operator wants it", async () => {
  const headers = { origin: "https://graph.example.com", "access-control-request-method": "PUT" };
  for (const [method, path] of [
    ["OPTIONS", door.at("/credentials")],
    ["GET", door.at()],
    ["HEAD", "/"],
  ] as const) {
    const answer = await api.send(method, path, { headers });
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
});
