import "server-only";
import type { CredentialData } from "../define";
import { type Connection, defineConnection } from "../define-connection";
import { type Problem, StepFailure } from "../trail";
import { definitions } from "./definitions";
import { httpConnection } from "./http-connection";
import { httpTests } from "./http-tests";
import { given } from "./value-missing";

/** How the declared kinds are tried out: by a declared request, by a driver, or as the provider of ours that they are. */
export async function connectionFor(id: string): Promise<Connection | undefined> {
  if (Object.hasOwn(drivers, id)) return drivers[id]?.();
  const test = Object.hasOwn(httpTests, id) ? httpTests[id] : undefined;
  const method = definitions.find((provider) => provider.id === id)?.methods[0];
  return test && method && httpConnection(test, method);
}

/** The native connection, given nothing but the fields named here, under the names that it knows them by. */
async function asPostgresql(names: Record<string, string>, preset: CredentialData = {}): Promise<Connection> {
  const { connection: postgresql } = await import("../postgresql/connection");
  return defineConnection({
    plan: postgresql.plan,
    test: async (data, trail, network) => {
      trail.renames = Object.fromEntries(Object.entries(names).map(([theirs, native]) => [native, theirs]));
      const gap = Object.keys(names).find(
        (name) => data[name] === undefined && preset[names[name] ?? ""] === undefined,
      );
      if (gap) await trail.step("values", () => given(undefined, LABELS[gap] ?? gap, gap));
      const renamed = Object.entries(names).flatMap(([theirs, native]) => {
        const value = data[theirs];
        return value === undefined ? [] : [[native, value] as const];
      });
      return postgresql.test({ ...preset, ...Object.fromEntries(renamed) }, trail, network);
    },
  });
}

const LABELS: Record<string, string> = {
  postgresUrl: "The URL",
  user: "The user",
  password: "The password",
  testHost: "The host for the test",
  testDatabase: "The database for the test",
};

/** The native connection of an account at Google or Microsoft, with the token that signing in for this kind has left. */
async function asAccount(native: () => Promise<Connection>): Promise<Connection> {
  const { plan, test } = await native();
  return defineConnection({
    plan,
    test: async (data, trail, network) => {
      if (data.access_token === undefined)
        await trail.step("values", () => Promise.reject(new StepFailure(NOT_SIGNED_IN)));
      const { access_token = "", scope = "", granted_scope = scope } = data;
      return test({ access_token, scope: granted_scope, requested_scope: scope }, trail, network);
    },
  });
}

const NOT_SIGNED_IN: Problem = {
  code: "no_access_token",
  meaning: "Nobody has signed in with this client yet, so there is nothing to try.",
  advice: "Save it, then sign in at the provider on its page.",
  outcome: "failed",
};

const google = () => asAccount(async () => (await import("../google/connection")).connection);
const microsoft = () => asAccount(async () => (await import("../microsoft/connection")).connection);

/** The native question who a key of Amazon's is, which is asked in one region for all. */
async function asAmazonKey(names: { id: string; secret: string; session?: string }): Promise<Connection> {
  const { identityConnection } = await import("../aws-ses/connection");
  return defineConnection({
    plan: identityConnection.plan,
    test: async (data, trail, network) => {
      trail.renames = { region: names.id, access_key_id: names.id, secret_access_key: names.secret };
      const missing = [names.id, names.secret].find((name) => data[name] === undefined);
      if (missing) await trail.step("values", () => given(undefined, "The key", missing));
      const session = names.session === undefined ? undefined : data[names.session];
      const key = { access_key_id: data[names.id] ?? "", secret_access_key: data[names.secret] ?? "" };
      return identityConnection.test(
        { ...key, ...(session !== undefined && { session_token: session }), region: "us-east-1" },
        trail,
        network,
      );
    },
  });
}

const mysql = async () => (await import("./mysql")).mysqlConnection;

/** Loaded when they are needed: a driver takes longer to load than most tests run. */
const drivers: Record<string, () => Promise<Connection>> = {
  MySQLApi: mysql,
  singleStoreApi: mysql,
  mongoDBUrlApi: async () => (await import("./mongodb")).mongodbConnection,
  redisCacheApi: async () => (await import("./redis")).redisByFields,
  redisCacheUrlApi: async () => (await import("./redis")).redisByUrl,
  awsApi: () => asAmazonKey({ id: "awsKey", secret: "awsSecret", session: "awsSession" }),
  dynamodbMemoryApi: () => asAmazonKey({ id: "accessKey", secret: "secretAccessKey" }),
  ...Object.fromEntries(
    ["gmail", "googleCalendar", "googleDocs", "googleDrive", "googleSheets"].map((name) => [`${name}OAuth2`, google]),
  ),
  microsoftOutlookOAuth2: microsoft,
  microsoftTeamsOAuth2: microsoft,
  PostgresUrl: () => asPostgresql({ postgresUrl: "connection_string" }),
  PostgresApi: () =>
    asPostgresql(
      { user: "username", password: "password", testHost: "host", testPort: "port", testDatabase: "database" },
      { port: 5432 },
    ),
};
