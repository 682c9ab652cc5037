import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { grantAccess } from "@/lib/access";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let user: string;
let admin: string;
let program: string;
beforeAll(async () => {
  api = await startApi();
  own = await tenant();
  [user, admin, program] = [await own.token(own.user), await own.token(own.admin), await own.token(own.program)];
});

const PATH = "/api/integrations/credentials";
const sftp = (more: object = {}) => ({
  provider: "sftp",
  credential_type: "user_password",
  credentials: sftpValues(),
  ...more,
});
const create = async (token = user, more: object = {}) =>
  (await api.send("POST", PATH, { token, body: sftp(more) })).body;

const FIELDS = [
  "created_at",
  "credential_type",
  "expires_at",
  "external_id",
  "google_email",
  "id",
  "last_test",
  "last_used_at",
  "modified_by",
  "name",
  "provider",
  "status",
  "summary",
  "tags",
  "token_expires_at",
  "updated_at",
  "user_id",
  "version",
];

describe("POST /integrations/credentials", () => {
  test("answers 201 with exactly the documented and additive fields and no secret", async () => {
    const marker = `marker-${randomUUID()}`;
    const answer = await api.send("POST", PATH, { token: user, body: sftp({ credentials: sftpValues(marker) }) });
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body).sort()).toEqual(FIELDS);
    expect(answer.body).toMatchObject({
      provider: "sftp",
      google_email: null,
      user_id: own.user.id,
      status: "active",
      version: 1,
    });
    expect(answer.body.summary).toBe("sftp.example.com:22 as alice");
    expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(marker);
    expect(answer.headers.get("etag")).toMatch(/^"1\.[\w-]+"$/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("works under both prefixes", async () => {
    expect((await api.send("POST", "/integrations/credentials", { token: user, body: sftp() })).status).toBe(201);
  });

  test("is refused without a token and with a bad one", async () => {
    const none = await api.send("POST", PATH, { body: sftp() });
    expect([none.status, none.body.error]).toEqual([
      401,
      { message: "Authentication required", code: "unauthorized", details: null },
    ]);
    const bad = await api.send("POST", PATH, { token: "lk_nonsense", body: sftp() });
    expect([bad.status, bad.body.error.message]).toEqual([401, "Invalid authentication token"]);
  });

  test("is refused to service accounts: a user account is required", async () => {
    const { status, body } = await api.send("POST", PATH, { token: program, body: sftp() });
    expect([status, body.error.message, body.error.code]).toEqual([403, "User account required", "forbidden"]);
  });

  test.each([
    ["a missing provider", { provider: undefined }, "provider"],
    ["an unknown provider", { provider: "carrier_pigeon" }, "provider"],
    ["a provider in capitals", { provider: "SFTP" }, "provider"],
    ["an unknown type", { credential_type: "magic" }, "credential_type"],
    ["credentials that are a list", { credentials: [] }, "credentials"],
    ["credentials that are null", { credentials: null }, "credentials"],
    ["credentials that are text", { credentials: "x" }, "credentials"],
    ["an unknown field", { organization_id: randomUUID() }, "organization_id"],
    ["a date that is none", { expires_at: "soon" }, "expires_at"],
  ])("answers 422 in both documented shapes for %s, without echoing it", async (_, change, field) => {
    const { status, body } = await api.send("POST", PATH, { token: user, body: sftp(change) });
    expect(status).toBe(422);
    expect(body.error).toMatchObject({ code: "validation_error", message: "Request validation failed" });
    expect(body.detail[0]).toEqual({ loc: ["body", field], msg: expect.any(String), type: expect.any(String) });
    expect(Object.keys(body.detail[0]).sort()).toEqual(["loc", "msg", "type"]);
    expect(body.error.details[0]).toMatchObject(body.detail[0]);
  });

  test.each([
    ["a missing password", { password: undefined }, "password"],
    ["an empty password", { password: "" }, "password"],
    ["a port that is none", { port: 70_000 }, "port"],
    ["a host with a scheme", { host: "sftp://example.com" }, "host"],
    ["a field the type does not have", { shoe_size: 42 }, "shoe_size"],
    ["a lone surrogate", { password: "\ud800" }, "password"],
    ["a NUL", { password: "a\u0000b" }, "password"],
  ])("answers 400 naming the field for %s", async (_, change, field) => {
    const { status, body } = await api.send("POST", PATH, {
      token: user,
      body: sftp({ credentials: { ...sftpValues(), ...change } }),
    });
    expect([status, body.error.code]).toEqual([400, "bad_request"]);
    expect(body.error.details[0].loc).toEqual(["body", "credentials", field]);
  });

  test.each([
    ["sftp", "api_key"],
    ["postgresql", "key_file"],
    ["google", "user_password"],
    ["aws_ses", "oauth2"],
  ])("answers 400 for a type that the provider does not have: %s with %s", async (provider, credential_type) => {
    const { status, body } = await api.send("POST", PATH, {
      token: user,
      body: { provider, credential_type, credentials: {} },
    });
    expect([status, body.error.details[0].loc]).toEqual([400, ["body", "credential_type"]]);
  });

  test.each([
    ["google", "google_oauth"],
    ["google", "oauth2"],
    ["sharepoint", "sharepoint_oauth"],
    ["sharepoint", "oauth2"],
    ["microsoft", "oauth2"],
  ])("answers 400 pointing to the authorization flow for %s with %s", async (provider, credential_type) => {
    const { status, body } = await api.send("POST", PATH, {
      token: user,
      body: { provider, credential_type, credentials: {} },
    });
    expect([status, body.error.details[0].type]).toEqual([400, "authorization_required"]);
  });

  test.each([
    [
      "aws_ses",
      "api_key",
      {
        access_key_id: "AKIAIOSFODNN7EXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region: "eu-central-1",
      },
    ],
    [
      "microsoft",
      "oauth2",
      { tenant_id: randomUUID(), client_id: randomUUID(), client_secret: "app-only-client-secret" },
    ],
    [
      "internal_postgresql",
      "user_password",
      { host: "db.internal.example", database: "app", username: "app", password: "pw" },
    ],
    ["postgresql", "user_password", { connection_string: "postgresql://app:pw@db.example.com:6432/app" }],
  ])("stores and hands out %s by %s", async (provider, credential_type, credentials) => {
    const made = await api.send("POST", PATH, { token: admin, body: { provider, credential_type, credentials } });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
    const fetched = await api.send("GET", `${PATH}/${made.body.id}/credentials`, { token: program });
    expect([fetched.status, fetched.body]).toEqual([200, expect.objectContaining(credentials)]);
  });

  test("stores one canonical name for each field alias", async () => {
    const credentials = { host: "db.example.com", port: "5433", database: "app", user: "app", password: "pw" };
    const { body } = await api.send("POST", PATH, {
      token: user,
      body: { provider: "postgresql", credential_type: "user_password", credentials },
    });
    const fetched = await api.send("GET", `${PATH}/${body.id}/credentials`, { token: program });
    expect(fetched.body).toMatchObject({ username: "app", port: 5433 });
    expect(fetched.body).not.toHaveProperty("user");
  });

  test("uses the connection string where fields contradict it", async () => {
    const credentials = {
      connection_string: "postgres://right:pw@right.example.com/db",
      host: "wrong.example.com",
      port: 1,
      username: "wrong",
    };
    const { body } = await api.send("POST", PATH, {
      token: user,
      body: { provider: "postgresql", credential_type: "user_password", credentials },
    });
    expect(body.summary).toContain("right.example.com");
    const fetched = await api.send("GET", `${PATH}/${body.id}/credentials`, { token: program });
    expect(JSON.stringify(fetched.body)).not.toContain("wrong");
  });

  test("answers 409 for a chosen name that is taken", async () => {
    await create(user, { name: "One of a kind" });
    const { status, body } = await api.send("POST", PATH, { token: admin, body: sftp({ name: "ONE OF A KIND" }) });
    expect([status, body.error.code]).toEqual([409, "conflict"]);
  });
});

describe("GET /integrations/credentials", () => {
  test("lists a person's own, newest first, deleted ones hidden; a service account sees all of the organisation", async () => {
    const fresh = await tenant();
    const [mine, others, worker] = [
      await fresh.token(fresh.user),
      await fresh.token(fresh.other),
      await fresh.token(fresh.program),
    ];
    const [first, second, third] = [await create(mine), await create(mine), await create(mine)];
    const foreign = await create(others);
    await api.send("DELETE", `${PATH}/${second.id}`, { token: mine });
    const ids = async (token: string, path = PATH) =>
      (await api.send("GET", path, { token })).body.map((one: { id: string }) => one.id);
    expect(await ids(mine)).toEqual([third.id, first.id]);
    expect(await ids(await fresh.token(fresh.admin))).toEqual([]);
    expect(await ids(worker)).toEqual([foreign.id, third.id, first.id]);
    expect(await ids(mine, `${PATH}/provider/SFTP`)).toEqual(await ids(mine, `${PATH}/provider/sftp`));
    expect(await ids(mine, `${PATH}/provider/postgresql`)).toEqual([]);
  });

  test("answers 400 for an unknown provider in the path", async () => {
    const { status, body } = await api.send("GET", `${PATH}/provider/nothing`, { token: user });
    expect([status, body.error.message]).toEqual([400, "Invalid provider"]);
  });

  test.each([
    "page=2",
    "limit=0",
    "limit=1001",
    "limit=x",
    "status=gone",
    "sort=color",
    "q=a&q=b",
    "cursor=zzz",
    "__proto__=1",
  ])("answers 400 for the parameter %s", async (query) => {
    const { status, body } = await api.send("GET", `${PATH}?${query}`, { token: user });
    expect([status, body.error.code]).toEqual([400, "bad_request"]);
  });

  test("pages by cursor, in headers, to the last row", async () => {
    const fresh = await tenant();
    const token = await fresh.token(fresh.user);
    const made = [];
    for (let at = 0; at < 5; at++) made.unshift((await create(token)).id);
    const seen: string[] = [];
    let query = "?limit=2";
    while (query) {
      const { body, headers } = await api.send("GET", PATH + query, { token });
      seen.push(...body.map((one: { id: string }) => one.id));
      query = /<(\?[^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1] ?? "";
    }
    expect(seen).toEqual(made);
  });

  test("filters by text, tag, provider and status", async () => {
    const { id } = await create(user, { name: "Needle in the stack", tags: ["quarterly"] });
    for (const query of ["q=needle", "tag=quarterly", "q=needle&provider=sftp&status=active"]) {
      expect(
        (await api.send("GET", `${PATH}?${query}`, { token: user })).body.map((one: { id: string }) => one.id),
      ).toEqual([id]);
    }
    expect((await api.send("GET", `${PATH}?q=needle&status=inactive`, { token: user })).body).toEqual([]);
  });
});

test("a parameter that a list does not know is refused at its place, the query", async () => {
  for (const query of ["_=123", "limit=0", "q=a&q=b"]) {
    const { status, body } = await api.send("GET", `${PATH}?${query}`, { token: user });
    expect([status, body.error.details[0].loc[0]]).toEqual([400, "query"]);
  }
});

describe("GET /integrations/credentials/{id}", () => {
  test("answers whoever sees it; for anybody else of the organisation it is not there", async () => {
    const { id } = await create();
    const get = async (who: string, path = id) => api.send("GET", `${PATH}/${path}`, { token: who });
    expect((await get(await own.token(own.auditor))).body).toMatchObject({ id });
    const other = await own.token(own.other);
    const [hidden, unknown] = [await get(other), await get(other, randomUUID())];
    expect([hidden.status, hidden.body.error]).toEqual([404, unknown.body.error]);
    const subject = { kind: "user", id: own.other.id } as const;
    await grantAccess(own.user, { subject, reach: "credential", key: id, rights: ["see"] });
    expect((await get(other)).body).toMatchObject({ id });
  });

  test("answers 400 for an id that is none", async () => {
    const { status, body } = await api.send("GET", `${PATH}/not-a-uuid`, { token: user });
    expect([status, body.error.message]).toEqual([400, "Invalid credential ID"]);
  });
});

describe("PATCH /integrations/credentials/{id}", () => {
  test("replaces the data whole: id, creation and provider stay, omitted fields are gone", async () => {
    const made = await create(user, { credentials: { ...sftpValues("old"), test_path: "/in" } });
    const body = { provider: "postgresql", credential_type: "user_password", credentials: sftpValues("new") };
    const answer = await api.send("PATCH", `${PATH}/${made.id}`, { token: admin, body });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: made.id,
      created_at: made.created_at,
      provider: "sftp",
      modified_by: own.admin.name,
      version: 2,
    });
    expect(answer.body.updated_at > made.updated_at).toBe(true);
    const { body: secret } = await api.send("GET", `${PATH}/${made.id}/credentials`, { token: program });
    expect(secret).toMatchObject({ password: "new", test_path: "." });
  });

  test("needs both fields", async () => {
    const { id } = await create();
    for (const body of [{ credentials: sftpValues() }, { credential_type: "user_password" }]) {
      expect((await api.send("PATCH", `${PATH}/${id}`, { token: user, body })).status).toBe(422);
    }
  });

  test("with merge-patch changes what is named, clears with null, keeps the rest", async () => {
    const { id } = await create(user, { credentials: { ...sftpValues("old"), test_path: "/in" } });
    const merge = { "content-type": "application/merge-patch+json" };
    await api.send("PATCH", `${PATH}/${id}`, {
      token: user,
      headers: merge,
      body: { credentials: { password: "new" } },
    });
    await api.send("PATCH", `${PATH}/${id}`, {
      token: user,
      headers: merge,
      body: { credentials: { test_path: null }, tags: ["t"] },
    });
    const { body: secret } = await api.send("GET", `${PATH}/${id}/credentials`, { token: program });
    expect(secret).toMatchObject({ ...sftpValues("new"), test_path: "." });
    const moved = await api.send("PATCH", `${PATH}/${id}`, {
      token: user,
      headers: merge,
      body: { credentials: { host: "other.example.com" } },
    });
    expect([moved.status, moved.body.error.details[0]]).toEqual([
      400,
      expect.objectContaining({ type: "resend_secret", loc: ["body", "credentials", "password"] }),
    ]);
  });

  test("honours If-Match: 412 for another version, one winner of eight", async () => {
    const { id } = await create();
    const patch = (tags: string[], version: string) =>
      api.send("PATCH", `${PATH}/${id}`, {
        token: user,
        headers: { "content-type": "application/merge-patch+json", "if-match": version },
        body: { tags },
      });
    expect((await patch(["x"], '"7"')).status).toBe(412);
    expect((await patch(["x"], "nonsense")).status).toBe(412);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => patch([`t${at}`], '"1"')));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array(7).fill(412)]);
    expect((await api.send("GET", `${PATH}/${id}`, { token: user })).headers.get("etag")).toMatch(/^"2\./);
  });

  test("of somebody else's is 403 for who may only look, allowed for an admin and a service account, and not there for others", async () => {
    const { id } = await create();
    const body = { credential_type: "user_password", credentials: sftpValues() };
    const status = async (token: string) => (await api.send("PATCH", `${PATH}/${id}`, { token, body })).status;
    expect([
      await status(await own.token(own.other)),
      await status(await own.token(own.auditor)),
      await status(admin),
      await status(program),
    ]).toEqual([404, 403, 200, 200]);
  });
});

