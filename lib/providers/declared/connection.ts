import "server-only";
import type { CredentialData } from "../define";
import { type Connection, defineConnection } from "../define-connection";
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

const mysql = async () => (await import("./mysql")).mysqlConnection;

/** Loaded when they are needed: a driver takes longer to load than most tests run. */
const drivers: Record<string, () => Promise<Connection>> = {
  MySQLApi: mysql,
  singleStoreApi: mysql,
  mongoDBUrlApi: async () => (await import("./mongodb")).mongodbConnection,
  redisCacheApi: async () => (await import("./redis")).redisByFields,
  redisCacheUrlApi: async () => (await import("./redis")).redisByUrl,
  PostgresUrl: () => asPostgresql({ postgresUrl: "connection_string" }),
  PostgresApi: () =>
    asPostgresql(
      { user: "username", password: "password", testHost: "host", testPort: "port", testDatabase: "database" },
      { port: 5432 },
    ),
};
