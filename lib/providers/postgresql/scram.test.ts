import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Postgres, startPostgres } from "@/test/servers/postgres";
import { scramFormOf, verifierIn } from "./kept-form";
import { newPassword, scramVerifier, verifierLiteral } from "./scram";
import { withPassword } from "./target";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

const signsIn = async (password: string) => {
  const { host, port, database, username: user } = server;
  const client = new pg.Client({ host, port, database, user, password });
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
};

test("a verifier computed here lets exactly its password in at a real server", async () => {
  for (const password of [newPassword(), "with 'quotes' and spaces", "x"]) {
    await server.query(`ALTER ROLE ${server.username} PASSWORD ${verifierLiteral(scramVerifier(password))}`);
    expect([await signsIn(password), await signsIn(`${password}x`), await signsIn(server.password)]).toEqual([
      true,
      false,
      false,
    ]);
  }
});

test("it is what the server itself computes, from the same salt", async () => {
  await server.query("SET password_encryption = 'scram-sha-256'");
  await server.query(`ALTER ROLE ${server.username} PASSWORD 'compare me'`);
  const { rows } = await server.query(`SELECT rolpassword FROM pg_authid WHERE rolname = '${server.username}'`);
  const [, iterations = "", salt = ""] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(rows[0].rolpassword) ?? [];
  expect(scramVerifier("compare me", Buffer.from(salt, "base64"), Number(iterations))).toBe(rows[0].rolpassword);
});

test("new passwords are long, different, and fit into a URL as they are", () => {
  const made = new Set(Array.from({ length: 100 }, newPassword));
  expect(made.size).toBe(100);
  for (const password of made) expect(password).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test("what is no verifier never gets into SQL, and no verifier is made of letters that need preparing", () => {
  const good = scramVerifier("x");
  for (const bad of [`${good}'`, "", "x", `${good}; DROP ROLE x`, good.replace("$", "'"), ` ${good}`, `${good}\n`])
    expect(() => verifierLiteral(bad)).toThrow();
  for (const password of ["pässword", "", "tab\t", "ｆｕｌｌ"]) expect(() => scramVerifier(password)).toThrow();
});

test.each([
  ["postgresql://app:old@db.example.com/app", "postgresql://app:NEW@db.example.com/app"],
  [
    "postgres://app@db.example.com:6432/app?sslmode=require",
    "postgres://app:NEW@db.example.com:6432/app?sslmode=require",
  ],
  ["postgresql://a%40b:o%3Ald%40@[2001:db8::1]:5432/d%2Fb", "postgresql://a%40b:NEW@[2001:db8::1]:5432/d%2Fb"],
])("a connection string keeps all but its password: %s", (before, after) => {
  expect(withPassword({ connection_string: before, ssl_ca: "pem" }, "NEW")).toEqual({
    connection_string: after,
    ssl_ca: "pem",
  });
  expect(withPassword({ host: "h", password: "old" }, "NEW")).toEqual({ host: "h", password: "NEW" });
});

test("the form is read from the sign-in where the verifier can be made again from it, and from nothing else", () => {
  const salt = Buffer.alloc(16, 7).toString("base64");
  expect(scramFormOf(`r=nonce+/=,s=${salt},i=15000`)).toEqual({ way: "scram", salt, iterations: 15_000 });
  for (const bad of [
    "",
    `s=${salt},i=4096`,
    `r=n,s=${salt},i=0`,
    `r=n,s=${salt},i=-4096`,
    `r=n,s=${salt},i=99999999`,
    `r=n,s=${salt},i=4096,m=more`,
    `r=n,s=,i=4096`,
    `r=n,s='; DROP ROLE x,i=4096`,
    // Another spelling of the same salt, which the server would keep as it stands.
    "r=n,s=AB==,i=4096",
    `r=n,s=${"A".repeat(400)},i=4096`,
  ])
    expect(scramFormOf(bad), bad).toBeUndefined();
});

test("MD5's verifier is what the server makes, salted with the role's name", async () => {
  await server.query(
    `SET password_encryption = 'md5'; CREATE ROLE hashed PASSWORD 'compare me'; RESET password_encryption`,
  );
  const { rows } = await server.query("SELECT rolpassword FROM pg_authid WHERE rolname = 'hashed'");
  expect(verifierIn({ way: "md5" }, "compare me", "hashed")).toBe(rows[0].rolpassword);
  expect(verifierLiteral(rows[0].rolpassword)).toBe(`'${rows[0].rolpassword}'`);
});
