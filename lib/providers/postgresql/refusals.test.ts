import { PassThrough } from "node:stream";
import pg from "pg";
import { expect, test } from "vitest";
import { OpenStream } from "@/lib/platform/net/open-stream";
import { changeProblem } from "./change-problems";
import { serverProblem } from "./problems";

const problemOf = (code: string, message: string) =>
  serverProblem(new OpenStream(new PassThrough()), Object.assign(new Error(message), { code }));
const told = (code: string, message: string) => {
  const { code: reason, field, outcome } = problemOf(code, message);
  return [reason, outcome, field].filter(Boolean).join(" ");
};

const WRONG = "wrong_credentials failed password";
const NO_USER = "wrong_credentials failed username";
const REJECTED = "access_rejected failed username";
const NO_DATABASE = "database_not_found failed database";
const CLOSED = "database_closed failed database";
const FULL = "too_many_connections unreachable";
const AWAY = "server_not_ready unreachable";
const TLS = "tls_required failed sslmode";
const ADDRESS = "address_refused failed host";
const METHOD = "method_not_supported failed username";

/** Who says it, the SQLSTATE, the words; as their sources and documentations have them. */
test.each([
  ["PostgreSQL", "28P01", 'password authentication failed for user "anna"', WRONG],
  ["PostgreSQL in German", "28P01", "Passwort-Authentifizierung für Benutzer »anna« fehlgeschlagen", WRONG],
  ["PostgreSQL, LDAP", "28000", 'LDAP authentication failed for user "anna"', WRONG],
  ["PostgreSQL, PAM", "28000", 'PAM authentication failed for user "anna"', WRONG],
  ["PostgreSQL, peer", "28000", 'Peer authentication failed for user "anna"', METHOD],
  ["PostgreSQL, GSSAPI", "28000", 'GSSAPI authentication failed for user "anna"', METHOD],
  ["PostgreSQL, certificates", "28000", "connection requires a valid client certificate", METHOD],
  ["PostgreSQL, no user", "28000", 'role "anna" does not exist', NO_USER],
  ["PostgreSQL, NOLOGIN", "28000", 'role "anna" is not permitted to log in', REJECTED],
  [
    "PostgreSQL 14",
    "28000",
    'no pg_hba.conf entry for host "1.2.3.4", user "anna", database "app", no encryption',
    TLS,
  ],
  ["PostgreSQL 11", "28000", 'no pg_hba.conf entry for host "1.2.3.4", user "anna", database "app", SSL off', TLS],
  ["PostgreSQL", "28000", 'no pg_hba.conf entry for host "::1", user "anna", database "app", SSL encryption', REJECTED],
  ["PostgreSQL", "28000", 'pg_hba.conf rejects connection for host "::1", user "anna", database "app"', REJECTED],
  ["PostgreSQL in French", "28000", "aucune entrée dans le fichier de configuration", REJECTED],
  ["PostgreSQL", "3D000", 'database "app" does not exist', NO_DATABASE],
  ["PostgreSQL in Spanish", "3D000", "no existe la base de datos «app»", NO_DATABASE],
  ["PostgreSQL", "42501", 'permission denied for database "app"', "permission_denied failed database"],
  ["PostgreSQL in Italian", "42501", "permesso negato per il database app", "permission_denied failed database"],
  ["PostgreSQL", "55000", 'database "app" is not currently accepting connections', CLOSED],
  ["PostgreSQL 17", "55000", 'cannot connect to invalid database "app"', CLOSED],
  ["PostgreSQL in German", "55000", "Datenbank »app« akzeptiert gegenwärtig keine Verbindungen", CLOSED],
  ["PostgreSQL", "53300", "sorry, too many clients already", FULL],
  ["PostgreSQL", "53300", 'too many connections for role "anna"', FULL],
  ["PostgreSQL", "53300", "remaining connection slots are reserved for roles with the SUPERUSER attribute", FULL],
  ["PostgreSQL in Russian", "53300", "извините, уже слишком много клиентов", FULL],
  ["PostgreSQL", "57P03", "the database system is starting up", AWAY],
  ["PostgreSQL, standby", "57P03", "the database system is not accepting connections", AWAY],
  ["PostgreSQL", "57P01", "terminating connection due to administrator command", AWAY],
  ["PostgreSQL", "57P04", "terminating connection due to conflict with recovery", NO_DATABASE],
  ["PostgreSQL", "53200", "out of memory", "server_trouble unreachable"],
  ["PostgreSQL", "58030", "could not read file", "server_trouble unreachable"],
  ["PostgreSQL", "08006", "anything", AWAY],
  ["PgBouncer", "08P01", "password authentication failed", WRONG],
  ["PgBouncer", "08P01", "SASL authentication failed", WRONG],
  ["PgBouncer", "08P01", '"trust" authentication failed', WRONG],
  ["PgBouncer", "08P01", "SCRAM authentication failed: user has MD5 secret", METHOD],
  ["PgBouncer", "08P01", "no such user: anna", NO_USER],
  ["PgBouncer", "08P01", "no such user", NO_USER],
  ["PgBouncer", "08P01", "no such database: app", NO_DATABASE],
  ["PgBouncer", "08P01", 'database "app" is disabled', CLOSED],
  ["PgBouncer", "08P01", "database does not allow connections: app", CLOSED],
  ["PgBouncer", "08P01", "no more connections allowed (max_client_conn)", FULL],
  ["PgBouncer", "08P01", "query_wait_timeout", FULL],
  ["PgBouncer", "08P01", "server login has been failing, try again later (server_login_retry)", AWAY],
  [
    "PgBouncer 1.22",
    "08P01",
    'server login has been failing, cached error: password authentication failed for user "anna" (server_login_retry)',
    AWAY,
  ],
  ["PgBouncer 1.22", "08P01", 'server login failed: FATAL password authentication failed for user "anna"', AWAY],
  ["PgBouncer", "08P01", "client_login_timeout (server down)", AWAY],
  ["PgBouncer", "08P01", "login rejected", REJECTED],
  ["PgBouncer", "08P01", "SSL required", TLS],
  ["PgBouncer", "08P01", "TLS connection required", TLS],
  ["PgBouncer", "08P01", "what no version says yet", "server_error failed"],
  ["Supavisor", "XX000", "Tenant or user not found", "project_unknown failed username"],
  ["Supavisor 2", "XX000", "(ENOTFOUND) tenant/user postgres.abcdef not found", "project_unknown failed username"],
  [
    "Supavisor",
    "XX000",
    'Authentication error, reason: "Invalid format for user or db_name"',
    "project_unknown failed username",
  ],
  ["Supavisor", "28P01", 'password authentication failed for user "postgres"', WRONG],
  [
    "Supavisor",
    "XX000",
    "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size",
    FULL,
  ],
  [
    "Supavisor 2",
    "XX000",
    "(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 15",
    FULL,
  ],
  ["Supavisor", "XX000", "Max client connections reached", FULL],
  ["Supavisor", "XX000", "Max pools count reached", FULL],
  ["Supavisor", "XX000", "Unable to check out connection from the pool due to timeout", FULL],
  ["Supavisor", "XX000", "Address not in tenant allow_list: {1, 2, 3, 4}", ADDRESS],
  ["Supavisor 2", "XX000", "(EADDRNOTALLOWED) address not in tenant allow_list", ADDRESS],
  ["Supavisor", "XX000", "SSL connection is required", TLS],
  ["Supavisor", "XX000", "DbHandler exited. Check logs for more information.", AWAY],
  ["Supavisor", "08006", "connection failure during authentication", AWAY],
  [
    "Supavisor 2",
    "XX000",
    "(ECIRCUITBREAKER) too many authentication failures, new connections are temporarily blocked",
    "rate_limited unreachable",
  ],
  ["Neon", "28000", "connection is insecure (try using `sslmode=require`)", TLS],
  [
    "Neon",
    "08P01",
    "Endpoint ID is not specified. Either please upgrade the postgres client library",
    "endpoint_unknown failed host",
  ],
  [
    "Neon",
    "08P01",
    "Inconsistent project name inferred from SNI ('a') and project option ('b').",
    "endpoint_unknown failed host",
  ],
  [
    "Neon",
    "XX000",
    "The requested endpoint could not be found, or you don't have access to it.",
    "endpoint_unknown failed host",
  ],
  ["Neon", "XX000", "Control plane request failed: endpoint is disabled", "endpoint_disabled failed host"],
  ["Neon", "XX000", "Control plane request failed", AWAY],
  ["Neon", "XX000", "Couldn't connect to compute node", AWAY],
  ["Neon", "XX000", "Your project has exceeded the data transfer quota. Upgrade your plan", "quota_used_up failed"],
  ["Neon", "53300", "Failed to acquire permit to connect to the database.", "rate_limited unreachable"],
  ["Neon", "28000", "This IP address 1.2.3.4 is not allowed to connect to this endpoint.", ADDRESS],
  [
    "RDS Proxy",
    "28000",
    "This RDS proxy has no credentials for the role anna. Check the credentials for this role",
    REJECTED,
  ],
  ["RDS Proxy", "28P01", "The password that was provided for the role anna is wrong.", WRONG],
  ["RDS Proxy", "0A000", "RDS Proxy supports only IAM, MD5, or SCRAM authentication", METHOD],
  ["RDS Proxy", "28000", "This RDS Proxy requires TLS connections.", TLS],
  ["RDS Proxy", "28000", "IAM authentication is allowed only with SSL connections.", TLS],
  ["RDS Proxy", "28000", "The IAM authentication failed for the role anna. Check the IAM token", METHOD],
  [
    "RDS Proxy",
    "53300",
    "The IAM authentication failed because of too many competing requests.",
    "rate_limited unreachable",
  ],
  ["RDS Proxy", "53300", "The maximum number of client connections to the proxy exceeded 10.", FULL],
  ["RDS Proxy", "53300", "Rate of connection to proxy exceeded 10.", "rate_limited unreachable"],
  ["RDS Proxy", "08006", "Timed-out waiting to acquire database connection.", FULL],
  ["RDS Proxy", "XX000", 'Request returned an error: database "app" does not exist', NO_DATABASE],
  ["Redshift", "28000", 'password authentication failed for user "anna"', WRONG],
  ["CockroachDB", "08P01", "node is running secure mode, SSL connection required", TLS],
  ["Azure", "28000", "SSL connection is required. Please specify SSL options and retry.", TLS],
  ["Azure", "28000", "Invalid Username specified. Please check the Username and retry connection.", NO_USER],
  ["Odyssey", "3D000", "odyssey: c1: route for 'app.anna' is not found", NO_DATABASE],
  ["pgcat", "58000", 'No pool configured for database: "app", user: "anna"', NO_DATABASE],
])("%s, %s, %s: %s", (_, code, message, expected) => {
  expect(told(code, message)).toBe(expected);
});

