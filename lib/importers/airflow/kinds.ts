import { type Mapping, mongoUrl } from "../mapping";

/** Airflow's connection types whose system is known here. What stands in `extra` is named `extra.NAME`. */
const sftp: Mapping[] = [
  {
    provider: "sftp",
    type: "user_password",
    fields: { host: "host", port: "port", login: "username", password: "password" },
    drop: ["extra.no_host_key_check", "extra.allow_host_key_change", "extra.look_for_keys", "extra.compress"],
  },
  {
    provider: "sftp",
    type: "key_file",
    fields: {
      host: "host",
      port: "port",
      login: "username",
      password: "password",
      "extra.private_key": "private_key",
      "extra.private_key_passphrase": "passphrase",
    },
    drop: ["extra.no_host_key_check", "extra.allow_host_key_change", "extra.look_for_keys", "extra.compress"],
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
    words: { sslmode: { allow: null, prefer: null } },
    drop: ["extra.application_name", "extra.connect_timeout", "extra.cursor", "extra.keepalives_idle"],
  },
];

export const kinds: Record<string, Mapping[]> = {
  postgres,
  postgresql: postgres,
  sftp,
  ssh: sftp,
  mysql: [
    { provider: "MySQLApi", fields: { login: "user", password: "password", host: "testHost", port: "testPort" } },
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
      words: { redisCacheSslEnabled: { true: true, True: true, false: false, False: false } },
    },
  ],
  mongo: [
    {
      provider: "mongoDBUrlApi",
      fields: {},
      join: {
        field: "mongoDBConnectUrl",
        from: ["host", "port", "login", "password", "schema", "extra.srv"],
        make: ({ host, port, login, password, schema, "extra.srv": srv }) =>
          mongoUrl({ host, port, user: login, password, database: schema, srv: String(srv).toLowerCase() === "true" }),
      },
    },
  ],
  aws: [
    {
      provider: "awsApi",
      fields: {
        login: "awsKey",
        password: "awsSecret",
        "extra.aws_session_token": "awsSession",
        "extra.role_arn": "roleArn",
        "extra.external_id": "externalId",
      },
    },
  ],
  http: [{ provider: "httpBasicAuth", fields: { login: "basicAuthUsername", password: "basicAuthPassword" } }],
  slack: [{ provider: "slackApi", fields: { password: "botToken" } }],
  openai: [{ provider: "openAIApi", fields: { password: "openAIApiKey" } }],
  github: [{ provider: "githubApi", fields: { password: "accessToken" } }],
  elasticsearch: [{ provider: "elasticSearchUserPassword", fields: { login: "username", password: "password" } }],
};
