import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { updateServiceAccount } from "@/lib/identity/tokens";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { atLater } from "@/test/time-travel";

let api: Api;
let own: Tenant;
let user: string;
beforeAll(async () => {
  api = await startApi();
  own = await tenant();
  user = await own.token(own.user);
});

const PATH = "/api/integrations/credentials";
const sftp = (more: object = {}) => ({
  provider: "sftp",
  credential_type: "user_password",
  credentials: sftpValues(),
  ...more,
});
const post = (body: unknown, headers: Record<string, string> = {}, token = user) =>
  api.send("POST", PATH, { token, body, headers });

describe("every answer", () => {
  test("carries a request id, equal to the one in an error", async () => {
    const good = await api.send("GET", PATH, { token: user });
    expect(good.headers.get("x-request-id")).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    const bad = await api.send("GET", PATH);
    expect(bad.body.request_id).toBe(bad.headers.get("x-request-id"));
  });

  test("echoes a harmless request id and replaces any other", async () => {
    const sent = async (id: string, path = PATH) =>
      (await api.send("GET", path, { token: user, headers: { "x-request-id": id } })).headers.get("x-request-id");
    for (const path of [PATH, "/api/nothing", "/integrations/nothing", "/api/auth/nothing"])
      expect(await sent("my-request.0001", path), path).toBe("my-request.0001");
    for (const id of ["short", "with blank in it", "a".repeat(65), "<script>alert</script>"])
      expect(await sent(id)).not.toBe(id);
  });

  test("to a method outside the contract is 405 with Allow; nothing overrides a method", async () => {
    for (const method of ["PUT", "DELETE", "PATCH", "PROPFIND"]) {
      const { status, headers, body } = await api.send(method, PATH, { token: user });
      expect([status, headers.get("allow")], method).toEqual([405, "GET, HEAD, POST, OPTIONS"]);
      expect(body, method).toMatchObject({ error: { code: "method_not_allowed" }, request_id: expect.any(String) });
    }
    const { status, headers, text } = await api.send("OPTIONS", PATH);
    expect([status, headers.get("allow"), text]).toEqual([204, "GET, HEAD, POST, OPTIONS", ""]);
    expect((await api.send("GET", PATH, { token: user, headers: { "x-http-method-override": "DELETE" } })).status).toBe(
      200,
    );
  });

  test("to HEAD is the one to GET without its body", async () => {
    for (const path of [PATH, "/integrations/catalog", `${PATH}/01a21554-74a7-7470-bba0-c6d37613f0bb`]) {
      const [get, head] = [await api.send("GET", path, { token: user }), await api.send("HEAD", path, { token: user })];
      expect([head.status, head.text], path).toEqual([get.status, ""]);
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
    }
  });

  test("to a path of the API that is not there is the native not-found, whatever the method", async () => {
    const names = ["", "/", "/nothing", "/nothing/here", "/v3/credentials", "/admin", "/admin/x", "/admin/users/x/y"];
    const more = ["/profile", "/profile/x", "/auth", "/auth/", "/auth/nothing", "/auth/v1", "/auth/v1/x", "/authorize"];
    for (const path of [...names, ...more].map((name) => `/api${name}`).concat("/auth/v1", "/auth/v1/signup")) {
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"]) {
        for (const token of [user, undefined]) {
          const { status, headers, body } = await api.send(method, path, { token });
          expect([status, body?.error?.code], `${method} ${path}`).toEqual([404, "not_found"]);
          expect(body.request_id).toBe(headers.get("x-request-id"));
        }
      }
    }
    expect((await api.send("GET", "/api/v1/nothing", { token: user })).body).not.toHaveProperty("error");
  });

  test("under the prefix is JSON, also where there is nothing", async () => {
    const { status, body } = await api.send("GET", "/integrations/no/such/thing", { token: user });
    expect([status, body.error.code]).toEqual([404, "not_found"]);
  });
});

