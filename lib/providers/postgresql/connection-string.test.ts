import fc from "fast-check";
import { expect, test } from "vitest";
import { type Method, parseData, publicData, secretsToResend } from "../define";
import { readConnectionString } from "./connection-string";
import { definition } from "./definition";
import { pasteConnectionString } from "./paste";

const method = definition.methods[0] as Method;

test.each([
  ["postgres://u:p@h.example/d", { host: "h.example", port: 5432, user: "u", password: "p", database: "d" }],
  ["postgresql://u@[2001:db8::1]:6432/d?sslmode=disable", { host: "[2001:db8::1]", port: 6432, sslmode: "disable" }],
  [
    "postgresql://u%40x:p%2F%3A%40%23@h/d%2Fe?application_name=my%20app&connect_timeout=5",
    { user: "u@x", password: "p/:@#", database: "d/e" },
  ],
])("%s is understood", (text, expected) => {
  expect(readConnectionString(text)).toMatchObject({ ok: true, value: expected });
});

test.each([
  "base",
  "mysql://u:p@h/d",
  "socket:/var/run/postgresql",
  "/var/run/postgresql",
  "host=h user=u dbname=d",
  "postgres://u:p@/d",
  "postgres://u:p@/var/run/postgresql/d",
  "postgres://u:p@%2Fvar%2Frun/d",
  "postgres://u:p@h1,h2/d",
  "postgres://u:p@h1:1,h2:2/d",
  "postgres://u:p@h/d?host=10.0.0.1",
  "postgres://u:p@h/d?port=1",
  "postgres://u:p@h/d?hostaddr=127.0.0.1",
  "postgres://u:p@h/d?sslrootcert=/etc/shadow",
  "postgres://u:p@h/d?sslcert=/dev/zero",
  "postgres://u:p@h/d?sslkey=/dev/zero",
  "postgres://u:p@h/d?sslmode=no-verify",
  "postgres://u:p@h/d?sslmode=require&sslmode=disable",
  "postgres://u:p@h/d?sslmode",
  "postgres://u:p@h/d?options=-c%20x%3Dy",
  "postgres://u:p@h/d?service=x",
  "postgres://u:p@h/d?__proto__=x",
  "postgres://u:p@h/d?application_name",
  "postgres://u:p@h/d?application_name=a@b",
  "postgres://h/d@evil.example?user=u",
  "postgres://h?user=a@evil.example",
  "postgres://u:p@h/d?user=other",
  "postgres://u:p@h/d?password=q",
  "postgres://u@h/d?password=a+b",
  "postgres://u:p/q@h/d",
  "postgres://u:p?q@h/d",
  "postgres://u:p@h/d?options=endpoint%3Dother",
  "postgres://u:p@h/d?options=-c%20role%3Dpostgres",
  "postgres://u:p@h/d?options=-c%20search_path%3Da%20-c%20role%3Dpostgres",
  "postgres://u:p@h/d?options=reference%3Dx",
  "postgres://u:p@h/d?ssl=/etc/shadow",
  "postgres://u:p@h\n.example/d",
  "postgres://h/d",
  "postgres://:p@h/d",
  "postgres://u:p@x@h/d",
  "postgres://u:p:q@h/d",
  "postgres://u:p#q@h/d",
  "postgres://u:p@h/d/e",
  "postgres://u:%zz@h/d",
  "postgres://u:%00@h/d",
  "postgres://u:p@h:0/d",
  "postgres://u:p@h:65536/d",
  "postgres://u:p@h:05432/d",
  "postgres://u:p@h:/d",
  "postgres://u:p@[::1/d",
  "postgres://u:p@[fe80::1%25eth0]/d",
  "postgres://u:p@2130706433/d",
  "postgres://u:p@0x7f.1/d",
  "postgres://u:p@0177.0.0.1/d",
  "postgres://u:p@①②⑦.0.0.1/d",
  "postgres://u:p@127。0。0。1/d",
])("%s is refused with a fixed text", (text) => {
  const result = readConnectionString(text);
  expect(result.ok).toBe(false);
  if (!result.ok) expect(result.problem).toMatch(/^(Must|May|Write) /);
});

