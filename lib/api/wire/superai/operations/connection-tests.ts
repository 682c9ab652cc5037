import { resource } from "@/lib/api/wire/operation";
import { anyPostgresBody, postgresReport, report, sftpBody, testQuery } from "../schemas/connection-test";

/** Tests whose bodies the contract spells flat, with names of their own. */
const tag = "Connection tests";
const ofPostgres = {
  200: {
    description: "How far it came, as booleans.",
    body: postgresReport,
    headers: ["X-Test-Receipt", "X-Test-Reason"],
  },
} as const;
const refusals = ["conflict", "external_failure"] as const;

export const sftpTest = resource("/integrations/sftp/test-connection", {
  POST: {
    id: "testSftp",
    tag,
    summary: "Test an SFTP server",
    permission: "credential:test",
    query: testQuery,
    body: { schema: sftpBody },
    answers: { 200: { description: "What came of it.", body: report } },
    refusals,
  },
});

const postgres = {
  tag,
  permission: "credential:test",
  query: testQuery,
  body: { schema: anyPostgresBody },
  answers: ofPostgres,
  refusals,
} as const;

export const postgresTest = resource("/integrations/postgres/test-connection", {
  POST: { id: "testPostgres", summary: "Test a PostgreSQL server", ...postgres },
});

export const pluginTest = resource("/integrations/plugins/{plugin}/test-connection", {
  POST: { id: "testPlugin", summary: "Test a PostgreSQL server, by the plugin's address", ...postgres },
});

export const storedPostgresTest = resource("/integrations/postgres/test-connection/{credential_id}", {
  POST: {
    id: "testStoredPostgres",
    tag,
    summary: "Test a stored PostgreSQL credential",
    permission: ["credential:test", "credential:read"],
    answers: ofPostgres,
    refusals: [...refusals, "damaged"],
  },
});
