import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorker, tryOut } from "@/test/providers/worker";
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

/** What signing in comes to: outcome, reason and field. */
async function told(change: object) {
  const { port, username, password, database } = postgres;
  const values = { host: "127.0.0.1", port, username, password, database, sslmode: "require", ...change };
  const report = await tryOut("postgresql", "user_password", values);
  const step = report.steps.find(({ status }) => status === "failed");
  return [report.outcome, report.reason, step?.field].filter(Boolean).join(" ");
}

test.each(["password", "md5", "scram-sha-256"] as const)(
  "PostgreSQL that asks by %s lets the right password in, and marks a wrong one",
  async (method) => {
    const username = `by_${method.replaceAll("-", "_")}`;
    await postgres.addReader(username, method);
    expect(await told({ username })).toBe("ok");
    expect(await told({ username, password: "another-password" })).toBe("failed wrong_credentials password");
  },
);

test("PostgreSQL that refuses for another reason than the password names it", async () => {
  await postgres.addReader("shut_out", "reject");
  await postgres.addReader("by_ident", "ident");
  await postgres.addReader("by_trust", "trust");
  await postgres.addReader("by_tls", "scram-sha-256", "hostssl");
  await postgres.query("CREATE ROLE no_login PASSWORD 'x'");
  await postgres.query("CREATE ROLE no_places LOGIN PASSWORD 'x' CONNECTION LIMIT 0");
  await postgres.query("CREATE DATABASE closed ALLOW_CONNECTIONS false");
  await postgres.query("CREATE DATABASE private");
  await postgres.query("REVOKE CONNECT ON DATABASE private FROM PUBLIC");
  const found = {
    rejected: await told({ username: "shut_out" }),
    ident: await told({ username: "by_ident" }),
    unencrypted: await told({ username: "by_tls", sslmode: "disable" }),
    encrypted: await told({ username: "by_tls" }),
    noLogin: await told({ username: "no_login", password: "x" }),
    full: await told({ username: "no_places", password: "x" }),
    nowhere: await told({ database: "nowhere" }),
    closed: await told({ database: "closed" }),
    denied: await told({ database: "private" }),
  };
  await postgres.query("DROP ROLE by_trust");
  expect({ ...found, missing: await told({ username: "by_trust" }) }).toEqual({
    rejected: "failed access_rejected username",
    ident: "failed method_not_supported username",
    unencrypted: "failed tls_required sslmode",
    encrypted: "ok",
    noLogin: "failed access_rejected username",
    full: "unreachable too_many_connections",
    nowhere: "failed database_not_found database",
    closed: "failed database_closed database",
    denied: "failed permission_denied database",
    missing: "failed wrong_credentials username",
  });
});

test("a server of another tongue is understood by its codes", async () => {
  const { rows } = await postgres.query("SHOW lc_messages");
  const tongues = ["de_DE.UTF-8", "fr_FR.UTF-8", "ja_JP.UTF-8"];
  for (const tongue of tongues) {
    // One that the machine does not have is refused, and then English stays: the answers must be the same either way.
    await postgres.query(`ALTER SYSTEM SET lc_messages = '${tongue}'`).catch(() => undefined);
    await postgres.query("SELECT pg_reload_conf()");
    expect(await told({ password: "another-password" })).toBe("failed wrong_credentials password");
    expect(await told({ database: "nowhere" })).toBe("failed database_not_found database");
  }
  await postgres.query(`ALTER SYSTEM SET lc_messages = '${rows[0].lc_messages}'`);
});
