import { describe, expect, test } from "vitest";
import { findMethod } from "@/lib/providers/index";
import { offline } from "@/test/importers/offline";
import { read } from "./source";

/** A connection's `extra` says who, where and how. */
const rowOf = async (connection: object, extra: object = {}) => {
  const text = JSON.stringify({ one: { ...connection, extra: JSON.stringify(extra) } });
  const [row] = await read({ content: { bytes: Buffer.from(text) }, network: offline });
  if (!row || !("found" in row)) throw new Error("The row was not taken");
  return { ...row.found, notes: row.notes.join(" ") };
};

const SSH = { conn_type: "ssh", login: "d", password: "p", host: "files.example.com", port: 22 };
const { password: _, ...SSH_WITHOUT_PASSWORD } = SSH;
const PG = { conn_type: "postgres", login: "u", password: "p", host: "db.example.com" };
const key = String(findMethod("sftp", "key_file")?.example.private_key);

describe("what says how and not where", () => {
  test.each([
    [SSH, { timeout: "10", conn_timeout: 20, cmd_timeout: 60 }, "sftp"],
    [SSH, { compress: "false", look_for_keys: true, keepalive_interval: 5, banner_timeout: 9 }, "sftp"],
    [{ ...SSH, conn_type: "sftp" }, { disabled_algorithms: { pubkeys: ["x"] }, ciphers: ["y"] }, "sftp"],
    [PG, { keepalives: 1, keepalives_interval: 5, options: "-c statement_timeout=1" }, "postgresql"],
    [PG, { keepalives_idle: 9, cursor: "dictcursor", application_name: "x", connect_timeout: 3 }, "postgresql"],
  ])("is dropped from %o and named: %o", async (connection, extra, provider) => {
    const { provider: found, data, notes } = await rowOf(connection, extra);
    expect(found).toBe(provider);
    expect(Object.keys(data).join()).not.toContain("extra");
    for (const name of Object.keys(extra)) expect(notes).toContain(`extra.${name}`);
    expect(notes).not.toMatch(/statement_timeout|dictcursor/);
  });

  test("but weakens the check of who the server is: the note asks for the host key", async () => {
    for (const name of ["no_host_key_check", "allow_host_key_change", "ignore_hostkey_verification"]) {
      const { provider, notes } = await rowOf(SSH, { [name]: "True" });
      expect(provider).toBe("sftp");
      expect(notes).toContain("give the host key");
      expect((await rowOf(SSH, { [name]: "false" })).notes).not.toContain("give the host key");
    }
  });
});

describe("what says who and where", () => {
  test("comes along: host key, private key and its passphrase, TLS mode", async () => {
    const pin = `ssh-ed25519 SHA256:${"a".repeat(43)}`;
    expect(await rowOf(SSH, { host_key: pin })).toMatchObject({ data: { host_key: pin, password: "p" } });
    for (const name of ["private_key_passphrase", "private_key_pass"]) {
      const extra = { private_key: key, [name]: "pass" };
      expect(await rowOf(SSH_WITHOUT_PASSWORD, extra)).toMatchObject({
        provider: "sftp",
        type: "key_file",
        data: { private_key: key, passphrase: "pass" },
      });
    }
    expect((await rowOf(PG, { sslmode: "verify-full" })).data).toMatchObject({ sslmode: "verify-full" });
  });

  test("is never lost where two of theirs mean one of ours", async () => {
    const extra = { private_key: key, private_key_passphrase: "one", private_key_pass: "two" };
    const { provider, data } = await rowOf(SSH_WITHOUT_PASSWORD, extra);
    expect([provider, JSON.parse(String(data.extra))]).toEqual(["airflow.ssh", extra]);
  });

  test("and lies in a file on another machine, is named as missing", async () => {
    const { provider, notes } = await rowOf(SSH_WITHOUT_PASSWORD, { key_file: "/home/airflow/.ssh/id_rsa" });
    expect(provider).toBe("airflow.ssh");
    expect(notes).toMatch(/needs what is missing: private_key.*bring the key itself/);
    expect(notes).not.toContain("/home");
    const beside = await rowOf(SSH, { key_file: "/home/airflow/.ssh/id_rsa" });
    expect(beside).toMatchObject({ provider: "sftp", type: "user_password" });
    expect(beside.notes).toContain("bring the key itself");
    expect((await rowOf(PG, { sslrootcert: "/etc/ca.pem" })).notes).toContain("certificate authority itself");
    expect(await rowOf(PG, { sslcert: "/etc/c.pem" })).toMatchObject({ provider: "airflow.postgres" });
  });
});