describe("DELETE /integrations/credentials/{id}", () => {
  test("answers 204 without a body, then 404 for everything", async () => {
    const { id } = await create();
    const answer = await api.send("DELETE", `${PATH}/${id}`, { token: user });
    expect([answer.status, answer.text]).toEqual([204, ""]);
    for (const [method, path] of [
      ["DELETE", ""],
      ["GET", ""],
      ["GET", "/credentials"],
    ]) {
      expect((await api.send(method ?? "", `${PATH}/${id}${path}`, { token: program })).status).toBe(404);
    }
  });
});

describe("GET /integrations/credentials/{id}/credentials", () => {
  test("is for active service accounts alone, and no-store", async () => {
    const { id } = await create(user, { credentials: sftpValues("the secret") });
    const path = `${PATH}/${id}/credentials`;
    const answer = await api.send("GET", path, { token: program });
    expect([answer.status, answer.body.password, answer.headers.get("cache-control")]).toEqual([
      200,
      "the secret",
      "no-store",
    ]);
    for (const actor of [own.user, own.admin, own.auditor, await own.person("backoffice")]) {
      const refused = await api.send("GET", path, { token: await own.token(actor) });
      expect([refused.status, refused.body.error.message]).toEqual([403, "Service account required"]);
    }
    expect((await api.send("GET", path)).status).toBe(401);
  });

  test("asks who it is before it looks at the id", async () => {
    expect((await api.send("GET", `${PATH}/nonsense/credentials`)).status).toBe(401);
    expect((await api.send("GET", `${PATH}/nonsense/credentials`, { token: user })).status).toBe(403);
    expect((await api.send("GET", `${PATH}/nonsense/credentials`, { token: program })).status).toBe(400);
    expect((await api.send("GET", `${PATH}/${randomUUID()}/credentials`, { token: program })).status).toBe(404);
  });

  test("takes the token from X-API-Key as well, and not from the query", async () => {
    const { id } = await create();
    const path = `${PATH}/${id}/credentials`;
    expect((await api.send("GET", path, { headers: { "x-api-key": program } })).status).toBe(200);
    expect((await api.send("GET", `${path}?token=${program}&api_key=${program}`)).status).toBe(401);
    expect((await api.send("GET", path, { headers: { cookie: `next-auth.session-token=${program}` } })).status).toBe(
      401,
    );
  });

  test("of an inactive credential is refused, and works again when it is active", async () => {
    const { id } = await create();
    const merge = (active: boolean) =>
      api.send("PATCH", `${PATH}/${id}`, {
        token: user,
        headers: { "content-type": "application/merge-patch+json" },
        body: { active },
      });
    expect((await merge(false)).body.status).toBe("inactive");
    expect((await api.send("GET", `${PATH}/${id}/credentials`, { token: program })).status).toBe(403);
    await merge(true);
    expect((await api.send("GET", `${PATH}/${id}/credentials`, { token: program })).status).toBe(200);
  });
});

