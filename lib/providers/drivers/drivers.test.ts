import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { makeAuthority } from "@/test/servers/certificates";
import { type Standin, startStandin } from "@/test/servers/https";
import { type Mariadb, startMariadb } from "@/test/servers/mariadb";
import { freePort, startPeer } from "@/test/servers/peer";
import { type Postgres, startPostgres } from "@/test/servers/postgres";
import { type Redis, startRedis } from "@/test/servers/redis";

/** Real servers on this machine, which the operator allowed: so encryption is used if offered, and its certificate is not checked. */
let worker: Awaited<ReturnType<typeof buildWorker>>;
let [mariadb, plainMariadb]: (Mariadb | undefined)[] = [];
let redis: Redis;
let postgres: Postgres;
let service: Standin;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-standin-"));
  service = await startStandin(makeAuthority(folder).issue("good"));
  // Told to the worker, as an operator would who has an authority of their own.
  process.env.NODE_EXTRA_CA_CERTS = join(folder, "ca.crt");
  [worker, mariadb, plainMariadb, redis, postgres] = await Promise.all([
    buildWorker(),
    startMariadb({ tls: true }),
    startMariadb({ tls: false }),
    startRedis(),
    startPostgres(),
  ]);
});
afterAll(async () => {
  worker?.forget();
  await Promise.all([mariadb?.stop(), plainMariadb?.stop(), redis?.stop(), postgres?.stop(), service?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const on = (port: number) => ({ policy: allowing(port) });
const GOOD = ["values ok", "resolve ok", "address ok", "connect ok"];

describe("MySQL", () => {
  const values = (server: Mariadb | undefined, change = {}) => ({
    user: server?.user,
    password: server?.password,
    testHost: "localhost",
    testPort: server?.port,
    ...change,
  });
  const tried = async (server: Mariadb | undefined, change = {}) =>
    tryOut("MySQLApi", "user_password", values(server, change), on(server?.port ?? 0));

  test("signs in, encrypted where the server offers it", async () => {
    const [encrypted, plain] = [await tried(mariadb), await tried(plainMariadb)];
    expect(walked(encrypted)).toEqual([...GOOD, "tls warning certificate_not_checked", "sign_in ok", "permission ok"]);
    expect(walked(plain)).toEqual([...GOOD, "tls warning not_encrypted", "sign_in ok", "permission ok"]);
    expect([encrypted.outcome, plain.outcome]).toEqual(["ok", "ok"]);
  });

  test("tells a wrong password and a wrong user from what answers not at all", async () => {
    for (const change of [{ password: "wrong-password" }, { user: "nobody" }]) {
      expect(await tried(mariadb, change)).toMatchObject({ outcome: "failed", reason: "wrong_credentials" });
    }
    const port = await freePort();
    const closed = await tryOut("MySQLApi", "user_password", values(mariadb, { testPort: port }), on(port));
    expect(closed).toMatchObject({ outcome: "unreachable", reason: "connection_refused" });
    expect(closed.steps.find(({ code }) => code)?.field).toBe("testPort");
  });

  test("sends no password to what is no MySQL server", async () => {
    const http = await startPeer((socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const report = await tryOut("MySQLApi", "user_password", values(mariadb, { testPort: http.port }), on(http.port));
    expect(report.reason).toBe("not_mysql");
    expect(http.received()).not.toContain(mariadb?.password ?? "?");
    await http.stop();
  });
});

describe("Redis", () => {
  const byFields = (change = {}, port = redis.port) =>
    tryOut(
      "redisCacheApi",
      "user_password",
      {
        redisCacheHost: "localhost",
        redisCachePort: port,
        redisCacheUser: redis.user,
        redisCachePwd: redis.password,
        ...change,
      },
      on(port),
    );
  const byUrl = (url: string, port = redis.port) => tryOut("redisCacheUrlApi", "api_key", { redisUrl: url }, on(port));

  test("signs in by fields and by URL, with and without encryption, with and without a user's name", async () => {
    const { user, password, port, tlsPort } = redis;
    const reports = [
      await byFields(),
      await byFields({ redisCacheUser: "" }),
      await byFields({ redisCacheSslEnabled: true }, tlsPort),
      await byUrl(`redis://${user}:${password}@localhost:${port}/0`),
      await byUrl(`rediss://:${password}@localhost:${tlsPort}`, tlsPort),
    ];
    expect(reports.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    expect(walked(reports[2] as never)).toContain("tls warning certificate_not_checked");
  });

  test("tells wrong passwords, missing ones and missing permissions apart", async () => {
    const { password, port, mute } = redis;
    const reports = [
      await byFields({ redisCachePwd: "wrong-password" }),
      await byFields({ redisCachePwd: "", redisCacheUser: "" }),
      await byUrl(`redis://x:wrong-password@localhost:${port}`),
      await byFields({ redisCacheUser: mute }),
      await byUrl(`http://${password}@localhost:${port}`),
    ];
    expect(reports.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      "failed wrong_credentials",
      "failed password_missing",
      "failed wrong_credentials",
      "degraded permission_denied",
      "failed url_unreadable",
    ]);
  });

  test("gives up on what is no Redis server", async () => {
    const peer = await startPeer(
      (socket) => void socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    expect((await byFields({}, peer.port)).reason).toMatch(/not_redis|connection_lost/);
    await peer.stop();
  });
});

test("a service of one's own is asked over HTTPS, by its name, and its authority is trusted when the operator says so", async () => {
  service.answer = (request, response) =>
    response.writeHead(request.headers["api-key"] === "right-s3cret" ? 200 : 401).end("{}");
  const tried = (qdrantApiKey: string, host: string) =>
    tryOut("qdrantApi", "api_key", { qdrantApiKey, testAddress: `https://${host}:${service.port}` }, on(service.port));
  expect(walked(await tried("right-s3cret", "localhost"))).toEqual([...GOOD, "tls ok", "sign_in ok", "permission ok"]);
  expect(await tried("wrong-s3cret", "localhost")).toMatchObject({ outcome: "failed", reason: "wrong_credentials" });
  expect(service.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "GET /collections",
    "GET /collections",
  ]);
});

describe("PostgreSQL under other names", () => {
  test("is tested as our own PostgreSQL is, and problems name this form's fields", async () => {
    const { username, password, port, database } = postgres;
    const url = (secret: string) => ({
      postgresUrl: `postgresql://${username}:${secret}@localhost:${port}/${database}`,
    });
    const good = await tryOut("PostgresUrl", "api_key", url(password), on(port));
    const bad = await tryOut("PostgresUrl", "api_key", url("wrong-password"), on(port));
    expect([good.outcome, bad.reason]).toEqual(["ok", "wrong_credentials"]);
    expect(bad.steps.find(({ code }) => code === "wrong_credentials")?.field).toBe("postgresUrl");
    const fields = { user: username, password, testHost: "localhost", testPort: port, testDatabase: database };
    const byFields = await tryOut("PostgresApi", "user_password", fields, on(port));
    const nobody = await tryOut("PostgresApi", "user_password", { ...fields, user: "" }, on(port));
    expect(byFields.outcome).toBe("ok");
    expect(nobody.steps[0]).toMatchObject({ id: "values", status: "failed", code: "value_missing", field: "user" });
  });

  test("takes no connection string but the one of its own field", async () => {
    const sneaky = {
      user: "u",
      password: "p",
      testHost: "localhost",
      testDatabase: "d",
      connection_string: "postgresql://a:b@evil.example/x",
    };
    const report = await tryOut("PostgresApi", "user_password", sneaky, on(5432));
    expect(JSON.stringify(report)).not.toContain("evil.example");
  });
});
