import { describe, expect, test } from "vitest";
import { offline } from "@/test/importers/offline";
import { read } from "./source";

/** n8n saves only what differs from its defaults. */
const rowOf = async (type: string, data: object) => {
  const [row] = await read({
    content: { bytes: Buffer.from(JSON.stringify([{ id: "x", name: "Mine", type, data }])) },
    network: offline,
  });
  if (!row || !("found" in row)) throw new Error("The row was not taken");
  return { ...row.found, notes: row.notes.join(" ") };
};

describe("what n8n left out because it is its default", () => {
  test.each([
    [
      "postgres",
      { host: "db.example.com", password: "p" },
      "postgresql",
      { host: "db.example.com", port: 5432, database: "postgres", username: "postgres", password: "p" },
    ],
    [
      "mySql",
      { host: "db.example.com", password: "p" },
      "MySQLApi",
      { testHost: "db.example.com", testPort: 3306, user: "mysql", password: "p", database: "mysql" },
    ],
    [
      "sftp",
      { host: "files.example.com", username: "u", password: "p" },
      "sftp",
      { host: "files.example.com", port: 22, username: "u", password: "p" },
    ],
    [
      "sshPassword",
      { host: "files.example.com", username: "u", password: "p" },
      "sftp",
      { host: "files.example.com", port: 22, username: "u", password: "p" },
    ],
    [
      "redis",
      { host: "r.example.com" },
      "redisCacheApi",
      { redisCacheHost: "r.example.com", redisCachePort: 6379, database: 0 },
    ],
    [
      "mongoDb",
      { host: "m.example.com", user: "u", password: "p" },
      "mongoDBUrlApi",
      { mongoDBConnectUrl: "mongodb://u:p@m.example.com:27017/" },
    ],
    [
      "mongoDb",
      { host: "m.example.com", tls: true },
      "mongoDBUrlApi",
      { mongoDBConnectUrl: "mongodb://m.example.com:27017/?tls=true" },
    ],
    [
      "aws",
      { accessKeyId: "AK", secretAccessKey: "sk" },
      "awsApi",
      { awsKey: "AK", awsSecret: "sk", region: "us-east-1" },
    ],
    [
      "microsoftSql",
      { server: "sql.example.com", password: "p" },
      "sqlServer",
      { host: "sql.example.com", port: 1433, database: "master", user: "sa", password: "p" },
    ],
    [
      "smtp",
      { host: "smtp.example.com", user: "u", password: "p" },
      "smtp",
      { host: "smtp.example.com", port: 465, user: "u", password: "p", tls: "tls" },
    ],
    [
      "imap",
      { host: "imap.example.com", user: "u", password: "p" },
      "imap",
      { host: "imap.example.com", port: 993, user: "u", password: "p", tls: "tls" },
    ],
    [
      "ldap",
      { hostname: "ldap.example.com", bindDN: "cn=r", bindPassword: "p", connectionSecurity: "startTls" },
      "ldap",
      { host: "ldap.example.com", port: 389, user: "cn=r", password: "p", tls: "starttls" },
    ],
    [
      "rabbitmq",
      { hostname: "mq.example.com", username: "u", password: "p", ssl: true },
      "rabbitmq",
      { host: "mq.example.com", port: 5672, user: "u", password: "p", tls: "tls" },
    ],
    [
      "mqtt",
      { host: "mqtt.example.com", username: "u", password: "p", protocol: "mqtts" },
      "mqtt",
      { host: "mqtt.example.com", port: 1883, user: "u", password: "p", tls: "tls" },
    ],
    [
      "ftp",
      { host: "ftp.example.com", username: "u", password: "p" },
      "ftp",
      { host: "ftp.example.com", port: 21, user: "u", password: "p" },
    ],
  ])("is filled in for %s, and named", async (type, given, provider, data) => {
    const row = await rowOf(type, given);
    expect(row).toMatchObject({ provider, data });
    expect(row.notes).toContain("n8n's own default is taken");
  });

  test("leads to the machine that n8n ran on, and is said to", async () => {
    for (const type of ["postgres", "mySql", "redis", "mongoDb"]) {
      expect((await rowOf(type, { password: "p", user: "u" })).notes, type).toContain("enter the host's own name");
    }
    expect((await rowOf("postgres", { host: "db.example.com", password: "p" })).notes).not.toContain("own name");
  });

  test("weakens nothing: brokers and directories without a word on TLS get none here either", async () => {
    for (const [type, given] of Object.entries({
      ldap: { hostname: "h.example.com", bindDN: "cn=r", bindPassword: "p" },
      rabbitmq: { hostname: "h.example.com", username: "u", password: "p" },
      mqtt: { host: "h.example.com", username: "u", password: "p" },
      kafka: { brokers: "h.example.com:9092", username: "u", password: "p" },
      microsoftSql: { server: "h.example.com", user: "u", password: "p", tls: true },
    })) {
      const row = await rowOf(type, given);
      expect(row.provider).toBe(type === "microsoftSql" ? "sqlServer" : type);
      expect(row.data).not.toHaveProperty("tls");
    }
  });

  test("weakens nothing: a mode of TLS that nobody chose is Automatic here", async () => {
    const given = { host: "db.example.com", password: "p" };
    expect((await rowOf("postgres", given)).data).not.toHaveProperty("sslmode");
    expect((await rowOf("postgres", { ...given, ssl: "disable" })).data).toMatchObject({ sslmode: "disable" });
    expect((await rowOf("postgres", { ...given, allowUnauthorizedCerts: true })).data).toMatchObject({
      sslmode: "require",
    });
  });
});

