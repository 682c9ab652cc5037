import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ownDatabase } from "@/test/own-database";
import { buildWorker } from "@/test/providers/worker";
import { type Postgres, startPostgres } from "@/test/servers/postgres";

/** A database of the organisation's own, on a real server that the operator has named. */
const server: Postgres = await startPostgres();
const database = await ownDatabase();
await server.query("CREATE ROLE provisioner LOGIN CREATEROLE CREATEDB PASSWORD 'provisioner-s3cret'");
const address = `postgresql://provisioner:provisioner-s3cret@localhost:${server.port}/postgres`;
Object.assign(process.env, { DATABASE_URL: database.url, MANAGED_DATABASE_URL: address, OUTBOUND_ALLOW: "" });

const { startApi } = await import("@/test/api");
const { tenant } = await import("@/test/tenant");
const { env } = await import("@/lib/platform/env");
const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
const PATH = "/api/integrations/database/managed";
const CREDENTIALS = "/api/integrations/credentials";

let api: Awaited<ReturnType<typeof startApi>>;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [api, worker] = await Promise.all([startApi(), buildWorker()]);
});
afterAll(async () => {
  worker?.forget();
  await owner.end();
  await server.stop();
});

async function organization() {
  const own = await tenant();
  const tokens = {
    admin: await own.token(own.admin),
    user: await own.token(own.user),
    program: await own.token(own.program),
  };
  const names = {
    database: `tenant_${own.orgId.replaceAll("-", "")}`,
    role: `tenant_${own.orgId.replaceAll("-", "")}_rw`,
  };
  return { own, ...tokens, ...names };
}

const make = (token: string, body?: unknown) => api.send("POST", PATH, { token, ...(body !== undefined && { body }) });

async function connects(config: pg.ClientConfig): Promise<true | string> {
  const client = new pg.Client({ host: "localhost", port: server.port, ...config });
  try {
    await client.connect();
    await client.query("CREATE TABLE IF NOT EXISTS mine (id int)");
    return true;
  } catch (error) {
    return String((error as { code?: string }).code);
  } finally {
    await client.end().catch(() => undefined);
  }
}

test("an organisation gets its database and role once, and the credential works in its workflows", async () => {
  const one = await organization();
  const made = await make(one.admin);
  expect(made).toMatchObject({
    status: 201,
    body: {
      provider: "internal_postgresql",
      credential_type: "user_password",
      name: "Managed database",
      user_id: null,
      version: 1,
      summary: `localhost:${server.port}/${one.database} as ${one.role}`,
      last_test: { outcome: "ok", current: true },
    },
  });
  expect(made.headers.get("etag")).toMatch(/^"1\.[\w-]+"$/);
  const fetched = await api.send("GET", `${CREDENTIALS}/${made.body.id}/credentials`, { token: one.program });
  expect(fetched.body).toMatchObject({
    host: "localhost",
    port: server.port,
    database: one.database,
    username: one.role,
  });
  const { password } = fetched.body;
  expect(await connects({ database: one.database, user: one.role, password })).toBe(true);
  expect(made.text).not.toContain(password);
  expect(await make(one.admin)).toMatchObject({ status: 409, body: { error: { code: "conflict" } } });
  // And it can be tested and rotated, although it is an inner address that no rule allows.
  const tested = await api.send("POST", `${CREDENTIALS}/${made.body.id}/test`, { token: one.admin });
  expect(tested.body).toMatchObject({ success: true });
  const rotated = await api.send("POST", `${CREDENTIALS}/${made.body.id}/rotate`, { token: one.admin });
  expect(rotated.body).toMatchObject({ success: true, state: "done", version: 2 });
});

test("the role may use its own database and no other organisation's", async () => {
  const [one, other] = [await organization(), await organization()];
  const id = (await make(one.admin)).body.id;
  await make(other.admin);
  const { password } = (await api.send("GET", `${CREDENTIALS}/${id}/credentials`, { token: one.program })).body;
  const as = { user: one.role, password };
  expect(await connects({ ...as, database: one.database })).toBe(true);
  expect(await connects({ ...as, database: other.database })).toBe("42501");
  const { rows } = await server.query(
    `SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = '${one.role}'`,
  );
  expect(Object.values(rows[0])).toEqual([false, false, false, false, false]);
});