test("whatever is read back is what was written, and nothing throws", () => {
  const word = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => text.isWellFormed() && !text.includes("\0"));
  fc.assert(
    fc.property(word, word, word, (user, password, database) => {
      const [u, p, d] = [user, password, database].map(encodeURIComponent);
      const result = readConnectionString(`postgresql://${u}:${p}@db.example.com/${d}`);
      expect(result).toMatchObject({ ok: true, value: { user, password, database } });
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => readConnectionString(`postgres://${text}`) !== undefined),
  );
});

test("reading is linear: 64 KiB of separators take no time", () => {
  const before = process.cpuUsage();
  for (const filler of ["@", ":", "/", "?", "&", "=", "%", "a=b&", "%41", "["]) {
    readConnectionString(`postgres://u:p@h/d?${filler.repeat(65_536 / filler.length)}`);
    readConnectionString(`postgres://${filler.repeat(65_536 / filler.length)}`);
  }
  expect(process.cpuUsage(before).user).toBeLessThan(500_000);
});

test("a connection string wins: the fields beside it are neither judged nor stored", () => {
  const connection_string = "postgresql://alice:s3cret@db.example.com/app";
  const parsed = parseData(method, {
    connection_string,
    host: "not a host",
    port: "x",
    password: "",
    sslmode: "nonsense",
  });
  expect(parsed).toEqual({ ok: true, data: { connection_string } });
  expect(method.summary({ connection_string })).toBe("db.example.com:5432/app as alice");
  const shown = { host: "db.example.com", port: 5432, database: "app", username: "alice" };
  expect(publicData(method, { connection_string })).toEqual(shown);
  const explicit = { connection_string: `${connection_string}?sslmode=verify-ca` };
  expect(publicData(method, explicit)).toEqual({ ...shown, sslmode: "verify-ca" });
});

test("without a connection string the fields are required; nothing is stored of a TLS mode that is not given", () => {
  expect(parseData(method, {})).toMatchObject({
    problems: ["host", "database", "username", "password"].map((name) => ({ path: [name], code: "missing" })),
  });
  const data = { host: "h", database: "d", user: "u", password: "p" };
  const stored = { host: "h", database: "d", username: "u", password: "p", port: 5432 };
  for (const sslmode of [undefined, null, ""]) {
    expect(parseData(method, { ...data, sslmode })).toEqual({ ok: true, data: stored });
  }
  expect(parseData(method, { ...data, sslmode: "automatic" }).ok).toBe(false);
  const text = "postgresql://u:p@h/d";
  const read = readConnectionString(text);
  expect(read.ok && "sslmode" in read.value).toBe(false);
  expect(pasteConnectionString(text)).not.toHaveProperty("data.sslmode");
});

test("giving a TLS mode, and taking it away, is another destination: every kept secret is asked for again", () => {
  const none = { host: "h", port: 5432, database: "d", username: "u", password: "p" };
  const full = { ...none, sslmode: "verify-full" };
  expect(secretsToResend(method, none, full, ["password"])).toEqual(["password"]);
  expect(secretsToResend(method, full, none, ["password"])).toEqual(["password"]);
  expect(secretsToResend(method, none, { ...none }, ["password"])).toEqual([]);
  const string = { connection_string: "postgresql://u:p@h/d" };
  const authority = { ...string, ssl_ca: "x" };
  expect(secretsToResend(method, string, authority, ["connection_string"])).toEqual(["connection_string"]);
});

test("moving from fields to a connection string does not ask for the password that it replaces", () => {
  const before = { host: "h", port: 5432, database: "d", username: "u", password: "p", sslmode: "verify-full" };
  const after = { connection_string: "postgresql://u:p@other/d" };
  expect(secretsToResend(method, before, after, ["password"])).toEqual([]);
});

test("a key hidden in the certificate field is refused", () => {
  const ssl_ca = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
  expect(parseData(method, { ...method.example, ssl_ca }).ok).toBe(true);
  expect(parseData(method, { ...method.example, ssl_ca: `${ssl_ca}-----BEGIN PRIVATE KEY-----` }).ok).toBe(false);
});
