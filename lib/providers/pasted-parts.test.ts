import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pasteConnectionString } from "./postgresql/paste";
import { pasteServicePrincipal } from "./service-principal";
import { pasteKey, pasteServer } from "./sftp/paste";

/**
 * What people have of a server is seldom an address: each way in which the same place is commonly written fills the same
 * fields, and what cannot be kept is said.
 */

const word = fc
  .stringMatching(/^[a-z][a-z0-9_]{2,12}$/)
  .filter((text) => !["null", "none", "nan", "tbd", "todo"].includes(text));
const host = fc
  .tuple(word, word)
  .map(([one, two]) => `${one}.${two}.example`.replaceAll("_", "-").replace(/-\./g, "x."));
const password = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9!@#$%^&*()+=:/?,.~_-]{6,30}[a-z0-9]$/)
  .filter((text) => !/\*{4}|x{4}/i.test(text));
const place = fc.record({
  host,
  port: fc.integer({ min: 1, max: 65_535 }),
  database: word,
  username: word,
  password,
});
type Place = typeof place extends fc.Arbitrary<infer One> ? One : never;

const lines =
  (names: [string, string, string, string, string], each: (name: string, value: string) => string) => (one: Place) =>
    [one.host, String(one.port), one.database, one.username, one.password]
      .map((value, at) => each(names[at] ?? "", value))
      .join("\n");

const PG: Record<string, (one: Place) => string> = {
  "libpq's words": (one) =>
    `host=${one.host} port=${one.port} dbname=${one.database} user=${one.username} password='${one.password}'`,
  "libpq's words behind psql, in quotes": (one) =>
    `psql "host=${one.host} port=${one.port} dbname=${one.database} user=${one.username} password='${one.password}'"`,
  "psql with options": (one) =>
    `PGPASSWORD='${one.password}' psql -h ${one.host} -p ${one.port} -U ${one.username} ${one.database}`,
  "psql with long options and a prompt": (one) =>
    `$ PGPASSWORD="${one.password.replaceAll('"', "")}" /usr/bin/psql --host=${one.host} --port ${one.port} --username=${one.username} -d ${one.database} -W`,
  "pg_dump with a password in front and an address behind": (one) =>
    `PGPASSWORD='${one.password}' pg_dump postgres://${one.username}@${one.host}:${one.port}/${one.database}`,
  ".NET": (one) =>
    `Host=${one.host};Port=${one.port};Database=${one.database};Username=${one.username};Password="${one.password}"`,
  ".NET, in other words and in a line of JSON": (one) =>
    `"Default": "Server=${one.host}; Port=${one.port}; Initial Catalog=${one.database}; User Id=${one.username}; Password='${one.password}';",`,
  ".NET, behind a variable's name": (one) =>
    `ConnectionStrings__Default=Host=${one.host};Port=${one.port};Database=${one.database};Username=${one.username};Password='${one.password}'`,
  ".NET, inside a file of settings": (one) =>
    JSON.stringify(
      {
        ConnectionStrings: {
          Default: `Host=${one.host};Port=${one.port};Database=${one.database};Username=${one.username};Password='${one.password}'`,
        },
        AllowedHosts: "*",
      },
      null,
      2,
    ),
  "libpq's variables": lines(
    ["PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD"],
    (name, value) => `${name}=${value}`,
  ),
  "a shell's": lines(
    ["DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD"],
    (name, value) => `export ${name}='${value}'`,
  ),
  "PowerShell's": lines(
    ["DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USERNAME", "DATABASE_PASSWORD"],
    (name, value) => `$env:${name} = "${value}"`,
  ),
  "a compose file's, quoted": lines(
    ["POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD"],
    (name, value) => `      - ${name}="${value}"`,
  ),
  "a line of .pgpass": (one) =>
    [one.host, one.port, one.database, one.username, one.password]
      .map((part) => String(part).replace(/[\\:]/g, "\\$&"))
      .join(":"),
  YAML: lines(["host", "port", "dbname", "user", "password"], (name, value) => `  ${name}: "${value}"`),
  "an ini file": lines(
    ["hostname", "port", "database", "username", "password"],
    (name, value) => `${name} = "${value}"`,
  ),
  "the JSON of a cloud's vault": ({ database, ...one }) =>
    JSON.stringify({ ...one, engine: "postgres", dbname: database, dbInstanceIdentifier: "one" }),
};