describe("every id", () => {
  test("that is unknown, deleted or another organisation's gets one answer, and the owner still gets in", async () => {
    const { id } = await create();
    const { id: gone } = await create();
    await api.send("DELETE", `${PATH}/${gone}`, { token: user });
    const stranger = await tenant();
    const [foreign, worker] = [await stranger.token(stranger.admin), await stranger.token(stranger.program)];
    const body = { credential_type: "user_password", credentials: sftpValues() };
    const calls = [
      (target: string) => api.send("GET", `${PATH}/${target}`, { token: foreign }),
      (target: string) => api.send("PATCH", `${PATH}/${target}`, { token: foreign, body }),
      (target: string) => api.send("DELETE", `${PATH}/${target}`, { token: foreign }),
      (target: string) => api.send("GET", `${PATH}/${target}/credentials`, { token: worker }),
      (target: string) => api.send("POST", `${PATH}/${target}/test`, { token: foreign }),
      (target: string) => api.send("POST", `/api/integrations/postgres/test-connection/${target}`, { token: foreign }),
    ];
    for (const call of calls) {
      const answers = [await call(id), await call(gone), await call(randomUUID())];
      const bare = answers.map(({ status, body }) => ({ status, error: body.error }));
      expect(bare).toEqual(
        Array(3).fill({ status: 404, error: { message: "Resource not found", code: "not_found", details: null } }),
      );
    }
    expect((await api.send("GET", `${PATH}/${id}`, { token: user })).status).toBe(200);
  });
});

