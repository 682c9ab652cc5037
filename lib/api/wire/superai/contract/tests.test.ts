import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Api, startApi } from "@/test/api";
import { buildWorker } from "@/test/providers/worker";
import { freePort } from "@/test/servers/peer";
import { type Postgres, startPostgres } from "@/test/servers/postgres";
import { type Sshd, startSshd } from "@/test/servers/sshd";
import { type Tenant, tenant } from "@/test/tenant";

let api: Api;
let own: Tenant;
let user: string;
let sshd: Sshd;
/** Wants a key and a password. */
let both: Sshd;
let postgres: Postgres;
let closed: number;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [sshd, both, postgres, worker, closed] = await Promise.all([
    startSshd(),
    startSshd(["AuthenticationMethods publickey,password"]),
    startPostgres(),
    buildWorker(),
    freePort(),
  ]);
  const ports = [sshd.port, both.port, postgres.port, closed];
  process.env.OUTBOUND_ALLOW = ports.map((port) => `127.0.0.1/32:${port},localhost:${port}`).join(",");
  api = await startApi();
  own = await tenant();
  user = await own.token(own.user);
});
afterAll(async () => {
  worker?.forget();
  await Promise.all([sshd?.stop(), both?.stop(), postgres?.stop()]);
});

const BASE = "/api/integrations";
const post = (path: string, body?: unknown, token = user) => api.send("POST", `${BASE}${path}`, { token, body });
const create = async (provider: string, credentials: object, token = user) => {
  const made = await post("/credentials", { provider, credential_type: "user_password", credentials }, token);
  expect(made.status).toBe(201);
  return made.body.id as string;
};
const steps = ({ body }: Answer): string[] =>
  body.steps.map((step: Record<string, string | null>) =>
    [step.step, step.status, step.code].filter(Boolean).join(" "),
  );
/** The place of the first problem, in both forms of the answer. */
const problemOf = ({ status, body }: Answer) => [status, body.detail?.[0].loc, body.error.details?.[0].loc];

