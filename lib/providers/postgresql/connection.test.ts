import { afterAll, beforeAll, expect, test } from "vitest";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { freePort } from "@/test/servers/peer";
import { type Postgres, startPostgres } from "@/test/servers/postgres";

let server: Postgres;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [server, worker] = await Promise.all([startPostgres(), buildWorker()]);
});
afterAll(async () => {
  worker?.forget();
  await server?.stop();
});

const values = (change: Record<string, unknown> = {}) => ({
  host: server.host,
  port: server.port,
  database: server.database,
  username: server.username,
  password: server.password,
  sslmode: "verify-full",
  ssl_ca: server.authority,
  ...change,
});
const tryValues = (change: Record<string, unknown> = {}) => tryOut("postgresql", "user_password", values(change));

test("a verified server and a right password pass every step, and the report tells the certificate", async () => {
  const report = await tryValues();
  expect(report.outcome).toBe("ok");
  expect(walked(report)).toEqual([
    "values ok",
    "resolve ok",
    "address ok",
    "connect ok",
    "tls ok",
    "sign_in ok",
    "permission ok",
  ]);
  const tls = report.steps.find(({ id }) => id === "tls");
  expect(tls?.detail).toMatch(
    /^certificate valid from 20\d\d-\d\d-\d\d to 20\d\d-\d\d-\d\d, issued by Latchkey Test CA$/,
  );
  expect(Date.parse(report.facts.certificateExpiresAt ?? "")).toBeGreaterThan(Date.now());
});

test("the platform's own database is tested in the same way", async () => {
  expect((await tryOut("internal_postgresql", "user_password", values())).outcome).toBe("ok");
  const { sslmode: _, ssl_ca: __, ...plain } = values();
  await server.present("none");
  const report = await tryOut("internal_postgresql", "user_password", plain).finally(() => server.present("good"));
  expect(report.outcome).toBe("ok");
  expect(report.steps.find(({ id }) => id === "tls")).toMatchObject({
    status: "warning",
    code: "not_encrypted",
    detail:
      "Not offered by the server: the password is at most proven, never sent; everything else can be read on the way",
    meaning:
      "The server does not offer encryption. The password is at most proven, never sent; everything else is readable.",
    advice: "Switch TLS on at the server (ssl = on), then set TLS to “Verify fully”.",
    field: "sslmode",
  });
});

test("a connection string is tested as the fields are, and problems point at it", async () => {
  const string = (password: string, query = "") =>
    `postgresql://app_reader:${password}@localhost:${server.port}/app${query}`;
  const run = (connection_string: string) =>
    tryOut(
      "postgresql",
      "user_password",
      { connection_string, ssl_ca: server.authority },
      { policy: allowing(server.port) },
    );
  expect((await run(string(server.password))).outcome).toBe("ok");
  const wrong = await run(string("not-the-password", "?sslmode=verify-full"));
  expect(wrong.steps.find(({ id }) => id === "sign_in")).toMatchObject({
    code: "wrong_credentials",
    field: "connection_string",
  });
});

test("a refused password that begins or ends with a space is told apart, and only then", async () => {
  const advice = async (password: string) => {
    const report = await tryValues({ password });
    return report.steps.find(({ code }) => code === "wrong_credentials")?.advice;
  };
  const usual = await advice("not-the-password");
  expect(usual).not.toContain("space");
  for (const password of [`${server.password} `, ` ${server.password}`])
    expect(await advice(password)).toBe(
      `${usual} What is given here begins or ends with a space: take it away, unless it belongs there.`,
    );
  expect(await advice("not the password")).toBe(usual);
});

test("each TLS mode does what it says", async () => {
  const outcomes = async (change: Record<string, unknown>) => {
    const report = await tryValues(change);
    const tls = report.steps.find(({ id }) => id === "tls");
    return [report.outcome, tls?.status, tls?.code].filter(Boolean).join(" ");
  };
  const withoutCa = { ssl_ca: undefined };
  expect(await outcomes({ host: "127.0.0.1" })).toBe("ok ok");
  expect(await outcomes(withoutCa)).toBe("failed failed certificate_unknown_authority");
  expect(await outcomes({ ...withoutCa, sslmode: "verify-ca" })).toBe("failed failed certificate_unknown_authority");
  expect(await outcomes({ ...withoutCa, sslmode: "require" })).toBe("ok warning certificate_not_checked");
  expect(await outcomes({ ...withoutCa, sslmode: "disable" })).toBe("ok warning not_encrypted");
});

test.each([
  ["expired", "verify-full", "failed certificate_expired"],
  ["expired", "verify-ca", "failed certificate_expired"],
  ["expired", "require", "warning certificate_not_checked"],
  ["wrong name", "verify-full", "failed certificate_name_mismatch"],
  ["wrong name", "verify-ca", "ok"],
  ["self-signed", "verify-full", "failed certificate_self_signed"],
  ["self-signed", "require", "warning certificate_not_checked"],
  ["expiring", "verify-full", "warning certificate_expires_soon"],
  ["none", "verify-full", "failed tls_not_offered"],
  ["none", "require", "failed tls_not_offered"],
  ["none", "disable", "warning not_encrypted"],
] as const)("a server whose certificate is %s, under %s: %s", async (which, sslmode, expected) => {
  await server.present(which);
  const report = await tryValues({ sslmode }).finally(() => server.present("good"));
  const step = report.steps.find(({ id }) => id === "tls");
  expect([step?.status, step?.code].filter(Boolean).join(" ")).toBe(expected);
  expect(report.outcome).toBe(expected.startsWith("failed") ? "failed" : "ok");
});

test("an authority that did not sign the certificate is not believed", async () => {
  const other = server.authority;
  await server.present("self-signed");
  const report = await tryValues({ ssl_ca: other }).finally(() => server.present("good"));
  expect(report.reason).toBe("certificate_self_signed");
  const garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  expect((await tryValues({ ssl_ca: garbage })).reason).toBe("certificate_authority_unreadable");
});

test("what the server refuses is told apart, with the field to look at", async () => {
  await server.query("CREATE DATABASE closed");
  await server.query("REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
  await server.query("CREATE ROLE nobody_in LOGIN PASSWORD 'x1' CONNECTION LIMIT 0");
  const told = async (change: Record<string, unknown>) => {
    const report = await tryValues(change);
    const step = report.steps.find(({ code }) => code === report.reason);
    return [report.outcome, step?.id, step?.code, step?.field].filter(Boolean).join(" ");
  };
  expect(await told({ password: "not-the-password" })).toBe("failed sign_in wrong_credentials password");
  expect(await told({ username: "stranger" })).toBe("failed sign_in wrong_credentials password");
  expect(await told({ database: "nowhere" })).toBe("failed sign_in database_not_found database");
  expect(await told({ database: "closed" })).toBe("failed permission permission_denied database");
  expect(await told({ username: "nobody_in", password: "x1" })).toBe("unreachable sign_in too_many_connections");
  expect(await told({ host: "no-such-host.invalid" })).toMatch(/resolve (host_not_found|resolver_unavailable) host$/);
  expect(await told({ port: await freePort() })).toBe("unreachable connect connection_refused port");
});

test("the query of a test is one, and leaves nothing behind", async () => {
  const sessions = () =>
    server.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'latchkey'");
  expect((await tryValues()).outcome).toBe("ok");
  await expect.poll(async () => (await sessions()).rows[0].n).toBe(0);
});