test("ten calls at once make one database and one credential", async () => {
  const one = await organization();
  const answers = await Promise.all(Array.from({ length: 10 }, () => make(one.admin)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  for (const status of statuses) expect([201, 409, 429]).toContain(status);
  const { rows } = await owner.query("SELECT count(*)::int AS count FROM credential WHERE org_id = $1", [
    one.own.orgId,
  ]);
  expect(rows).toEqual([{ count: 1 }]);
});

test("what a crash left half made is finished by the next call, under the id that was reserved", async () => {
  const one = await organization();
  // As after a crash behind the role and the database: claimed, made at the server, and nothing stored.
  const reserved = randomUUID();
  await owner.query(
    "INSERT INTO managed_database (org_id, credential_id, lease, lease_until) VALUES ($1, $2, gen_random_uuid(), now() + interval '1 min')",
    [one.own.orgId, reserved],
  );
  await server.query(`CREATE ROLE ${one.role} LOGIN PASSWORD 'lost'`);
  await server.query(`GRANT ${one.role} TO provisioner WITH ADMIN OPTION`);
  await server.query(`CREATE DATABASE ${one.database} OWNER provisioner`);
  expect((await make(one.admin)).status).toBe(409);
  await owner.query("UPDATE managed_database SET lease_until = now() WHERE org_id = $1", [one.own.orgId]);
  expect(await make(one.admin, { name: "Ours" })).toMatchObject({ status: 201, body: { id: reserved, name: "Ours" } });
  const { password } = (await api.send("GET", `${CREDENTIALS}/${reserved}/credentials`, { token: one.program })).body;
  expect(await connects({ database: one.database, user: one.role, password })).toBe(true);
});

test("where only the credential was deleted, the same database gets a new one", async () => {
  const one = await organization();
  const first = (await make(one.admin)).body.id;
  await api.send("DELETE", `${CREDENTIALS}/${first}`, { token: one.admin });
  const again = await make(one.admin);
  expect(again.status).toBe(201);
  expect(again.body.id).not.toBe(first);
});

test("people without the right, programs and bad bodies are refused, and a taken name makes nothing twice", async () => {
  const one = await organization();
  for (const token of [one.user, one.program]) expect((await make(token)).status).toBe(403);
  expect((await api.send("POST", PATH)).status).toBe(401);
  expect((await make(one.admin, { database: "mine" })).status).toBe(422);
  const values = { host: "h.example", port: 22, username: "u", password: "p" };
  const body = { provider: "sftp", credential_type: "user_password", credentials: values, name: "Taken" };
  await api.send("POST", CREDENTIALS, { token: one.admin, body });
  expect((await make(one.admin, { name: "Taken" })).status).toBe(409);
  expect((await make(one.admin, { name: "Free" })).status).toBe(201);
});

test("the way in is for that server alone: no other inner place, and not for other kinds", async () => {
  const one = await organization();
  const values = {
    host: "localhost",
    port: server.port,
    database: "app",
    username: server.username,
    password: server.password,
  };
  const tested = (provider: string, change: object) =>
    api.send("POST", `${CREDENTIALS}/test`, {
      token: one.admin,
      body: { provider, credential_type: "user_password", credentials: { ...values, ...change } },
    });
  expect((await tested("internal_postgresql", {})).body).toMatchObject({ outcome: "ok" });
  const own = new URL(env().DATABASE_URL ?? "");
  for (const [provider, change] of [
    ["postgresql", {}],
    ["internal_postgresql", { port: server.port + 1 }],
    ["internal_postgresql", { host: "10.1.2.3" }],
    ["internal_postgresql", { host: own.hostname, port: Number(own.port) }],
    ["internal_postgresql", { host: "169.254.169.254" }],
  ] as const) {
    expect((await tested(provider, change)).body, `${provider} ${JSON.stringify(change)}`).toMatchObject({
      outcome: "failed",
      reason: "address_not_allowed",
    });
  }
});

test("a server that does not let databases be made is told apart from one that is away", async () => {
  const one = await organization();
  await server.query("ALTER ROLE provisioner NOCREATEROLE");
  expect(await make(one.admin)).toMatchObject({
    status: 500,
    body: { error: { code: "service_error", details: { reason: "not_allowed" } } },
  });
  await server.query("ALTER ROLE provisioner CREATEROLE CONNECTION LIMIT 0");
  const away = await make(one.admin);
  expect(away).toMatchObject({ status: 503, body: { error: { details: { reason: "too_many_connections" } } } });
  expect(away.headers.get("retry-after")).toBe("30");
  await server.query("ALTER ROLE provisioner CONNECTION LIMIT -1");
  expect((await make(one.admin)).status).toBe(201);
});