describe("POST /integrations/sftp/test-connection", () => {
  const PATH = "/sftp/test-connection";
  const OTHER_KEY = `ssh-ed25519 SHA256:${"A".repeat(43)}`;
  const place = () => ({ host: sshd.host, port: sshd.port, username: sshd.username, test_path: sshd.home });
  const withPassword = (change: object = {}) => ({
    ...place(),
    auth_type: "password",
    password: sshd.password,
    ...change,
  });
  const withKey = (change: object = {}) => ({ ...place(), auth_type: "key_file", ...change });

  test.each(["password", "user_password"])(
    "signs in with a password, auth_type %s, and tells every step",
    async (auth_type) => {
      const answer = await post(PATH, withPassword({ auth_type }));
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ success: true, outcome: "ok", reason: null, host_key: sshd.hostKey });
      expect(answer.body.test_receipt).toEqual(expect.any(String));
      expect(steps(answer)).toEqual(
        ["values", "resolve", "address", "connect", "host_key", "sign_in", "permission"].map((step) => `${step} ok`),
      );
      expect(Object.keys(answer.body.steps[0]).sort()).toEqual(
        ["advice", "code", "detail", "duration_ms", "field", "label", "meaning", "status", "step"].sort(),
      );
    },
  );

  test("signs in with a key and a password where the server wants both, and marks the password that is missing", async () => {
    const { host, port, username, home, password } = both;
    const key = { host, port, username, test_path: home, private_key_data: both.newKey("-t", "ed25519") };
    const body = { ...key, auth_type: "key_file" };
    const [whole, half] = [await post(PATH, { ...body, password }), await post(PATH, body)];
    expect(whole.body).toMatchObject({ success: true, outcome: "ok" });
    expect(half.body).toMatchObject({ success: false, reason: "further_factor_required" });
    expect(half.body.steps[5]).toMatchObject({ step: "sign_in", status: "failed", field: "password" });
  });

  test("signs in with a private key, with and without a passphrase", async () => {
    const plain = sshd.newKey("-t", "ed25519");
    expect((await post(PATH, withKey({ private_key_data: plain }))).body.success).toBe(true);
    const passphrase = "open sesame";
    const locked = sshd.newKey("-t", "ed25519", "-N", passphrase);
    const opened = await post(PATH, withKey({ private_key_data: locked, private_key_passphrase: passphrase }));
    expect(opened.body.success).toBe(true);
    const shut = await post(PATH, withKey({ private_key_data: locked, private_key_passphrase: "wrong" }));
    expect([shut.status, shut.body.error.code]).toEqual([400, "bad_request"]);
    // Named as the caller sent it.
    expect(shut.body.error.details[0].loc).toEqual(["body", "private_key_passphrase"]);
  });

  test.each([
    ["a wrong password", () => ({ password: "not it" }), "failed: sign_in failed wrong_credentials password"],
    ["another host key", () => ({ host_key: OTHER_KEY }), "failed: host_key failed host_key_mismatch host_key"],
    ["a blocked address", () => ({ host: "10.1.2.3" }), "failed: address failed address_not_allowed host"],
    ["the metadata service", () => ({ host: "169.254.169.254" }), "failed: address failed address_not_allowed host"],
    ["a server that is down", () => ({ port: closed }), "unreachable: connect failed connection_refused port"],
    ["a folder to read only", () => ({ test_path: sshd.readOnly }), "degraded: permission warning \\w+ test_path"],
  ])("%s is an answer, not an error", async (_, change, expected) => {
    const answer = await post(PATH, withPassword(change()));
    const { success, outcome, reason } = answer.body;
    expect([answer.status, success]).toEqual([200, false]);
    const at = answer.body.steps.findIndex(({ code }: { code: string }) => code === reason);
    const { field, meaning, advice } = answer.body.steps[at];
    expect(`${outcome}: ${steps(answer)[at]} ${field}`).toMatch(new RegExp(`^${expected}$`));
    expect([meaning, advice]).toEqual([expect.any(String), expect.any(String)]);
    for (const later of steps(answer).slice(at + 1)) expect(later).toMatch(/ skipped$/);
  });

  test("a blocked address is named together with the setting that would allow it", async () => {
    const { body } = await post(PATH, withPassword({ host: "10.1.2.3", port: 2222 }));
    expect(JSON.stringify(body.steps)).toContain("OUTBOUND_ALLOW=10.1.2.3/32:2222");
  });

  test.each(["host", "username", "auth_type"])("without %s the body has not its form: 422", async (name) => {
    expect(problemOf(await post(PATH, withPassword({ [name]: undefined })))).toEqual([
      422,
      ["body", name],
      ["body", name],
    ]);
  });

  test("another kind of auth_type, a wrong type and an unknown field are 422; a missing secret is 400", async () => {
    for (const change of [{ auth_type: "api_key" }, { password: 1 }, { port: "x" }, { shoe_size: 42 }]) {
      expect((await post(PATH, withPassword(change))).status).toBe(422);
    }
    expect((await post(PATH, withPassword({ password: null }))).status).toBe(400);
    expect((await post(PATH, withKey())).status).toBe(400);
    expect((await post(PATH, withPassword({ port: 70_000 }))).status).toBe(400);
  });
});

const fields = (change: object = {}) => ({
  host: postgres.host,
  port: String(postgres.port),
  username: postgres.username,
  password: postgres.password,
  database: postgres.database,
  ...change,
});
const verified = () => ({ sslmode: "verify-full", ssl_ca: postgres.authority });
const ALL = { success: true, reachable: true, tls: true, authenticated: true, query_ok: true };
const NONE = { success: false, reachable: false, tls: false, authenticated: false, query_ok: false };