describe("a database described in parts fills the form: each way of writing it", () => {
  test.each(Object.entries(PG))("%s", (_name, write) => {
    fc.assert(
      fc.property(place, (one) => {
        const pasted = pasteConnectionString(write(one));
        const { password: given, ...rest } = one;
        expect(pasted).toMatchObject({ ok: true, data: rest });
        const got = pasted.ok ? pasted.data.password : undefined;
        expect([given, given.replaceAll('"', "")]).toContain(got);
      }),
      { numRuns: 60 },
    );
  });
});

test("a password that looks like an address takes nothing of libpq's words for one", () => {
  for (const password of ["aaaa://aaa0", "a://b:c@d0aa", "a^://:a0b1"]) {
    const pasted = pasteConnectionString(`psql "host=h.example dbname=app user=ana password='${password}'"`);
    expect(pasted).toMatchObject({ ok: true, data: { host: "h.example", username: "ana", password } });
  }
});

test.each([
  ["host=h.example dbname=d user=u sslmode=prefer", { sslmode: "require" }],
  ["Host=h.example;Database=d;SSL Mode=VerifyFull", { sslmode: "verify-full" }],
  ["PGHOST=h.example\nPGSSLMODE=verify-ca", { sslmode: "verify-ca" }],
])("what it says of TLS is kept where the form has a word for it: %s", (text, data) => {
  expect(pasteConnectionString(text)).toMatchObject({ ok: true, data });
});

test.each([
  ["host=h.example hostaddr=10.0.0.1 dbname=d", "hostaddr"],
  ["service=prod", "service"],
  ["psql 'host=h.example dbname=d passfile=/etc/secret'", "passfile"],
  ["Host=h.example;Database=d;Passfile=/etc/secret", "passfile"],
])("what decides where it leads, or reads a file, is refused by its name: %s", (text, name) => {
  expect(pasteConnectionString(text)).toEqual({ ok: false, problem: expect.stringContaining(`May not have ${name}`) });
});

test.each([
  ["host=h.example dbname=d target_session_attrs=any", "Other settings were left out"],
  ["Host=h.example;Database=d;Pooling=true", "Other settings were left out"],
])("what no field holds is said: %s", (text, note) => {
  expect(pasteConnectionString(text)).toMatchObject({ ok: true, note: expect.stringContaining(note) });
});

test.each([
  ["PGHOST=a.example\nDB_HOST=b.example\nDB_USER=u", "one database"],
  ["DB_CONNECTION=mysql\nDB_HOST=a.example\nDB_USER=u", "another database"],
  ['{"engine":"mariadb","host":"a.example","username":"u"}', "another database"],
  ["host=h.example port=99999 dbname=d", "a port from 1 to 65535"],
  ['{"host":"a.example","user', "complete JSON"],
  ["some words that are nothing", "Must start with postgresql://"],
  ["DATABASE_URL=postgres://u:p@ss@h.example/d", "Write @"],
])("what cannot be used is told why: %s", (text, words) => {
  const pasted = pasteConnectionString(text);
  expect(pasted).toEqual({ ok: false, problem: expect.stringContaining(words) });
  expect(JSON.stringify(pasted)).not.toMatch(/example/);
});

test("a line of .pgpass that is for any server fills what it says, and an address is none", () => {
  expect(pasteConnectionString("db.example.com:*:*:ann:s3cret")).toEqual({
    ok: true,
    data: { host: "db.example.com", username: "ann", password: "s3cret" },
  });
  expect(pasteConnectionString("jdbc:mysql://h.example:3306/d").ok).toBe(false);
});