test("names in quotation marks are the caller's own words, and decide nothing", () => {
  for (const name of ["no such database", "too many connections", "pg_hba.conf SSL off", "Tenant or user not found"]) {
    expect(told("28P01", `password authentication failed for user "${name}"`)).toBe(WRONG);
    expect(told("28P01", `Passwort-Authentifizierung für Benutzer »x« „${name}“ fehlgeschlagen`)).toBe(WRONG);
    expect(told("3D000", `database "${name}" does not exist`)).toBe(NO_DATABASE);
  }
});

test("nothing that a server says comes back, and no length of it takes long", () => {
  const marks = ["SECRET-WORDS", `${"a ".repeat(50_000)}SECRET-WORDS`, `${'"'.repeat(50_000)}SECRET-WORDS`];
  for (const state of ["28P01", "08P01", "XX000", "99999", "P0001"]) {
    for (const mark of marks) expect(JSON.stringify(problemOf(state, `${mark} no such user`))).not.toContain("SECRET");
  }
});

test("what a system's own error is called is no SQLSTATE", () => {
  expect(told("EPIPE", "write EPIPE")).toBe("connection_lost unreachable");
  expect(told("", "Connection terminated unexpectedly")).toBe("connection_lost unreachable");
});

test("of a change, only what the server itself refused for certain is told as failed", () => {
  const outcome = (code: string, message: string) =>
    changeProblem(
      (error) => serverProblem(new OpenStream(new PassThrough()), error),
      Object.assign(new pg.DatabaseError(message, 0, "error"), { code }),
    ).outcome;
  for (const [code, message] of [
    ["42501", "permission denied"],
    ["25006", "cannot execute ALTER ROLE in a read-only transaction"],
    ["P0001", "password is too short"],
    ["42601", "syntax error"],
  ] as const)
    expect([code, outcome(code, message)]).toEqual([code, "failed"]);
  for (const [code, message] of [
    ["08P01", "server conn crashed?"],
    ["08P01", "what no version says yet"],
    ["XX000", "no such database"],
    ["57014", "canceling statement due to statement timeout"],
    ["53100", "disk full"],
  ] as const)
    expect([code, outcome(code, message)]).toEqual([code, "unreachable"]);
});