describe("a body", () => {
  test.each([
    ["that is no JSON", "{", 400],
    ["with a comment", '{/**/"provider":"sftp"}', 400],
    ["with a trailing comma", '{"provider":"sftp",}', 400],
    ["that is empty", "", 400],
    ["that is a list", "[]", 422],
    ["that is null", "null", 422],
    ["that names a field twice", '{"provider":"sftp","provider":"google"}', 400],
    ["with __proto__", '{"__proto__":{"x":1}}', 400],
    ["with a constructor deep inside", '{"credentials":{"a":{"constructor":1}}}', 400],
    ["nested too deep", `${'{"a":'.repeat(20)}1${"}".repeat(20)}`, 400],
    ["of too many values", JSON.stringify({ a: Array.from({ length: 2_100 }, () => 1) }), 400],
  ])("%s is refused", async (_, body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  test("that is not UTF-8 is refused", async () => {
    expect((await post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))).status).toBe(400);
  });

  test("of another media type or compressed is refused with 415", async () => {
    expect((await post("provider=sftp", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(415);
    expect((await post(sftp(), { "content-encoding": "gzip" })).status).toBe(415);
  });

  test("above 256 KiB is refused with 413 while it streams, whatever its announced length", async () => {
    expect((await post(sftp({ name: "x".repeat(300_000) }))).status).toBe(413);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(api.url);
      const sent = request({
        port,
        path: PATH,
        method: "POST",
        headers: { authorization: `Bearer ${user}`, "content-type": "application/json" },
      });
      sent.on("response", (response) => {
        resolve(response.statusCode);
        response.resume();
        sent.destroy();
      });
      sent.on("error", reject);
      // Chunked, so nothing announces how long it is.
      for (let at = 0; at < 20; at++) sent.write("x".repeat(20_000));
    });
    expect(status).toBe(413);
  });
});

describe("Idempotency-Key", () => {
  test("makes one of ten parallel creates; later retries get the stored answer", async () => {
    const fresh = await tenant();
    const token = await fresh.token(fresh.user);
    const [body, key] = [sftp(), { "idempotency-key": randomUUID() }];
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body, key, token)));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const again = await post(body, key, token);
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
    expect(
      new Set([...answers, again].filter(({ status }) => status === 201).map((answer) => answer.body.id)).size,
    ).toBe(1);
    expect((await api.send("GET", PATH, { token })).body).toHaveLength(1);
  });

  test("with another body is refused, with another caller or operation is another key", async () => {
    const key = { "idempotency-key": randomUUID() };
    const first = await post(sftp(), key);
    expect((await post(sftp(), key)).status).toBe(422);
    const stranger = await tenant();
    const other = await post(sftp(), key, await stranger.token(stranger.user));
    expect([first.status, other.status]).toEqual([201, 201]);
    expect(other.body.id).not.toBe(first.body.id);
  });

  test("of a refused create may be used for the corrected one", async () => {
    const key = { "idempotency-key": randomUUID() };
    expect((await post(sftp({ provider: "nothing" }), key)).status).toBe(422);
    expect((await post(sftp({ credentials: { host: "x" } }), key)).status).toBe(400);
    expect((await post(sftp(), key)).status).toBe(201);
  });
});

describe("a token", () => {
  const status = async (token: string, path = PATH) => (await api.send("GET", path, { token })).status;

  test("that has expired, is altered or unknown does not get in", async () => {
    const ending = await own.token(own.user, { expiresAt: new Date(Date.now() + 3_600_000) });
    expect(await status(ending)).toBe(200);
    expect(await atLater(3_601_000, () => status(ending))).toBe(401);
    for (const token of [`${user}x`, user.slice(0, -1), user.toUpperCase(), "default", "a".repeat(600), "null"]) {
      expect(await status(token)).toBe(401);
    }
  });

  test("of an account that is switched off stops, and works again when it is switched on", async () => {
    const fresh = await tenant();
    const token = await fresh.token(fresh.program);
    expect(await status(token)).toBe(200);
    await updateServiceAccount(fresh.admin, fresh.program.id, { status: "inactive" });
    await expect.poll(() => status(token)).toBe(401);
    await updateServiceAccount(fresh.admin, fresh.program.id, { status: "active" });
    await expect.poll(() => status(token)).toBe(200);
  });

  test("with a scope can do no more than the scope, whoever owns it", async () => {
    const reader = await own.token(own.admin, { scopes: ["read"] });
    expect(await status(reader)).toBe(200);
    expect((await post(sftp(), {}, reader)).status).toBe(403);
    expect((await api.send("POST", "/api/service-accounts", { token: reader, body: { name: "x" } })).status).toBe(403);
    const writer = await own.token(own.admin, { scopes: ["write"] });
    expect((await post(sftp(), {}, writer)).status).toBe(201);
    expect((await api.send("POST", "/api/service-accounts", { token: writer, body: { name: "x" } })).status).toBe(403);
  });
});

