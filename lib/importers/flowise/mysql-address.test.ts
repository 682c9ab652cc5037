import { expect, test } from "vitest";
import { readMysqlAddress } from "./mysql-address";

test.each([
  [
    "mysql://u:p@db.example.com/flowise",
    { host: "db.example.com", port: 3306, user: "u", password: "p", tls: undefined },
  ],
  ["mariadb://u:p@db.example.com:3307/flowise", { port: 3307 }],
  ["mysql+pymysql://u@db.example.com/flowise", { user: "u", password: "" }],
  ["mysql://u%40x:p%2F%3A%25@[2001:db8::1]:3306/flowise", { host: "[2001:db8::1]", user: "u@x", password: "p/:%" }],
  ["mysql://u:p:q@h.example.com/flowise?ssl-mode=VERIFY_CA", { password: "p:q", tls: "verify-full" }],
  ["mysql://u:p@h.example.com/flowise?sslmode=require&charset=utf8", { tls: "require" }],
  ["mysql://u:p@h.example.com/flowise?ssl=false", { tls: "disable" }],
])("%s is read", (text, target) => {
  expect(readMysqlAddress(text)).toMatchObject({ ok: true, value: { target, database: "flowise" } });
});

test.each([
  ["mysql://db.example.com/flowise", "name the user"],
  ["mysql://u:planted@x@db.example.com/flowise", "@ in the user name and password as %40"],
  ["mysql://u:planted?x@db.example.com/flowise", "name the user"],
  ["mysql://u:planted/x@db.example.com/flowise", "name the user"],
  ["mysql://u:plan%ted@db.example.com/flowise", "% as %25"],
  ["mysql://u:planted#@db.example.com/flowise", "# as %23"],
  ["mysql://u:planted @db.example.com/flowise", "spaces"],
  ["mysql://u:planted@db.example.com", "name the database"],
  ["mysql://u:planted@db.example.com/a/b", "name the database"],
  ["mysql://u:planted@/flowise", "name a host"],
  ["mysql://u:planted@h:99999/flowise", "name a host"],
  ["mysql://u:planted@h/flowise?socketPath=/etc/passwd", "ssl-mode once"],
  ["mysql://u:planted@h/flowise?ssl={}", "ssl-mode once"],
  ["mysql://u:planted@h/flowise?ssl-mode=REQUIRED&sslmode=disable", "ssl-mode once"],
])("%s is refused in words that repeat nothing of it", (text, problem) => {
  const read = readMysqlAddress(text);
  expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  expect(JSON.stringify(read)).not.toContain("planted");
});
