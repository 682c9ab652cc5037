import { isGiven, type Mapping } from "../mapping";
import { mongoUrl } from "../mongo-url";
import { aws } from "./aws";

/**
 * Airflow's connection types whose system is known here. What stands in `extra` is named `extra.NAME`. Defaults are those
 * of the hooks that Airflow's providers open these connections with, or of the libraries that the hooks leave it to.
 */

/** Names as the rows have them. */
const inExtra = (...names: string[]) => names.map((name) => `extra.${name}`);

/** Each of them tells paramiko to take whatever host key comes. */
const anyHostKey = inExtra("no_host_key_check", "allow_host_key_change", "ignore_hostkey_verification");

/** How paramiko is told to go about it. */
const sshWays = [
  ...inExtra("timeout", "conn_timeout", "cmd_timeout", "auth_timeout", "banner_timeout", "keepalive_interval"),
  ...inExtra("compress", "look_for_keys", "ciphers", "disabled_algorithms"),
  ...anyHostKey,
];

const isTrue = (value: unknown) => String(value).toLowerCase() === "true";

const sshNotes: Mapping["notes"] = [
  {
    when: (data) => anyHostKey.some((name) => isTrue(data[name])),
    note: "Airflow was told not to check the server's host key. Here it is checked: give the host key.",
  },
  {
    when: (data) => isGiven(data["extra.key_file"]),
    note: "Its extra.key_file names a private key on the machine that Airflow ran on, which did not come along: bring the key itself.",
  },
];

const hasKey = (data: Record<string, unknown>) => isGiven(data["extra.private_key"]) || isGiven(data["extra.key_file"]);

const sshPlace = { host: "host", port: "port", login: "username", "extra.host_key": "host_key" };

const sftp: Mapping[] = [
  {
    provider: "sftp",
    type: "user_password",
    when: (data) => isGiven(data.password) || !hasKey(data),
    fields: { ...sshPlace, password: "password" },
    defaults: { port: 22 },
    drop: [...sshWays, "extra.key_file"],
    notes: sshNotes,
  },
  {
    provider: "sftp",
    type: "key_file",
    when: hasKey,
    fields: {
      ...sshPlace,
      password: "password",
      "extra.private_key": "private_key",
      "extra.private_key_passphrase": "passphrase",
      "extra.private_key_pass": "passphrase",
    },
    defaults: { port: 22 },
    drop: [...sshWays, "extra.key_file"],
    notes: sshNotes,
  },
];

const postgres: Mapping[] = [
  {
    provider: "postgresql",
    fields: {
      host: "host",
      port: "port",
      schema: "database",
      login: "username",
      password: "password",
      "extra.sslmode": "sslmode",
    },
    // Without a database, libpq takes the one that is called like the user.
    defaults: ({ login }) => ({ port: 5432, schema: login }),
    words: { sslmode: { allow: null, prefer: null } },
    drop: [
      ...inExtra(
        "keepalives*",
        "application_name",
        "fallback_application_name",
        "client_encoding",
        "options",
        "cursor",
      ),
      ...inExtra("connect_timeout", "tcp_user_timeout", "target_session_attrs", "gssencmode", "channel_binding"),
      ...inExtra("sslcompression", "sslrootcert", "iam=false", "redshift=false"),
    ],
    notes: [
      {
        when: (data) => isGiven(data["extra.sslrootcert"]),
        note: "Its extra.sslrootcert names a file on the machine that Airflow ran on: give the certificate authority itself, if it is not a public one.",
      },
      {
        when: (data) => isGiven(data["extra.options"]),
        note: "Its extra.options set parameters of the session: whoever uses the credential sets them now.",
      },
    ],
  },
];

export const kinds: Record<string, Mapping[]> = {
  postgres,
  postgresql: postgres,
  sftp,
  ssh: sftp,
  aws,
  s3: aws,
  mysql: [
    {
      provider: "MySQLApi",
      fields: { login: "user", password: "password", host: "testHost", port: "testPort" },
      defaults: { host: "localhost", port: 3306 },
    },
  ],
  mssql: [
    {
      provider: "sqlServer",
      fields: { host: "host", port: "port", schema: "database", login: "user", password: "password" },
      defaults: { port: 1433 },
    },
  ],
  // Where the host is a whole connect string, it is kept as it is.
  oracle: [
    {
      provider: "oracle",
      when: ({ host }) => /^[\w.-]+$/.test(String(host ?? "")),
      fields: {
        ...{ host: "host", port: "port", login: "user", password: "password" },
        ...{ "extra.service_name": "service", "extra.sid": "sid" },
      },
      defaults: { port: 1521 },
      drop: inExtra("thick_mode*", "fetch_*", "threaded", "events"),
    },
  ],
  redis: [
    {
      provider: "redisCacheApi",
      fields: {
        host: "redisCacheHost",
        port: "redisCachePort",
        login: "redisCacheUser",
        password: "redisCachePwd",
        "extra.ssl": "redisCacheSslEnabled",
      },
      defaults: { host: "localhost", port: 6379 },
      words: { redisCacheSslEnabled: { true: true, True: true, false: false, False: false } },
    },
  ],
  mongo: [
    {
      provider: "mongoDBUrlApi",
      fields: {},
      defaults: (data) => (isTrue(data["extra.srv"]) ? {} : { host: "localhost", port: 27017 }),
      join: {
        field: "mongoDBConnectUrl",
        from: ({ "extra.srv": srv }) => [
          ...["host", "port", "login", "password", "schema"],
          ...(isTrue(srv) || String(srv).toLowerCase() === "false" ? ["extra.srv"] : []),
        ],
        make: ({ host, port, login, password, schema, "extra.srv": srv }) =>
          mongoUrl({ host, port, user: login, password, database: schema, srv: isTrue(srv) }),
      },
      notes: [
        {
          when: (data) => isTrue(data["extra.srv"]) && isGiven(data.port),
          note: "Its port is not kept: an address of this form (mongodb+srv) finds the ports by itself.",
        },
      ],
    },
  ],
  http: [{ provider: "httpBasicAuth", fields: { login: "basicAuthUsername", password: "basicAuthPassword" } }],
  slack: [{ provider: "slackApi", fields: { password: "botToken" } }],
  openai: [{ provider: "openAIApi", fields: { password: "openAIApiKey" } }],
  github: [{ provider: "githubApi", fields: { password: "accessToken" } }],
  elasticsearch: [{ provider: "elasticSearchUserPassword", fields: { login: "username", password: "password" } }],
};
