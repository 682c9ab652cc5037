import { isGiven, type Mapping } from "../mapping";
import { mongoUrl } from "../mongo-url";

/** Files and commands over SSH are one kind here: what signs in is the same. */
const ssh: Mapping[] = [
  {
    provider: "sftp",
    type: "user_password",
    when: ({ password, privateKey }) => isGiven(password) || !isGiven(privateKey),
    fields: { host: "host", port: "port", username: "username", password: "password" },
    defaults: { port: 22 },
  },
  {
    provider: "sftp",
    type: "key_file",
    when: ({ privateKey }) => isGiven(privateKey),
    fields: {
      host: "host",
      port: "port",
      username: "username",
      privateKey: "private_key",
      passphrase: "passphrase",
      password: "password",
    },
    defaults: { port: 22 },
  },
];

/**
 * n8n's types whose system is known here: by ours of several forms, the first that has a place for every value. n8n saves
 * only what differs from its own defaults, so those are filled in, as the fields of its credentials declare them.
 */
export const kinds: Record<string, Mapping[]> = {
  postgres: [
    {
      provider: "postgresql",
      fields: {
        host: "host",
        port: "port",
        database: "database",
        user: "username",
        password: "password",
        ssl: "sslmode",
      },
      // n8n's default for TLS is none; what nobody chose is Automatic here.
      defaults: (data) => ({
        host: "localhost",
        port: 5432,
        database: "postgres",
        user: "postgres",
        // It encrypts then, whatever stands beside, and checks no certificate.
        ...(data.allowUnauthorizedCerts === true && !isGiven(data.ssl) && { ssl: "require" }),
      }),
      words: { sslmode: { allow: null, verify: "verify-ca", true: "verify-full", false: "disable" } },
      drop: ["allowUnauthorizedCerts", "maxConnections", "sshTunnel=false"],
    },
  ],
  sftp: ssh,
  sshPassword: ssh,
  sshPrivateKey: ssh,
  redis: [
    {
      provider: "redisCacheApi",
      fields: {
        host: "redisCacheHost",
        port: "redisCachePort",
        user: "redisCacheUser",
        password: "redisCachePwd",
        ssl: "redisCacheSslEnabled",
      },
      defaults: { host: "localhost", port: 6379, database: 0 },
    },
  ],
  mongoDb: [
    {
      provider: "mongoDBUrlApi",
      fields: { connectionString: "mongoDBConnectUrl" },
      defaults: ({ connectionString }) => (isGiven(connectionString) ? {} : { host: "localhost", port: 27017 }),
      drop: ["configurationType"],
      join: {
        field: "mongoDBConnectUrl",
        from: ({ tls }) => [
          "host",
          "port",
          "user",
          "password",
          "database",
          ...(typeof tls === "boolean" ? ["tls"] : []),
        ],
        make: ({ connectionString, host, port, user, password, database, tls }) =>
          isGiven(connectionString) ? undefined : mongoUrl({ host, port, user, password, database, tls: tls === true }),
      },
    },
  ],
  aws: [
    {
      provider: "awsApi",
      fields: { accessKeyId: "awsKey", secretAccessKey: "awsSecret", sessionToken: "awsSession" },
      defaults: { region: "us-east-1" },
      needs: ["awsKey", "awsSecret"],
      drop: ["temporaryCredentials", "customEndpoints=false"],
      notes: [
        {
          when: ({ sessionToken }) => isGiven(sessionToken),
          note: "It is a temporary key with a session token: it ends by itself, and nothing here renews it.",
        },
      ],
    },
  ],
  mySql: [
    {
      provider: "MySQLApi",
      fields: { user: "user", password: "password", host: "testHost", port: "testPort" },
      defaults: { host: "localhost", port: 3306, user: "mysql", database: "mysql" },
      drop: ["connectTimeout", "multipleStatements", "sshTunnel=false"],
    },
  ],
  microsoftSql: [
    {
      provider: "sqlServer",
      fields: {
        ...{ server: "host", port: "port", database: "database", user: "user", password: "password", tls: "tls" },
        allowUnauthorizedCerts: "accepts_any_certificate",
      },
      defaults: { server: "localhost", port: 1433, database: "master", user: "sa" },
      words: { tls: { true: null, false: "none" } },
      drop: ["connectTimeout", "requestTimeout", "tdsVersion"],
      notes: [
        {
          when: ({ domain }) => isGiven(domain),
          note: "It signs in as a user of a Windows domain, which a test here cannot: the domain is kept as a further field.",
        },
      ],
    },
  ],
  // A service account; what somebody signed in for is of other types.
  googleApi: [
    {
      provider: "googleServiceAccount",
      fields: { email: "client_email", privateKey: "private_key", delegatedEmail: "subject" },
      drop: ["inpersonate", "httpNode=false", "httpWarning"],
    },
  ],
  smtp: [
    {
      provider: "smtp",
      fields: { host: "host", port: "port", user: "user", password: "password", secure: "tls" },
      defaults: { port: 465, secure: true },
      words: { tls: { true: "tls", false: null } },
      drop: ["disableStartTls=false", "hostName"],
    },
  ],
  imap: [
    {
      provider: "imap",
      fields: {
        ...{ host: "host", port: "port", user: "user", password: "password", secure: "tls" },
        allowUnauthorizedCerts: "accepts_any_certificate",
      },
      defaults: { port: 993, secure: true },
      words: { tls: { true: "tls", false: null } },
    },
  ],
  // Of TLS that nobody chose, here as below, nothing is said: without a word it is encrypted.
  ldap: [
    {
      provider: "ldap",
      fields: {
        ...{ hostname: "host", port: "port", bindDN: "user", bindPassword: "password", connectionSecurity: "tls" },
        allowUnauthorizedCerts: "accepts_any_certificate",
      },
      defaults: { port: 389 },
      words: { tls: { startTls: "starttls" } },
      drop: ["timeout"],
    },
  ],
  rabbitmq: [
    {
      provider: "rabbitmq",
      fields: { hostname: "host", port: "port", username: "user", password: "password", vhost: "vhost", ssl: "tls" },
      defaults: { port: 5672 },
      words: { tls: { true: "tls", false: "none" } },
      drop: ["passwordless=false"],
    },
  ],
  mqtt: [
    {
      provider: "mqtt",
      when: ({ protocol }) => protocol !== "ws",
      fields: { host: "host", port: "port", username: "user", password: "password", protocol: "tls" },
      defaults: { port: 1883 },
      words: { tls: { mqtts: "tls", mqtt: "none" } },
      drop: ["clean", "clientId", "ssl=false", "passwordless=false"],
    },
  ],
  // It speaks FTP alone.
  ftp: [
    {
      provider: "ftp",
      fields: { host: "host", port: "port", username: "user", password: "password" },
      defaults: { port: 21 },
    },
  ],
  kafka: [
    {
      provider: "kafka",
      fields: { brokers: "brokers", username: "user", password: "password", saslMechanism: "mechanism", ssl: "tls" },
      words: { tls: { true: "tls", false: "none" } },
      drop: ["clientId", "authentication"],
    },
  ],
  qdrantApi: [{ provider: "qdrantApi", fields: { apiKey: "qdrantApiKey", qdrantUrl: "testAddress" } }],
  supabaseApi: [{ provider: "supabaseApi", fields: { serviceRole: "supabaseApiKey", host: "testAddress" } }],
  httpHeaderAuth: [{ provider: "httpApiKey", fields: { name: "key", value: "value" } }],
  httpBasicAuth: [{ provider: "httpBasicAuth", fields: { user: "basicAuthUsername", password: "basicAuthPassword" } }],
  httpBearerAuth: [{ provider: "httpBearerToken", fields: { token: "token" } }],
  slackApi: [{ provider: "slackApi", fields: { accessToken: "botToken" }, drop: ["notice"] }],
  jiraSoftwareCloudApi: [
    { provider: "jiraApi", fields: { email: "username", apiToken: "accessToken", domain: "testAddress" } },
  ],
  azureOpenAiApi: [
    {
      provider: "azureOpenAIApi",
      fields: {
        apiKey: "azureOpenAIApiKey",
        resourceName: "azureOpenAIApiInstanceName",
        apiVersion: "azureOpenAIApiVersion",
      },
      // Optional here only because n8n's default for the version changes from release to release.
      needs: ["azureOpenAIApiKey", "azureOpenAIApiInstanceName"],
      notes: [
        {
          when: ({ apiVersion }) => !isGiven(apiVersion),
          note: "Its API version was n8n's own default, which differs by release: enter the one you use (apiVersion).",
        },
      ],
    },
  ],
  ...keysOf({
    openAiApi: ["openAIApi", "apiKey", "openAIApiKey"],
    anthropicApi: ["anthropicApi", "apiKey", "anthropicApiKey"],
    notionApi: ["notionApi", "apiKey", "notionIntegrationToken"],
    githubApi: ["githubApi", "accessToken", "accessToken"],
    stripeApi: ["stripeApi", "secretKey", "stripeApiToken"],
    airtableTokenApi: ["airtableApi", "accessToken", "accessToken"],
    cohereApi: ["cohereApi", "apiKey", "cohereApiKey"],
    deepSeekApi: ["deepseekApi", "apiKey", "deepseekApiKey"],
    googlePalmApi: ["googleGenerativeAI", "apiKey", "googleGenerativeAPIKey"],
    groqApi: ["groqApi", "apiKey", "groqApiKey"],
    huggingFaceApi: ["huggingFaceApi", "apiKey", "huggingFaceApiKey"],
    mistralCloudApi: ["mistralAIApi", "apiKey", "mistralAIAPIKey"],
    ollamaApi: ["ollamaApi", "apiKey", "ollamaApiKey"],
    openRouterApi: ["openRouterApi", "apiKey", "openRouterApiKey"],
    pineconeApi: ["pineconeApi", "apiKey", "pineconeApiKey"],
    serpApi: ["serpApi", "apiKey", "serpApiKey"],
    weaviateApi: ["weaviateApi", "weaviate_api_key", "weaviateApiKey"],
    xAiApi: ["xaiApi", "apiKey", "xaiApiKey"],
  }),
};

/** One key each: our provider, their field, ours. Whatever stands beside the key is kept under their name. */
function keysOf(table: Record<string, [provider: string, theirs: string, ours: string]>): Record<string, Mapping[]> {
  return Object.fromEntries(
    Object.entries(table).map(([kind, [provider, theirs, ours]]) => [kind, [{ provider, fields: { [theirs]: ours } }]]),
  );
}