describe.each(["/postgres/test-connection", "/plugins/postgres/test-connection"])("POST /integrations%s", (PATH) => {
  test("answers a map of five booleans and nothing else; the receipt is a header", async () => {
    for (const port of [String(postgres.port), postgres.port]) {
      const answer = await post(PATH, fields({ port, ...verified() }));
      expect([answer.status, answer.body]).toEqual([200, ALL]);
      expect(answer.headers.get("x-test-receipt")).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    }
  });

  test("tells encryption apart from its absence, also when no mode is given", async () => {
    expect((await post(PATH, fields())).body).toEqual(ALL);
    expect((await post(PATH, fields({ sslmode: "disable" }))).body).toEqual({ ...ALL, tls: false });
    expect((await post(PATH, fields({ sslmode: "verify-full" }))).body).toEqual({ ...NONE, reachable: true });
  });

  test.each([
    ["a wrong password", () => fields({ password: "not it" }), { ...NONE, reachable: true, tls: true }],
    ["no such database", () => fields({ database: "nowhere" }), { ...NONE, reachable: true, tls: true }],
    ["a server that is down", () => fields({ port: closed }), NONE],
    ["a blocked address", () => fields({ host: "10.1.2.3" }), NONE],
    ["a port that is not allowed", () => fields({ port: 22 }), NONE],
  ])("%s is an answer of 200", async (_, body, expected) => {
    const answer = await post(PATH, body());
    expect([answer.status, answer.body]).toEqual([200, expected]);
  });

  test("a connection string wins, whatever the fields beside it hold", async () => {
    const connection_string = `postgresql://${postgres.username}:${postgres.password}@localhost:${postgres.port}/app`;
    const contradicting = {
      host: "10.1.2.3",
      port: "no port",
      username: 7,
      password: null,
      database: "",
      sslmode: "x",
    };
    expect((await post(PATH, { connection_string })).body).toEqual(ALL);
    expect((await post(PATH, { ...contradicting, connection_string })).body).toEqual(ALL);
    expect((await post(PATH, { connection_string: "mysql://u:p@h/d" })).status).toBe(400);
    expect((await post(PATH, { connection_string: 5 })).status).toBe(422);
  });

  test.each(["host", "username", "password", "database"])(
    "without a connection string %s is needed: 422",
    async (name) => {
      const expected = [422, ["body", name], ["body", name]];
      for (const value of [undefined, null])
        expect(problemOf(await post(PATH, fields({ [name]: value })))).toEqual(expected);
      expect((await post(PATH, fields({ [name]: "", connection_string: null }))).status).toBe(400);
    },
  );

  test("a port is a number or digits; unknown fields and wrong types are 422", async () => {
    for (const change of [{ port: "x" }, { port: 1.5 }, { host: 1 }, { nonsense: "x" }]) {
      expect((await post(PATH, fields(change))).status).toBe(422);
    }
    expect((await post(PATH, fields({ port: 0 }))).status).toBe(400);
  });
});

describe("POST /integrations/postgres/test-connection/{credential_id}", () => {
  const PATH = "/postgres/test-connection";

  test("tests what is stored, and remembers how it went", async () => {
    const id = await create("postgresql", fields(verified()));
    const answer = await post(`${PATH}/${id}`);
    expect([answer.status, answer.body]).toEqual([200, ALL]);
    expect(answer.headers.get("x-test-receipt")).toEqual(expect.any(String));
    const stored = await api.send("GET", `${BASE}/credentials/${id}`, { token: user });
    expect(stored.body).toMatchObject({ version: 1, last_test: { outcome: "ok", reason: null, current: true } });
    const internal = await create("internal_postgresql", fields({ password: "not it" }));
    expect((await post(`${PATH}/${internal}`)).body).toEqual({ ...NONE, reachable: true, tls: true });
  });

  test("is for PostgreSQL credentials of one's own organisation", async () => {
    const id = await create("postgresql", fields());
    const sftp = await create("sftp", { host: "h.example", username: "u", password: "p" });
    expect((await post(`${PATH}/${sftp}`)).status).toBe(400);
    expect((await post(`${PATH}/no-id`)).status).toBe(400);
    const stranger = await tenant();
    const token = await stranger.token(stranger.admin);
    const [foreign, unknown] = [
      await post(`${PATH}/${id}`, undefined, token),
      await post(`${PATH}/${randomUUID()}`, undefined, token),
    ];
    expect([foreign.status, foreign.body.error]).toEqual([404, unknown.body.error]);
    expect((await post(`${PATH}/${id}`, undefined, await own.token(own.other))).status).toBe(404);
    expect((await post(`${PATH}/${id}`, undefined, await own.token(own.auditor))).status).toBe(403);
    expect((await post(`${PATH}/${id}`, undefined, await own.token(own.program))).body.success).toBe(true);
  });
});

