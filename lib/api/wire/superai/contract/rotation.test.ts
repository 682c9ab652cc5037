import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorker } from "@/test/providers/worker";
import { type Postgres, startPostgres } from "@/test/servers/postgres";

/** Rotation over HTTP: what begins it, what it answers, and who is let near it. */
const server: Postgres = await startPostgres();
process.env.OUTBOUND_ALLOW = `localhost:${server.port}`;
const { startApi } = await import("@/test/api");
const { tenant } = await import("@/test/tenant");
const PATH = "/api/integrations/credentials";

let api: Awaited<ReturnType<typeof startApi>>;
let own: Awaited<ReturnType<typeof tenant>>;
let user: string;
let program: string;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [api, own, worker] = await Promise.all([startApi(), tenant(), buildWorker()]);
  [user, program] = [await own.token(own.user), await own.token(own.program)];
});
afterAll(async () => {
  worker?.forget();
  await server.stop();
});

async function made(change: object = {}): Promise<{ at: string; password: string }> {
  const [username, password] = [`r_${randomUUID().replaceAll("-", "")}`, randomUUID()];
  await server.query(`CREATE ROLE ${username} LOGIN PASSWORD '${password}'`);
  const credentials = { host: "localhost", port: server.port, database: "app", username, password, ...change };
  const body = { provider: "postgresql", credential_type: "user_password", credentials };
  const answer = await api.send("POST", PATH, { token: user, body });
  expect(answer.status).toBe(201);
  return { at: `${PATH}/${answer.body.id}`, password };
}

test("a rotation answers its steps and the new version, and its status can be asked for afterwards", async () => {
  const { at, password } = await made();
  expect((await api.send("GET", `${at}/rotate`, { token: user })).status).toBe(404);
  const rotated = await api.send("POST", `${at}/rotate`, { token: user, headers: { "if-match": '"1"' } });
  expect(rotated.status).toBe(200);
  expect(rotated.headers.get("etag")).toMatch(/^"2\./);
  expect(rotated.body).toMatchObject({
    success: true,
    state: "done",
    reason: null,
    kind: "password",
    version: 2,
    new_public_key: null,
    steps: [{ step: "make" }, { step: "change" }, { step: "verify" }, { step: "store", status: "ok" }],
  });
  const fetched = await api.send("GET", `${at}/credentials`, { token: program });
  expect(fetched.body.password).not.toBe(password);
  expect(rotated.text).not.toContain(fetched.body.password);
  const asked = await api.send("GET", `${at}/rotate`, { token: program });
  expect(asked.body).toEqual(rotated.body);
  expect((await api.send("DELETE", `${at}/rotate`, { token: user })).status).toBe(409);
});

test("a program may rotate too; what the server refuses is an answer that says the old one stays", async () => {
  const { at } = await made();
  expect((await api.send("POST", `${at}/rotate`, { token: program })).body).toMatchObject({ success: true });
  const wrong = await made({ password: "not the password" });
  const refused = await api.send("POST", `${wrong.at}/rotate`, { token: program });
  expect(refused).toMatchObject({
    status: 200,
    body: { success: false, state: "undone", reason: "wrong_credentials", version: 1 },
  });
  expect(refused.body.message).toContain("the old secret stays");
});

test("an outdated version, a wrong id, a stranger, readers and what cannot be rotated are refused", async () => {
  const { at } = await made();
  const stranger = await tenant();
  const tokens = {
    user,
    other: await own.token(own.other),
    auditor: await own.token(own.auditor),
    reader: await own.token(own.user, { scopes: ["read"] }),
    stranger: await stranger.token(stranger.admin),
  };
  const status = async (path: string, token: string, headers = {}) =>
    (await api.send("POST", `${path}/rotate`, { token, headers })).status;
  expect(await status(at, user, { "if-match": '"9"' })).toBe(412);
  expect(await status(`${PATH}/nonsense`, user)).toBe(400);
  expect(await status(`${PATH}/${randomUUID()}`, user)).toBe(404);
  expect([await status(at, tokens.other), await status(at, tokens.auditor), await status(at, tokens.reader)]).toEqual([
    404, 403, 403,
  ]);
  for (const [method, path] of [
    ["POST", `${at}/rotate`],
    ["GET", `${at}/rotate`],
    ["DELETE", `${at}/rotate`],
  ] as const) {
    const [theirs, nobodys] = await Promise.all([
      api.send(method, path, { token: tokens.stranger }),
      api.send(method, `${PATH}/${randomUUID()}/rotate`, { token: tokens.stranger }),
    ]);
    expect({ ...theirs.body, request_id: 0 }).toEqual({ ...nobodys.body, request_id: 0 });
    expect(theirs.status).toBe(404);
  }
  const values = { host: "h.example", port: 22, username: "u", password: "p" };
  const sftp = { provider: "sftp", credential_type: "user_password", credentials: values };
  const id = (await api.send("POST", PATH, { token: user, body: sftp })).body.id;
  const cannot = await api.send("POST", `${PATH}/${id}/rotate`, { token: user });
  expect([cannot.status, cannot.body.error.details[0].type]).toEqual([400, "not_rotatable"]);
});

test("where the operator has named no server, no database is made, and the answer says how it could be", async () => {
  const answer = await api.send("POST", "/api/integrations/database/managed", { token: await own.token(own.admin) });
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain("MANAGED_DATABASE_URL");
});
