import { type Mapping, mongoUrl } from "../mapping";

/** n8n's types whose system is known here: by ours of several forms, the first that has a place for every value. */
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
      words: { sslmode: { allow: null } },
      drop: ["allowUnauthorizedCerts", "maxConnections", "sshTunnel"],
    },
  ],
  sftp: [
    {
      provider: "sftp",
      type: "user_password",
      fields: { host: "host", port: "port", username: "username", password: "password" },
    },
    {
      provider: "sftp",
      type: "key_file",
      fields: {
        host: "host",
        port: "port",
        username: "username",
        privateKey: "private_key",
        passphrase: "passphrase",
        password: "password",
      },
    },
  ],
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
    },
  ],
  mongoDb: [
    {
      provider: "mongoDBUrlApi",
      fields: { connectionString: "mongoDBConnectUrl" },
      drop: ["configurationType"],
      join: {
        field: "mongoDBConnectUrl",
        from: ["host", "port", "user", "password", "database"],
        make: ({ connectionString, host, port, user, password, database }) =>
          connectionString ? undefined : mongoUrl({ host, port, user, password, database }),
      },
    },
  ],
  aws: [
    {
      provider: "awsApi",
      fields: { accessKeyId: "awsKey", secretAccessKey: "awsSecret", sessionToken: "awsSession" },
      drop: ["temporaryCredentials"],
    },
  ],
  mySql: [{ provider: "MySQLApi", fields: { user: "user", password: "password", host: "testHost", port: "testPort" } }],
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