describe("service accounts and API keys", () => {
  test("a key with an empty list of scopes may do nothing, and one without the list all that its account may", async () => {
    const admin = await own.token(own.admin);
    const keys = `/api/service-accounts/${own.program.id}/api-keys`;
    const key = async (body: object) =>
      (await api.send("POST", keys, { token: admin, body: { name: `key ${randomUUID()}`, ...body } })).body;
    const [none, whole] = [await key({ scopes: [] }), await key({})];
    expect([none.scopes, whole.scopes]).toEqual([[], ["all"]]);
    expect([await status(none.token), await status(whole.token)]).toEqual([403, 200]);
  });

  test("live through the API; the token is shown once", async () => {
    const admin = await own.token(own.admin);
    const made = await api.send("POST", "/api/service-accounts", {
      token: admin,
      body: { name: `robot ${randomUUID()}` },
    });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ organization_id: own.orgId, status: "active" }),
    ]);
    const keys = `/api/service-accounts/${made.body.id}/api-keys`;
    const idempotency = { "idempotency-key": randomUUID() };
    const key = await api.send("POST", keys, { token: admin, body: { name: "first" }, headers: idempotency });
    expect([key.status, key.body.service_account_id, key.body.user_id]).toEqual([201, made.body.id, null]);
    expect(await status(key.body.token)).toBe(200);
    const replay = await api.send("POST", keys, { token: admin, body: { name: "first" }, headers: idempotency });
    expect([replay.body.id, replay.body.token]).toEqual([key.body.id, null]);
    // The same request for another account makes another key.
    const elsewhere = `/api/service-accounts/${own.program.id}/api-keys`;
    const apart = await api.send("POST", elsewhere, { token: admin, body: { name: "first" }, headers: idempotency });
    expect([apart.status, apart.body.service_account_id]).toEqual([201, own.program.id]);
    const listed = await api.send("GET", keys, { token: admin });
    expect(listed.body).toEqual([
      expect.objectContaining({ id: key.body.id, token_prefix: key.body.token.slice(0, 8) }),
    ]);
    expect(listed.text).not.toContain(key.body.token);
    expect(
      (await api.send("PATCH", `${keys}/${key.body.id}`, { token: admin, body: { name: "renamed" } })).body.name,
    ).toBe("renamed");
    expect((await api.send("DELETE", `${keys}/${key.body.id}`, { token: admin })).status).toBe(204);
    await expect.poll(() => status(key.body.token)).toBe(401);
    expect((await api.send("DELETE", `/api/service-accounts/${made.body.id}`, { token: admin })).status).toBe(204);
    expect((await api.send("GET", `/api/service-accounts/${made.body.id}`, { token: admin })).status).toBe(404);
  });

  test("belong to admins, and another organisation's do not exist", async () => {
    expect((await api.send("GET", "/api/service-accounts", { token: user })).status).toBe(403);
    const stranger = await tenant();
    const token = await stranger.token(stranger.admin);
    for (const path of [
      `/api/service-accounts/${own.program.id}`,
      `/api/service-accounts/${own.program.id}/api-keys`,
    ]) {
      expect((await api.send("GET", path, { token })).status).toBe(404);
    }
    expect(
      (await api.send("POST", `/api/service-accounts/${own.program.id}/api-keys`, { token, body: { name: "x" } }))
        .status,
    ).toBe(404);
  });

  const status = async (token: string) => (await api.send("GET", PATH, { token })).status;
});

describe("limits", () => {
  test("can be raised by the platform administrator and by nobody else", async () => {
    const fresh = await tenant();
    const operator = await own.token(await own.person("backoffice"));
    const path = `/api/admin/organizations/${fresh.orgId}`;
    const body = { max_credentials_per_provider: 1 };
    expect((await api.send("PATCH", path, { token: await fresh.token(fresh.admin), body })).status).toBe(403);
    expect((await api.send("PATCH", path, { token: operator, body })).body.max_credentials_per_provider).toBe(1);
    const token = await fresh.token(fresh.user);
    expect((await post(sftp(), {}, token)).status).toBe(201);
    const over = await post(sftp(), {}, token);
    expect([over.status, over.body.error.code, over.body.error.details]).toEqual([
      400,
      "bad_request",
      { limit: 1, scope: "provider", current: 1 },
    ]);
    await api.send("PATCH", path, {
      token: operator,
      body: { max_credentials_per_provider: 2, max_credentials_per_user: 1 },
    });
    expect((await post(sftp(), {}, token)).body.error.details.scope).toBe("user");
  });
});

describe("GET /integrations/catalog", () => {
  test("lists the seven providers and six types of the first contract, and the later ones, with their fields", async () => {
    const { body } = await api.send("GET", "/api/integrations/catalog", { token: user });
    const ids = body.map((entry: { provider: string }) => entry.provider).sort();
    expect(ids).toEqual(
      expect.arrayContaining([
        "api_credential",
        "aws_ses",
        "azure_blob",
        "google",
        "internal_postgresql",
        "microsoft",
        "postgresql",
        "sftp",
        "sharepoint",
        "sharepoint_client_secret",
      ]),
    );
    const types = new Set(body.flatMap((entry: { credential_types: string[] }) => entry.credential_types));
    expect([...types].sort()).toEqual([
      "api_key",
      "azure_blob_receive",
      "client_credentials",
      "google_drive_receive",
      "google_oauth",
      "key_file",
      "oauth2",
      "sftp",
      "shared_access_signature",
      "sharepoint_oauth",
      "sharepoint_receive",
      "user_password",
    ]);
    const sftp = body.find((entry: { provider: string }) => entry.provider === "sftp");
    expect(sftp).toMatchObject({ category: "storage", is_plugin: false });
    expect(sftp.credential_providers[0].credential_schema.properties.password).toMatchObject({ writeOnly: true });
  });
});
