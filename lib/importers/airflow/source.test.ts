import { describe, expect, test } from "vitest";
import { findMethod } from "@/lib/providers/index";
import { offline } from "@/test/importers/offline";
import type { SourceRow } from "../define";
import { kinds } from "./kinds";
import { read } from "./source";
import { readUri } from "./uri";

const readText = (text: string) => read({ content: { bytes: Buffer.from(text) }, network: offline });
const foundIn = (row: SourceRow | undefined) => (row && "found" in row ? row.found : undefined);
const outcomes = (rows: SourceRow[]) => rows.map((row) => ("problem" in row ? row.problem.outcome : "found"));

const PG = {
  conn_type: "postgres",
  description: null,
  login: "reader",
  password: "p@ss/w:rd%",
  host: "db.example.com",
  port: 5432,
  schema: "app",
  extra: '{"sslmode": "require"}',
};
const PG_URI = "postgres://reader:p%40ss%2Fw%3Ard%25@db.example.com:5432/app?sslmode=require";
const PG_FOUND = {
  provider: "postgresql",
  type: "user_password",
  data: {
    host: "db.example.com",
    port: 5432,
    database: "app",
    username: "reader",
    password: "p@ss/w:rd%",
    sslmode: "require",
  },
};
const YAML = `pg_main:
  conn_type: postgres
  description: null
  extra: '{"sslmode": "require"}'
  host: db.example.com
  login: reader
  password: p@ss/w:rd%
  port: 5432
  schema: app
`;

describe("an export of Airflow's connections", () => {
  test.each([
    ["JSON", JSON.stringify({ pg_main: PG })],
    ["JSON with URIs", JSON.stringify({ pg_main: PG_URI })],
    ["JSON with extra as an object", JSON.stringify({ pg_main: { ...PG, extra: { sslmode: "require" } } })],
    ["YAML", YAML],
    ["YAML with URIs", `pg_main: ${PG_URI}\n`],
    ["env", `pg_main=${PG_URI}\n`],
    ["env with JSON", `pg_main=${JSON.stringify(PG)}\r\n`],
    ["environment variables", `# mine\nexport AIRFLOW_CONN_PG_MAIN='${PG_URI}'\n`],
  ])("is read in the form of %s", async (_, text) => {
    const rows = await readText(text);
    expect(rows).toMatchObject([{ id: "airflow:pg_main", shownId: "pg_main", name: "pg_main", kind: "postgres" }]);
    expect(foundIn(rows[0])).toEqual(PG_FOUND);
  });

  test.each([
    ["ssh://u@h:2222?private_key=KEY", { provider: "sftp", type: "key_file" }, { port: 2222, private_key: "KEY" }],
    [
      "sftp://u:p@h?private_key=KEY",
      { provider: "sftp", type: "key_file" },
      { username: "u", password: "p", private_key: "KEY" },
    ],
    ["sftp://u:p@h", { provider: "sftp", type: "user_password" }, { host: "h", username: "u", password: "p" }],
    [
      "aws://AK:s%2Fk@/?region_name=eu-west-1",
      { provider: "awsApi" },
      { awsKey: "AK", awsSecret: "s/k", "extra.region_name": "eu-west-1" },
    ],
    [
      "mongo://u:p%40@h:27017/db?srv=true",
      { provider: "mongoDBUrlApi" },
      { mongoDBConnectUrl: "mongodb+srv://u:p%40@h/db" },
    ],
    [
      "mysql://u:p@h:3306/db",
      { provider: "MySQLApi" },
      { user: "u", password: "p", testHost: "h", testPort: 3306, schema: "db" },
    ],
    ["slack://:xoxb@", { provider: "slackApi" }, { botToken: "xoxb" }],
    ["redis://:p@h:6379?db=1&ssl=True", { provider: "redisCacheApi" }, { redisCacheSslEnabled: true, "extra.db": "1" }],
    [
      "http://u:p@https%3A%2F%2Fapi.example.com",
      { provider: "httpBasicAuth" },
      { basicAuthPassword: "p", host: "https://api.example.com" },
    ],
    [
      "snowflake://u:p@h/s?__extra__=%7B%22a%22%3A%7B%22b%22%3A1%7D%7D",
      { provider: "airflow.snowflake" },
      { login: "u", password: "p", host: "h", schema: "s", extra: '{"a":{"b":1}}' },
    ],
    ["postgres://u:p@h/d?keyfile=%2Fx", { provider: "airflow.postgres" }, { extra: '{"keyfile":"/x"}' }],
  ])("brings %s into our form and leaves nothing behind", async (uri, target, data) => {
    expect(foundIn((await readText(`one=${uri}`))[0])).toMatchObject({ ...target, data });
  });

  test("keeps a password of digits as it was written", async () => {
    const [row] = await readText("a:\n  conn_type: generic\n  login: yes\n  password: 0123e3\n");
    expect(foundIn(row)?.data).toMatchObject({ login: "yes", password: "0123e3" });
  });

  test("shows an id that stands there twice as two rows", async () => {
    for (const text of ['{"a":"x://u@h","a":"x://v@h"}', "a: x://u@h\na: x://v@h\n", "a=x://u@h\na=x://v@h"]) {
      expect((await readText(text)).map(({ id }) => id)).toEqual(["airflow:a", "airflow:a"]);
    }
  });

  test("with bad entries is read all the same", async () => {
    const entries = {
      a: 7,
      b: null,
      c: [],
      d: {},
      e: "no uri",
      f: "x://%zz@h",
      g: { conn_type: "x", port: "no" },
      h: { conn_type: 7 },
    };
    const rows = await readText(JSON.stringify({ ...entries, good: PG_URI }));
    expect(outcomes(rows)).toEqual([...Object.keys(entries).map(() => "unacceptable"), "found"]);
  });

  test("that multiplies itself by aliases costs one entry, not the memory", async () => {
    const levels = Array.from({ length: 30 }, (_, at) => `l${at + 1}: &l${at + 1} [*l${at}, *l${at}, *l${at}]`);
    const bomb = `l0: &l0 [x, x, x]\n${levels.join("\n")}\nbomb:\n  conn_type: x\n  extra: *l30\ngood: ${PG_URI}\n`;
    const rows = await readText(bomb);
    expect(outcomes(rows).at(-1)).toBe("found");
    expect(outcomes(rows).at(-2)).toBe("unacceptable");
  });

  test.each(["", "just words", "- a\n- b", "{", `{"a":${"[".repeat(100_000)}`, "a: [", "a: !!js/function x\n  y: &"])(
    "that is none is refused: %#",
    async (text) => {
      await expect(readText(text)).rejects.toEqual(expect.objectContaining({ name: "Refusal", code: "invalid" }));
    },
  );
});