describe("what still lacks or has no place", () => {
  test.each([
    ["postgres", { host: "db.example.com" }, "password"],
    ["sftp", { host: "files.example.com", username: "u" }, "password"],
    ["sshPrivateKey", { host: "files.example.com", passphrase: "x" }, "username"],
    ["stripeApi", { url: "https://x" }, "stripeApiToken"],
    ["aws", { region: "eu-west-1" }, "awsKey"],
    ["azureOpenAiApi", { apiKey: "k" }, "azureOpenAIApiInstanceName"],
  ])("is kept as an open type with the reason: %s", async (type, given, lacks) => {
    const row = await rowOf(type, given);
    expect(row).toMatchObject({ provider: `n8n.${type}`, data: given });
    expect(row.notes).toMatch(new RegExp(`needs what is missing: .*${lacks}`));
  });

  test("keeps under one name what no field can be named after", async () => {
    const { data } = await rowOf("ourOwnNode", { plain: "a", "with spaces": "b", constructor: "c" });
    expect(data).toEqual({ plain: "a", further_values: '{"with spaces":"b","constructor":"c"}' });
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, `v${at}`]));
    expect(Object.keys((await rowOf("ourOwnNode", many)).data)).toHaveLength(64);
  });

  test("does not refuse a row for an expression where a number belongs", async () => {
    const row = await rowOf("postgres", { host: "db.example.com", password: "p", port: "={{ $vars.port }}" });
    expect(row).toMatchObject({ provider: "n8n.postgres" });
    expect(row.notes).toContain("no place for: port");
  });
});

test("a service account of Google's keeps its key, its address and whom it acts for", async () => {
  const given = {
    email: "reader@p.iam.gserviceaccount.com",
    privateKey: "k",
    inpersonate: true,
    delegatedEmail: "ana@example.com",
  };
  expect(await rowOf("googleApi", given)).toMatchObject({
    provider: "googleServiceAccount",
    data: { client_email: given.email, private_key: "k", subject: "ana@example.com" },
  });
});

test("a SQL Server of a Windows domain is said to be one", async () => {
  const row = await rowOf("microsoftSql", { server: "sql.example.com", user: "u", password: "p", domain: "EXAMPLE" });
  expect(row).toMatchObject({ provider: "sqlServer", data: { domain: "EXAMPLE" } });
  expect(row.notes).toContain("Windows domain");
});
