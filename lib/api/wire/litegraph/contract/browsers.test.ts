import { beforeAll, describe, expect, test } from "vitest";
import type { Api } from "@/test/api";
import type { Doorstep } from "@/test/litegraph";

// Settings of the process, so they are set before the product is loaded.
const ORIGIN = "https://graph.example.com";
Object.assign(process.env, { CORS_ORIGINS: `${ORIGIN}, http://localhost:3001`, LATCHKEY_TENANTS_FOR_EMAIL: "true" });
const { startApi } = await import("@/test/api");
const { doorstep, lgError } = await import("@/test/litegraph");

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

describe("a browser of a configured origin", () => {
  test.each(["/v1.0/token", "/v1.0/tenants", "/v1.0/nothing/here", "/v2.0/tenants/x/credentials"])(
    "may ask %s with the headers that LiteGraph's dashboard sends",
    async (path) => {
      const headers = { origin: ORIGIN, "access-control-request-method": "PUT" };
      const answer = await api.send("OPTIONS", path, { headers });
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, ORIGIN]);
      const allowed = (answer.headers.get("access-control-allow-headers") ?? "").toLowerCase().split(", ");
      const sent = ["authorization", "content-type", "x-token", "x-email", "x-password", "x-tenant-guid"];
      expect(allowed).toEqual(
        expect.arrayContaining([...sent, "x-api-key", "if-match", "x-request-id", "x-request-from"]),
      );
      expect(answer.headers.get("access-control-allow-methods")).toBe("GET, HEAD, POST, PUT, DELETE, OPTIONS");
      expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
    },
  );

  test("can read answers, refusals and the health check", async () => {
    for (const [method, path, token] of [
      ["GET", door.at(), door.admin],
      ["GET", door.at(), undefined],
      ["GET", "/v1.0/nothing", undefined],
      ["HEAD", "/", undefined],
    ] as const) {
      const answer = await api.send(method, path, { token, headers: { origin: ORIGIN } });
      expect(answer.headers.get("access-control-allow-origin")).toBe(ORIGIN);
      expect(answer.headers.get("vary")).toBe("Origin");
    }
  });
});

test("a browser of another origin gets nothing, whatever it looks like", async () => {
  for (const origin of ["https://graph.example.com.evil.test", "https://evil.test", "null", `${ORIGIN}:444`, "*"]) {
    for (const method of ["OPTIONS", "GET"]) {
      const answer = await api.send(method, door.at(), { headers: { origin, "access-control-request-method": "GET" } });
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
      expect(answer.headers.get("vary")).toBe("Origin");
    }
  }
});

test("who signs in by LiteGraph's dashboard goes: health, tenants of the address, token, details, lists", async () => {
  const headers = { origin: ORIGIN };
  const email = { "x-email": door.own.admin.name.toUpperCase() };
  expect((await api.send("HEAD", "/", { headers })).status).toBe(200);
  const tenants = await api.send("GET", "/v1.0/token/tenants", { headers: { ...headers, ...email } });
  expect(tenants.body).toEqual([expect.objectContaining({ GUID: door.own.orgId, Name: door.own.name, Active: true })]);
  const { PASSWORD } = await import("@/test/tenant");
  const login = { ...headers, ...email, "x-password": PASSWORD, "x-tenant-guid": tenants.body[0].GUID };
  const { body: token } = await api.send("GET", "/v1.0/token", { headers: login });
  const withToken = { ...headers, "x-token": token.Token };
  const details = await api.send("GET", "/v1.0/token/details", { headers: withToken });
  expect([details.body.Tenant.GUID, details.body.User.GUID]).toEqual([door.own.orgId, door.own.admin.id]);
  expect((await api.send("GET", door.at("/users"), { headers: withToken })).status).toBe(200);
  const page = await api.send("GET", `${door.at("/credentials", "v2.0")}?maxKeys=10`, { headers: withToken });
  expect(page.body.TotalRecords).toBe(1);
});

test("strangers may look up few addresses in an hour, and are told nothing of unknown ones", async () => {
  const ask = (email: string) => api.send("GET", "/v1.0/token/tenants", { headers: { "x-email": email } });
  expect(await ask("nobody@example.test")).toMatchObject(lgError("NotFound", 404));
  let status = 404;
  for (let at = 0; at < 40 && status === 404; at++) status = (await ask(`nobody-${at}@example.test`)).status;
  expect(status).toBe(429);
  expect((await ask(door.own.admin.name)).headers.get("retry-after")).toMatch(/^\d+$/);
});
