import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorker, tryOut } from "@/test/providers/worker";
import { freePort } from "@/test/servers/peer";
import { startPgBouncer } from "@/test/servers/pgbouncer";
import { type Postgres, startPostgres } from "@/test/servers/postgres";

let worker: Awaited<ReturnType<typeof buildWorker>>;
let postgres: Postgres;
beforeAll(async () => {
  [worker, postgres] = await Promise.all([buildWorker(), startPostgres()]);
});
afterAll(async () => {
  worker?.forget();
  await postgres?.stop();
});

const urlWith = (password = postgres.password) =>
  `postgresql://${postgres.username}:${password}@127.0.0.1:${postgres.port}/${postgres.database}`;

/** What a test through the pooler comes to: outcome, reason and field of the sign-in. */
async function told(url: string, change: object = {}) {
  const { hostname: host, port } = new URL(url);
  const { username, password, database } = postgres;
  const values = { host, port: Number(port), username, password, database, sslmode: "disable", ...change };
  const report = await tryOut("postgresql", "user_password", values);
  const step = report.steps.find(({ status }) => status === "failed");
  return [report.outcome, report.reason, step?.field].filter(Boolean).join(" ");
}

test.each(["plain", "scram-sha-256", "md5"])(
  "PgBouncer that signs in with %s: what is wrong is told as by the server itself",
  async (auth_type) => {
    const pooler = await startPgBouncer(urlWith(), { auth_type });
    const found = {
      right: await told(pooler.url),
      password: await told(pooler.url, { password: "another-password" }),
      user: await told(pooler.url, { username: "nobody_here" }),
      database: await told(pooler.url, { database: "nowhere" }),
    };
    await pooler.stop();
    expect(found).toEqual({
      right: "ok",
      password: "failed wrong_credentials password",
      user: expect.stringMatching(/^failed wrong_credentials (?:password|username)$/),
      database: "failed database_not_found database",
    });
  },
);

test("PgBouncer that is full, or waits too long for a place at the server, is busy", async () => {
  const [full, waiting] = await Promise.all([
    startPgBouncer(urlWith(), { max_client_conn: "1" }),
    startPgBouncer(urlWith(), { default_pool_size: "1", query_wait_timeout: "1" }),
  ]);
  const held = [full, waiting].map(({ url }) => new pg.Client({ connectionString: url }));
  for (const client of held) {
    await client.connect();
    await client.query("SELECT 1");
  }
  const found = [await told(full.url), await told(waiting.url)];
  await Promise.all(held.map((client) => client.end()));
  await Promise.all([full.stop(), waiting.stop()]);
  expect(found).toEqual(["unreachable too_many_connections", "unreachable too_many_connections"]);
});

test("PgBouncer that cannot reach the server says that it is the pooler's own trouble", async () => {
  const nobody = urlWith().replace(`:${postgres.port}/`, `:${await freePort()}/`);
  const pooler = await startPgBouncer(nobody, { client_login_timeout: "1", server_login_retry: "1" });
  const found = await told(pooler.url);
  await pooler.stop();
  expect(found).toBe("unreachable server_not_ready");
});

test("PgBouncer that has no line for whoever comes rejects the access", async () => {
  const pooler = await startPgBouncer(urlWith(), { auth_type: "hba", auth_hba_file: "/dev/null" });
  const found = await told(pooler.url);
  await pooler.stop();
  expect(found).toBe("failed access_rejected username");
});