test("a placeholder in parts is left empty, as in an address", () => {
  const azure =
    'psql "host=db.example.com port=5432 dbname=postgres user=ann password={your_password} sslmode=require"';
  expect(pasteConnectionString(azure)).toMatchObject({ ok: true, data: { username: "ann" }, blank: ["password"] });
});

const SERVER: Record<string, string> = {
  "sftp's line": "sftp -P 2222 ann@files.example.com:/in/box",
  "sftp's line with options in words": "sftp -oPort=2222 -o User=ann files.example.com:/in/box",
  "scp's line": "scp -P 2222 ./report.csv ann@files.example.com:/in/box",
  "the settings of an editor":
    '{"name":"x","host":"files.example.com","protocol":"sftp","port":2222,"username":"ann","remotePath":"/in/box"}',
  "a settings file": "SFTP_HOST=files.example.com\nSFTP_PORT=2222\nSFTP_USER='ann'\nSFTP_PATH=/in/box",
  "an address": "SFTP_URL=sftp://ann@files.example.com:2222/in/box",
  "scp's address": "scp://ann@files.example.com:2222/in/box",
};

test.each(Object.entries(SERVER))("a server described in parts fills the form: %s", (_name, text) => {
  const data = { host: "files.example.com", port: 2222, username: "ann", test_path: "/in/box" };
  expect(pasteServer(text)).toEqual({ ok: true, data });
  expect(pasteKey(text)).toEqual({ ok: true, data });
});

test.each([
  ["ssh -i ~/.ssh/id_ed25519 -p 2222 ann@files.example.com", true],
  ["ssh -l ann -p2222 files.example.com uptime", false],
  ["Host files\n  HostName files.example.com\n  User ann\n  Port 2222\n", false],
  ["Host files\n  HostName=files.example.com\n  User=ann\n  Port=2222\n  IdentityFile ~/.ssh/id", true],
  ["ann@files.example.com:2222", false],
])("so does how one signs in by hand: %s", (text, isKey) => {
  const data = { host: "files.example.com", port: 2222, username: "ann" };
  const note = isKey ? { note: expect.stringContaining("in a file") } : {};
  expect(pasteServer(text)).toEqual({ ok: true, data, ...note });
});

test.each([
  ["Host a\n  HostName a.example\nHost b\n  HostName b.example", "one Host"],
  ["Host a\n  HostName a.example\n  ProxyJump b.example", "reached directly"],
  ["SFTP_HOST=a.example\nSSH_HOST=b.example", "one server"],
  ["sftp", "Must name the server"],
  ["SFTP_HOST=a.example/x", "without scheme"],
  ["SFTP_HOST=https://a.example/x", "another protocol"],
  ["ftps://a.example", "another protocol"],
])("what cannot be used of a server is told why: %s", (text, words) => {
  expect(pasteServer(text)).toEqual({ ok: false, problem: expect.stringContaining(words) });
});

test.each([
  "AZURE_TENANT_ID=t-1\nAZURE_CLIENT_ID=a-1\nAZURE_CLIENT_SECRET=p-1",
  'export ARM_TENANT_ID="t-1"\nexport ARM_CLIENT_ID="a-1"\nexport ARM_CLIENT_SECRET="p-1"\nexport ARM_SUBSCRIPTION_ID="s"',
  "tenant: t-1\nclientId: a-1\nclientSecret: p-1",
  "Display name : One\nApplication (client) ID : a-1\nDirectory (tenant) ID : t-1\nClient secret value: p-1",
  '{"clientId":"a-1","clientSecret":"p-1","subscriptionId":"s","tenantId":"t-1"}',
])("an application of Microsoft is read as it is kept: %#", (text) => {
  expect(pasteServicePrincipal(text)).toEqual({
    ok: true,
    data: { tenant_id: "t-1", client_id: "a-1", client_secret: "p-1" },
  });
});