describe("a URI of Airflow", () => {
  test.each([
    ["t://", { conn_type: "t" }],
    ["google-cloud-platform://", { conn_type: "google_cloud_platform" }],
    ["t://h", { conn_type: "t", host: "h" }],
    ["t://:p@", { conn_type: "t", password: "p" }],
    ["t://u:p:q@h", { conn_type: "t", login: "u", password: "p:q", host: "h" }],
    ["t://a%40b:c@h:1/d%2Fe", { conn_type: "t", login: "a@b", password: "c", host: "h", port: 1, schema: "d/e" }],
    ["t://[::1]:5/x", { conn_type: "t", host: "[::1]", port: 5, schema: "x" }],
    [
      "http://https://api.example.com:8443/v1",
      { conn_type: "http", host: "https://api.example.com", port: 8443, schema: "v1" },
    ],
    ["t://h/?a=1&b=%26", { conn_type: "t", host: "h", extra: '{"a":"1","b":"&"}' }],
  ])("%s is taken apart before it is decoded", (uri, connection) => {
    expect(readUri(uri)).toEqual(connection);
  });

  test.each(["", "t", "t:/x", "://h", "t://h:port", "t://%@h"])("%s is none", (uri) => {
    expect(readUri(uri)).toBeUndefined();
  });
});

test.each(Object.entries(kinds))("the table of types knows providers and fields that exist: %s", (_, mappings) => {
  for (const { provider, type, fields, join } of mappings) {
    const method = findMethod(provider, type ?? "api_key") ?? findMethod(provider, "user_password");
    for (const name of [...Object.values(fields), ...(join ? [join.field] : [])]) {
      expect(Object.keys(method?.fields ?? {}), provider).toContain(name);
    }
  }
});