describe("POST /integrations/credentials/test and /integrations/credentials/{credential_id}/test", () => {
  const values = (credentials: object, more: object = {}) => ({
    provider: "postgresql",
    credential_type: "user_password",
    credentials,
    ...more,
  });

  test("answer the whole report, for values and for what is stored", async () => {
    const tried = await post("/credentials/test", values(fields(verified())));
    const id = await create("postgresql", fields(verified()));
    const stored = await post(`/credentials/${id}/test`);
    for (const answer of [tried, stored]) {
      expect([answer.status, answer.body.success, steps(answer)]).toEqual([
        200,
        true,
        ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"].map((step) => `${step} ok`),
      ]);
      expect(Date.parse(answer.body.certificate_expires_at)).toBeGreaterThan(Date.now());
    }
    const plain = await post("/credentials/test", values(fields()));
    expect([plain.body.success, steps(plain)[4]]).toEqual([true, "tls warning certificate_unknown_authority"]);
  });

  test("refuse what has no test, what is no credential, and who may not", async () => {
    expect((await post("/credentials/test", values(fields(), { provider: "nothing" }))).status).toBe(400);
    expect((await post("/credentials/test", values({ host: "h" }))).status).toBe(400);
    expect((await post("/credentials/test", values(fields(), { more: 1 }))).status).toBe(422);
    const untestable = { provider: "jinaAIApi", credential_type: "api_key", credentials: { jinaAIAPIKey: "k" } };
    const refused = await post("/credentials/test", untestable);
    expect([refused.status, refused.body.error.details[0].type]).toEqual([400, "untestable"]);
    expect((await post(`/credentials/${randomUUID()}/test`)).status).toBe(404);
    expect((await post("/credentials/test", values(fields()), await own.token(own.auditor))).status).toBe(403);
    expect(
      (await post("/credentials/test", values(fields()), await own.token(own.user, { scopes: ["read"] }))).status,
    ).toBe(403);
  });
});

test("a test of values saves none of them", async () => {
  const fresh = await tenant();
  const token = await fresh.token(fresh.admin);
  const values = { provider: "postgresql", credential_type: "user_password", credentials: fields() };
  const sftp = { host: sshd.host, port: sshd.port, username: "u", auth_type: "password", password: "p" };
  await post("/postgres/test-connection", fields(), token);
  await post("/plugins/postgres/test-connection", fields(), token);
  await post("/credentials/test", values, token);
  await post("/sftp/test-connection", sftp, token);
  expect((await api.send("GET", `${BASE}/credentials`, { token })).body).toEqual([]);
  const id = await create("postgresql", fields(), token);
  const before = await api.send("GET", `${BASE}/credentials/${id}`, { token });
  await post(`/credentials/${id}/test`, undefined, token);
  const after = await api.send("GET", `${BASE}/credentials/${id}`, { token });
  // How it went is kept, apart from the credential: neither its version nor its time moves.
  expect({ ...after.body, last_test: null }).toEqual({ ...before.body, last_test: null });
  const change = { token, headers: { "if-match": before.headers.get("etag") ?? "" }, body: { tags: ["kept"] } };
  const merge = { "content-type": "application/merge-patch+json" };
  const changed = await api.send("PATCH", `${BASE}/credentials/${id}`, {
    ...change,
    headers: { ...change.headers, ...merge },
  });
  expect(changed.status).toBe(200);
});
