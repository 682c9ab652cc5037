import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { provesSignIn, REACHED, withServer } from "@/test/providers/protocol";
import { allowing, tryOut, walked } from "@/test/providers/worker";
import { makeAuthority } from "@/test/servers/certificates";
import { startPeer } from "@/test/servers/peer";
import {
  SQL_DATABASE,
  SQL_PASSWORD,
  SQL_USER,
  type SqlServerOptions,
  startSqlServerStandIn,
} from "@/test/servers/sql-server-stand-in";

/** Against a stand-in of our own: Debian has no SQL Server. */
const sqlServer = withServer("sqlServer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-sql-server-"));
  const tls = makeAuthority(folder).issue("good", { names: ["DNS:localhost"] });
  const started: { stop: () => Promise<void> }[] = [];
  const start = async (options: SqlServerOptions = { tls }) => {
    const one = await startSqlServerStandIn(options);
    started.push(one);
    return one;
  };
  return {
    ...{ tls, start, encrypted: await start(), plain: await start({}) },
    ...{ user: SQL_USER, password: SQL_PASSWORD, authority: join(folder, "ca.crt") },
    stop: async () => {
      await Promise.all(started.map((one) => one.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
const { tried, server } = sqlServer;

provesSignIn(sqlServer, ({ encrypted }) => [{ port: encrypted.port }]);

test("opens the database that is named, and tells that one is not there apart from a wrong password", async () => {
  const { port } = server().encrypted;
  expect(walked(await tried(port, { database: SQL_DATABASE }))).toEqual([
    ...REACHED,
    "tls ok",
    "sign_in ok",
    "permission ok",
  ]);
  const report = await tried(port, { database: "MARKER-elsewhere" });
  expect(walked(report).slice(5)).toEqual(["sign_in ok", "permission warning database_unknown"]);
  expect(report).toMatchObject({ outcome: "degraded", reason: "database_unknown" });
  expect(report.steps.at(-1)?.field).toBe("database");
});

describe("what the server answers by number is told in words of ours", () => {
  test.each<[number[], string]>([
    [[18456], "failed wrong_credentials"],
    [[18486, 18456], "failed account_locked"],
    [[18488], "failed password_expired"],
    [[18452], "failed method_not_supported"],
    [[40615], "failed access_rejected"],
    [[40532], "failed host_not_found"],
    [[17809], "unreachable rate_limited"],
    [[40613], "unreachable rate_limited"],
    [[50123], "failed server_error"],
  ])("%j: %s", async (errors, told) => {
    const { port } = await server().start({ tls: server().tls, errors });
    const report = await tried(port);
    expect(`${report.outcome} ${report.reason}`).toBe(told);
    expect(JSON.stringify(report)).not.toContain("MARKER");
  });
});

test("sends no password where the server, or whoever answers for it, has no encryption, unless the values say so", async () => {
  const { port, logins } = server().plain;
  const report = await tried(port);
  expect(report).toMatchObject({ outcome: "failed", reason: "tls_not_offered" });
  expect(report.steps.at(-3)).toMatchObject({ id: "tls", status: "failed", field: "tls" });
  expect(logins()).toEqual([]);
  const taken = await tried(port, { tls: "none" });
  expect(taken.outcome).toBe("ok");
  expect(walked(taken)).toContain("tls warning not_encrypted");
});

test("signs in nowhere unencrypted that wants encryption", async () => {
  const { port, logins } = await server().start({ encryption: "required" });
  expect(await tried(port, { tls: "none" })).toMatchObject({ outcome: "failed", reason: "tls_required" });
  expect(logins()).toEqual([]);
});

describe("a server that leads elsewhere", () => {
  const leading = (to: { host: string; port: number }) => server().start({ tls: server().tls, leadsTo: to });
  const triedAt = (port: number, ...open: number[]) =>
    tryOut(
      "sqlServer",
      "user_password",
      { host: "localhost", port, user: SQL_USER, password: SQL_PASSWORD },
      { policy: allowing(port, ...open) },
    );

  test("is followed once, past the guard and to a certificate that is checked as well", async () => {
    const end = await server().start();
    const { port } = await leading({ host: "localhost", port: end.port });
    expect((await triedAt(port, end.port)).outcome).toBe("ok");
    expect(end.logins()).toEqual([SQL_USER]);
    const misnamed = await leading({ host: "127.0.0.1", port: end.port });
    expect(await triedAt(misnamed.port, end.port)).toMatchObject({ reason: "certificate_name_mismatch" });
    expect(end.logins()).toEqual([SQL_USER]);
  });

  test("is not followed to where the operator has not opened the way, nor from there on", async () => {
    const end = await server().start();
    const inside = await leading({ host: "localhost", port: end.port });
    expect(await triedAt(inside.port)).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
    expect(end.connections()).toBe(0);
    const second = await leading({ host: "localhost", port: end.port });
    const first = await leading({ host: "localhost", port: second.port });
    expect(await triedAt(first.port, second.port, end.port)).toMatchObject({ reason: "redirected" });
    expect(end.connections()).toBe(0);
  });
});

test("what speaks something else is called so", async () => {
  const peer = await startPeer((socket) => socket.end("SSH-2.0-MARKER\r\n"));
  const report = await tried(peer.port);
  expect(report.outcome).not.toBe("ok");
  expect(report.reason).toMatch(/not_sql_server|connection_lost|test_aborted/);
  expect(JSON.stringify(report)).not.toContain("MARKER");
  await peer.stop();
});