describe("what Airflow's hooks take for what was left out", () => {
  test.each([
    [PG, "postgresql", { port: 5432, database: "u" }],
    [{ ...SSH, port: null }, "sftp", { port: 22 }],
    [{ ...PG, conn_type: "mysql" }, "MySQLApi", { testPort: 3306 }],
    [{ conn_type: "redis", host: "r.example.com" }, "redisCacheApi", { redisCachePort: 6379 }],
    [
      { conn_type: "mongo", host: "m.example.com" },
      "mongoDBUrlApi",
      { mongoDBConnectUrl: "mongodb://m.example.com:27017/" },
    ],
  ])("is filled in: %o", async (connection, provider, data) => {
    expect(await rowOf(connection)).toMatchObject({ provider, data });
  });
});

describe("a key of Amazon's", () => {
  const keys = { aws_access_key_id: "AKIAEXAMPLE", aws_secret_access_key: "secret/of+aws" };
  const held = { awsKey: "AKIAEXAMPLE", awsSecret: "secret/of+aws" };

  test.each([
    [{ conn_type: "aws" }, { ...keys, region_name: "eu-west-1" }],
    [{ conn_type: "s3" }, keys],
    [{ conn_type: "aws", login: "AKIAEXAMPLE", password: "secret/of+aws" }, { region_name: "eu-west-1" }],
    [{ conn_type: "aws" }, { ...keys, role_arn: "arn:aws:iam::123456789012:role/r", external_id: "e" }],
  ])("is found where Airflow looks for it: %o %o", async (connection, extra) => {
    const { provider, data } = await rowOf(connection, extra);
    expect([provider, data]).toMatchObject(["awsApi", held]);
    if ("role_arn" in extra) expect(data).toMatchObject({ roleArn: extra.role_arn, externalId: "e" });
    if ("region_name" in extra) expect(data).toMatchObject({ "extra.region_name": "eu-west-1" });
  });

  test("that is temporary is said to end", async () => {
    const { data, notes } = await rowOf({ conn_type: "aws" }, { ...keys, aws_session_token: "st" });
    expect(data).toMatchObject({ ...held, awsSession: "st" });
    expect(notes).toContain("ends by itself");
  });

  test("of both places is that of login and password, and the other is kept beside it", async () => {
    const { data } = await rowOf({ conn_type: "aws", login: "OTHER", password: "other" }, keys);
    expect(data).toMatchObject({ awsKey: "OTHER", awsSecret: "other", "extra.aws_access_key_id": "AKIAEXAMPLE" });
  });

  test("that did not come along makes no AWS credential without one", async () => {
    for (const extra of [
      { role_arn: "arn:aws:iam::1:role/r" },
      { profile_name: "prod" },
      { aws_access_key_id: "AK" },
    ]) {
      expect(await rowOf({ conn_type: "aws" }, extra)).toMatchObject({ provider: "airflow.aws" });
    }
  });
});

describe("databases of other makers", () => {
  const own = { login: "u", password: "p", host: "db.example.com" };

  test("are those of our kinds", async () => {
    expect(await rowOf({ ...own, conn_type: "mssql", schema: "orders" })).toMatchObject({
      provider: "sqlServer",
      data: { host: "db.example.com", port: 1433, database: "orders", user: "u", password: "p" },
    });
    expect(
      await rowOf({ ...own, conn_type: "oracle", port: 1522 }, { service_name: "orders", thick_mode: true }),
    ).toMatchObject({
      provider: "oracle",
      data: { host: "db.example.com", port: 1522, service: "orders", user: "u", password: "p" },
    });
  });

  test("are kept as they are where the host is a whole connect string", async () => {
    const host = "(DESCRIPTION=(ADDRESS=(HOST=db.example.com)))";
    expect((await rowOf({ ...own, conn_type: "oracle", host })).provider).toBe("airflow.oracle");
  });
});