describe("an id that a credential brought along from another system", () => {
  test.each([`n8n:${"abcDEF1234567890"}`, "cred-789", "airflow:my%20db", "airflow:a%2Fb%3Fc"])(
    "%s is listed and taken in paths",
    async (given) => {
      const mine = await tenant();
      const [token, program] = [await mine.token(mine.user), await mine.token(mine.program)];
      const body = {
        id: given,
        name: "Moved",
        credentialName: "openAIApi",
        plainDataObj: { openAIApiKey: "moved-in" },
      };
      expect((await api.send("POST", "/api/v1/credentials", { token, body })).status).toBe(200);
      const [listed] = (await api.send("GET", PATH, { token })).body;
      expect(listed.external_id).toBe(given);
      const path = `${PATH}/${encodeURIComponent(given)}`;
      expect((await api.send("GET", path, { token })).body).toEqual(listed);
      expect((await api.send("GET", `${PATH}?q=${encodeURIComponent(given)}`, { token })).body).toEqual([listed]);
      // As the list writes it, too: a program need not know that it has to encode.
      for (const written of [path, `${PATH}/${given}`]) {
        expect((await api.send("GET", `${written}/credentials`, { token: program })).body, written).toEqual({
          openAIApiKey: "moved-in",
        });
      }
      const headers = { "content-type": "application/merge-patch+json" };
      const renamed = await api.send("PATCH", path, { token, headers, body: { name: "Renamed" } });
      expect(renamed.body).toMatchObject({ id: listed.id, name: "Renamed" });
      const stranger = await tenant();
      const theirs = await stranger.token(stranger.user);
      const other = { token: theirs, headers: { "x-request-id": "one-and-the-same" } };
      const [foreign, none] = [await api.send("GET", path, other), await api.send("GET", `${PATH}/no-such-id`, other)];
      expect([foreign.status, foreign.text]).toEqual([400, none.text]);
      expect((await api.send("DELETE", path, { token })).status).toBe(204);
    },
  );
});
