import "server-only";
import type { CredentialData } from "../define";
import { type Connection, defineConnection } from "../define-connection";
import { given } from "../value-missing";
import type { DriverName } from "./names";

/** How a kind's file says that a driver tries its credentials out. */
export interface DriverUse {
  driver: DriverName;
  /** By the driver's own names: the fields that hold its values. */
  values?: Readonly<Record<string, string>> | undefined;
  fixed?: CredentialData | undefined;
}

interface Driver {
  /** Loaded when it is needed: a driver takes longer to load than most tests run. */
  load: () => Promise<Connection>;
  /** What is told where one of these has no value. */
  labels: Readonly<Record<string, string>>;
  /** It works with the access that signing in has left, under the names that this has everywhere. */
  ofSignIn?: true;
}

const drivers: Record<DriverName, Driver> = {
  mysql: {
    load: async () => (await import("./mysql")).mysqlConnection,
    labels: { host: "The host for the test", user: "The user" },
  },
  postgresql: {
    load: async () => (await import("../postgresql/connection")).connection,
    labels: {
      connection_string: "The URL",
      username: "The user",
      password: "The password",
      host: "The host for the test",
      database: "The database for the test",
    },
  },
  mongodb: { load: async () => (await import("./mongodb")).mongodbConnection, labels: { url: "The URL" } },
  redis: {
    load: async () => (await import("./redis")).redisConnection,
    labels: { url: "The URL", host: "The host" },
  },
  aws_identity: {
    load: async () => (await import("./aws-identity")).awsIdentity,
    labels: { access_key_id: "The key", secret_access_key: "The key" },
  },
  smtp: {
    load: async () => (await import("./smtp")).smtpConnection,
    labels: { host: "The host" },
  },
  imap: {
    load: async () => (await import("./imap")).imapConnection,
    labels: { host: "The host", user: "The user" },
  },
  ldap: {
    load: async () => (await import("./ldap")).ldapConnection,
    labels: { host: "The host" },
  },
  amqp: {
    load: async () => (await import("./amqp")).amqpConnection,
    labels: { host: "The host", user: "The user" },
  },
  mqtt: {
    load: async () => (await import("./mqtt")).mqttConnection,
    labels: { host: "The host" },
  },
  ftp: {
    load: async () => (await import("./ftp")).ftpConnection,
    labels: { host: "The host" },
  },
  nats: {
    load: async () => (await import("./nats")).natsConnection,
    labels: { host: "The host" },
  },
  kafka: {
    load: async () => (await import("./kafka")).kafkaConnection,
    labels: { brokers: "The list of brokers" },
  },
  sql_server: {
    load: async () => (await import("./sql-server")).sqlServerConnection,
    labels: { host: "The host", user: "The user" },
  },
  google: {
    load: async () => (await import("./account")).accountAt((await import("../google/connection")).connection),
    labels: {},
    ofSignIn: true,
  },
  microsoft: {
    load: async () => (await import("./account")).accountAt((await import("../microsoft/connection")).connection),
    labels: {},
    ofSignIn: true,
  },
};

/** The connection of a kind that is tried out by a driver: given nothing but the fields that its file names. */
export async function driverConnection({ driver, values = {}, fixed = {} }: DriverUse): Promise<Connection> {
  const { load, labels, ofSignIn } = drivers[driver];
  const connection = await load();
  if (ofSignIn) return connection;
  return defineConnection({
    plan: connection.plan,
    test: async (data, testRun, network) => {
      testRun.renames = { ...values };
      const named = Object.entries(values).flatMap(([name, field]) =>
        data[field] === undefined ? [] : [[name, data[field]] as const],
      );
      const known: CredentialData = { ...fixed, ...Object.fromEntries(named) };
      const gap = Object.keys(values).find((name) => labels[name] !== undefined && known[name] === undefined);
      if (gap) await testRun.step("values", () => given(undefined, labels[gap] ?? gap, gap));
      return connection.test(known, testRun, network);
    },
  });
}
