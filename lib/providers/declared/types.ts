import type { DeclaredInput, DeclaredType } from "./shape";

const mysqlTls: DeclaredInput = {
  name: "testTls",
  kind: "options",
  label: "TLS for the connection test",
  own: true,
  optional: true,
  place: true,
  emptyLabel: "Automatic",
  help:
    "Only for the test. Automatic: encrypted if the server offers it, which one at a public address must. The password itself is " +
    "sent only to a server whose certificate was verified fully; to any other it is proven without being sent.",
  options: [
    { name: "verify-full", label: "Verify fully" },
    { name: "require", label: "Encrypt only" },
    { name: "disable", label: "None" },
  ],
};

/**
 * The fields of each declared type, as the systems that share these types know them: names, order, labels, placeholders
 * and defaults are facts of theirs. A "text" is shown to people, so each was looked at: none is a secret. What might be one
 * (a header name in whose place people put the key itself) says so. `place`: it decides where secrets go.
 */
export const types: Record<string, DeclaredType> = {
  awsApi: {
    version: 1.1,
    optional: true,
    inputs: [
      {
        name: "awsKey",
        kind: "password",
        label: "AWS Access Key",
        optional: true,
        placeholder: "<AWS_ACCESS_KEY_ID>",
        holds: "aws_key_id",
      },
      {
        name: "awsSecret",
        kind: "password",
        holds: "aws_secret",
        label: "AWS Secret Access Key",
        optional: true,
        placeholder: "<AWS_SECRET_ACCESS_KEY>",
      },
      {
        name: "awsSession",
        kind: "password",
        label: "AWS Session Key",
        optional: true,
        placeholder: "<AWS_SESSION_TOKEN>",
      },
      {
        name: "roleArn",
        kind: "text",
        label: "Role ARN",
        place: true,
        optional: true,
        placeholder: "arn:aws:iam::123456789012:role/role-name",
      },
      { name: "externalId", kind: "text", label: "External ID", optional: true, placeholder: "unique-external-id" },
    ],
  },
  agentflowApi: {
    version: 1,
    inputs: [{ name: "agentflowApiKey", kind: "password", label: "Agentflow Api Key" }],
  },
  airtableApi: {
    version: 1,
    inputs: [{ name: "accessToken", kind: "password", label: "Access Token", placeholder: "<AIRTABLE_ACCESS_TOKEN>" }],
  },
  AlibabaApi: {
    version: 1,
    inputs: [{ name: "alibabaApiKey", kind: "password", label: "Alibaba Api Key" }],
  },
  anthropicApi: {
    version: 1,
    inputs: [{ name: "anthropicApiKey", kind: "password", label: "Anthropic Api Key" }],
  },
  apifyApi: {
    version: 1,
    inputs: [{ name: "apifyApiToken", kind: "password", label: "Apify API" }],
  },
  arizeApi: {
    version: 1,
    inputs: [
      { name: "arizeApiKey", kind: "password", label: "API Key", placeholder: "<ARIZE_API_KEY>" },
      { name: "arizeSpaceId", kind: "text", label: "Space ID", placeholder: "<ARIZE_SPACE_ID>" },
      { name: "arizeEndpoint", kind: "text", label: "Endpoint", place: true, default: "https://otlp.arize.com" },
    ],
  },
  assemblyAIApi: {
    version: 1,
    inputs: [{ name: "assemblyAIApiKey", kind: "password", label: "AssemblyAI Api Key" }],
  },
  AstraDBApi: {
    version: 2,
    inputs: [
      { name: "applicationToken", kind: "password", label: "Astra DB Application Token" },
      { name: "dbEndPoint", kind: "text", label: "Astra DB Api Endpoint", place: true },
    ],
  },
  azureCognitiveServices: {
    version: 1,
    inputs: [
      { name: "azureSubscriptionKey", kind: "password", label: "Azure Subscription Key" },
      { name: "serviceRegion", kind: "text", label: "Service Region", place: true, placeholder: "westus" },
      {
        name: "apiVersion",
        kind: "text",
        label: "API Version",
        placeholder: "2024-05-15-preview",
        default: "2024-05-15-preview",
      },
    ],
  },
  azureOpenAIApi: {
    version: 1,
    inputs: [
      { name: "azureOpenAIApiKey", kind: "password", label: "Azure OpenAI Api Key" },
      {
        name: "azureOpenAIApiInstanceName",
        kind: "text",
        label: "Azure OpenAI Api Instance Name",
        place: true,
        placeholder: "YOUR-INSTANCE-NAME",
      },
      {
        name: "azureOpenAIApiDeploymentName",
        kind: "text",
        label: "Azure OpenAI Api Deployment Name",
        placeholder: "YOUR-DEPLOYMENT-NAME",
      },
      { name: "azureOpenAIApiVersion", kind: "text", label: "Azure OpenAI Api Version", placeholder: "2024-10-21" },
    ],
  },
  azureFoundryApi: {
    version: 1,
    inputs: [
      { name: "azureFoundryApiKey", kind: "password", label: "Azure Foundry API Key" },
      {
        name: "azureFoundryEndpoint",
        kind: "text",
        label: "Azure Foundry Endpoint",
        place: true,
        placeholder: "https://your-foundry-instance.services.ai.azure.com/providers/cohere/v2/rerank",
      },
    ],
  },
  baiduQianfanApi: {
    version: 2,
    inputs: [
      { name: "qianfanAccessKey", kind: "password", label: "Qianfan Access Key" },
      { name: "qianfanSecretKey", kind: "password", label: "Qianfan Secret Key" },
    ],
  },
  braveSearchApi: {
    version: 1,
    inputs: [{ name: "braveApiKey", kind: "password", label: "BraveSearch Api Key" }],
  },
  browserlessApi: {
    version: 1,
    inputs: [
      { name: "browserlessApiToken", kind: "password", label: "API Token", placeholder: "<BROWSERLESS_API_TOKEN>" },
    ],
  },
  cerebrasAIApi: {
    version: 2,
    inputs: [{ name: "cerebrasApiKey", kind: "password", label: "Cerebras API Key" }],
  },
  chatflowApi: {
    version: 1,
    inputs: [{ name: "chatflowApiKey", kind: "password", label: "Chatflow Api Key" }],
  },
  chromaApi: {
    version: 1,
    inputs: [
      { name: "chromaApiKey", kind: "password", label: "Chroma Api Key" },
      { name: "chromaTenant", kind: "text", label: "Chroma Tenant", place: true },
      { name: "chromaDatabase", kind: "text", label: "Chroma Database", place: true },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: where your Chroma answers, if it is not Chroma Cloud.",
        placeholder: "https://api.trychroma.com",
      },
    ],
  },
  cloudflareApi: {
    version: 1,
    inputs: [
      { name: "cloudflareAccountId", kind: "text", label: "Cloudflare Account ID", place: true },
      { name: "cloudflareApiToken", kind: "password", label: "Cloudflare API Token" },
    ],
  },
  cohereApi: {
    version: 1,
    inputs: [{ name: "cohereApiKey", kind: "password", label: "Cohere Api Key" }],
  },
  cometApi: {
    version: 1,
    inputs: [{ name: "cometApiKey", kind: "password", label: "Comet API Key" }],
  },
  composioApi: {
    version: 1,
    inputs: [{ name: "composioApi", kind: "password", label: "Composio API Key" }],
  },
  confluenceCloudApi: {
    version: 1,
    inputs: [
      { name: "accessToken", kind: "password", label: "Access Token", placeholder: "<CONFLUENCE_ACCESS_TOKEN>" },
      { name: "username", kind: "text", label: "Username", place: true, placeholder: "<CONFLUENCE_USERNAME>" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your site.",
        placeholder: "https://your-site.atlassian.net",
      },
    ],
  },
  confluenceServerDCApi: {
    version: 1,
    inputs: [
      {
        name: "personalAccessToken",
        kind: "password",
        label: "Personal Access Token",
        placeholder: "<CONFLUENCE_PERSONAL_ACCESS_TOKEN>",
      },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your server.",
        placeholder: "https://confluence.example.com",
      },
    ],
  },
  couchbaseApi: {
    version: 1,
    inputs: [
      { name: "connectionString", kind: "url", label: "Couchbase Connection String" },
      { name: "username", kind: "text", label: "Couchbase Username", place: true },
      { name: "password", kind: "password", label: "Couchbase Password" },
    ],
  },
  deepseekApi: {
    version: 1,
    inputs: [{ name: "deepseekApiKey", kind: "password", label: "DeepseekAI API Key" }],
  },
  dynamodbMemoryApi: {
    version: 1,
    inputs: [
      { name: "accessKey", kind: "password", label: "Access Key", holds: "aws_key_id" },
      { name: "secretAccessKey", kind: "password", label: "Secret Access Key", holds: "aws_secret" },
    ],
  },
  E2BApi: {
    version: 1,
    inputs: [{ name: "e2bApiKey", kind: "password", label: "E2B Api Key" }],
  },
  elasticsearchApi: {
    version: 1,
    inputs: [
      { name: "endpoint", kind: "text", label: "Elasticsearch Endpoint", place: true },
      { name: "apiKey", kind: "password", label: "Elasticsearch API Key" },
    ],
  },
  elasticSearchUserPassword: {
    version: 1,
    inputs: [
      { name: "cloudId", kind: "text", label: "Cloud ID", place: true },
      { name: "username", kind: "text", label: "ElasticSearch User", place: true },
      { name: "password", kind: "password", label: "ElasticSearch Password" },
    ],
  },
  elevenLabsApi: {
    version: 1,
    inputs: [{ name: "elevenLabsApiKey", kind: "password", label: "Eleven Labs API Key" }],
  },
  exaSearchApi: {
    version: 1,
    inputs: [{ name: "exaSearchApiKey", kind: "password", label: "ExaSearch Api Key" }],
  },
  figmaApi: {
    version: 1,
    inputs: [{ name: "accessToken", kind: "password", label: "Access Token", placeholder: "<FIGMA_ACCESS_TOKEN>" }],
  },
  fireCrawlApi: {
    version: 2,
    inputs: [
      { name: "firecrawlApiToken", kind: "password", label: "FireCrawl API" },
      {
        name: "firecrawlApiUrl",
        kind: "text",
        label: "FireCrawl API URL",
        place: true,
        default: "https://api.firecrawl.dev",
      },
    ],
  },
  fireworksApi: {
    version: 1,
    inputs: [{ name: "fireworksApiKey", kind: "password", label: "Fireworks Api Key" }],
  },
  githubApi: {
    version: 1,
    inputs: [{ name: "accessToken", kind: "password", label: "Access Token", placeholder: "<GITHUB_ACCESS_TOKEN>" }],
  },
  gmailOAuth2: {
    version: 1,
    inputs: [
      {
        name: "authorizationUrl",
        kind: "text",
        label: "Authorization URL",
        place: true,
        default: "https://accounts.google.com/o/oauth2/v2/auth",
      },
      {
        name: "accessTokenUrl",
        kind: "text",
        label: "Access Token URL",
        place: true,
        default: "https://oauth2.googleapis.com/token",
      },
      { name: "clientId", kind: "text", label: "Client ID", place: true },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      {
        name: "additionalParameters",
        kind: "text",
        label: "Additional Parameters",
        hidden: true,
        default: "access_type=offline&prompt=consent",
      },
      {
        name: "scope",
        kind: "text",
        label: "Scope",
        hidden: true,
        default:
          "https://www.googleapis.com/auth/gmail.readonly https://www.googleapis.com/auth/gmail.compose https://www.googleapis.com/auth/gmail.modify https://www.googleapis.com/auth/gmail.labels",
      },
    ],
  },
  googleVertexAuth: {
    version: 1,
    inputs: [
      {
        name: "googleApplicationCredentialFilePath",
        kind: "text",
        label: "Google Application Credential File Path",
        optional: true,
        placeholder: "your-path/application_default_credentials.json",
      },
      {
        name: "googleApplicationCredential",
        kind: "password",
        label: "Google Credential JSON Object",
        optional: true,
        rows: 4,
        placeholder:
          '{\n    "type": ...,\n    "project_id": ...,\n    "private_key_id": ...,\n    "private_key": ...,\n    "client_email": ...,\n    "client_id": ...,\n    "auth_uri": ...,\n    "token_uri": ...,\n    "auth_provider_x509_cert_url": ...,\n    "client_x509_cert_url": ...\n}',
      },
      { name: "projectID", kind: "text", label: "Project ID", optional: true, advanced: true },
    ],
  },
  googleCalendarOAuth2: {
    version: 1,
    inputs: [
      {
        name: "authorizationUrl",
        kind: "text",
        label: "Authorization URL",
        place: true,
        default: "https://accounts.google.com/o/oauth2/v2/auth",
      },
      {
        name: "accessTokenUrl",
        kind: "text",
        label: "Access Token URL",
        place: true,
        default: "https://oauth2.googleapis.com/token",
      },
      { name: "clientId", kind: "text", label: "Client ID", place: true },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      {
        name: "additionalParameters",
        kind: "text",
        label: "Additional Parameters",
        hidden: true,
        default: "access_type=offline&prompt=consent",
      },
      {
        name: "scope",
        kind: "text",
        label: "Scope",
        hidden: true,
        default: "https://www.googleapis.com/auth/calendar https://www.googleapis.com/auth/calendar.events",
      },
    ],
  },
  googleDocsOAuth2: {
    version: 1,
    inputs: [
      {
        name: "authorizationUrl",
        kind: "text",
        label: "Authorization URL",
        place: true,
        default: "https://accounts.google.com/o/oauth2/v2/auth",
      },
      {
        name: "accessTokenUrl",
        kind: "text",
        label: "Access Token URL",
        place: true,
        default: "https://oauth2.googleapis.com/token",
      },
      { name: "clientId", kind: "text", label: "Client ID", place: true },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      {
        name: "additionalParameters",
        kind: "text",
        label: "Additional Parameters",
        hidden: true,
        default: "access_type=offline&prompt=consent",
      },
      {
        name: "scope",
        kind: "text",
        label: "Scope",
        hidden: true,
        default:
          "https://www.googleapis.com/auth/documents https://www.googleapis.com/auth/drive https://www.googleapis.com/auth/drive.file",
      },
    ],
  },
  googleDriveOAuth2: {
    version: 1,
    inputs: [
      {
        name: "authorizationUrl",
        kind: "text",
        label: "Authorization URL",
        place: true,
        default: "https://accounts.google.com/o/oauth2/v2/auth",
      },
      {
        name: "accessTokenUrl",
        kind: "text",
        label: "Access Token URL",
        place: true,
        default: "https://oauth2.googleapis.com/token",
      },
      { name: "clientId", kind: "text", label: "Client ID", place: true },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      {
        name: "additionalParameters",
        kind: "text",
        label: "Additional Parameters",
        hidden: true,
        default: "access_type=offline&prompt=consent",
      },
      {
        name: "scope",
        kind: "text",
        label: "Scope",
        hidden: true,
        default:
          "https://www.googleapis.com/auth/drive https://www.googleapis.com/auth/drive.appdata https://www.googleapis.com/auth/drive.photos.readonly",
      },
    ],
  },
  googleGenerativeAI: {
    version: 1,
    inputs: [{ name: "googleGenerativeAPIKey", kind: "password", label: "Google AI API Key" }],
  },
  googleMakerSuite: {
    version: 1,
    inputs: [{ name: "googleMakerSuiteKey", kind: "password", label: "MakerSuite API Key" }],
  },
  googleCustomSearchApi: {
    version: 1,
    inputs: [
      { name: "googleCustomSearchApiKey", kind: "password", label: "Google Custom Search Api Key" },
      { name: "googleCustomSearchApiId", kind: "text", label: "Programmable Search Engine ID" },
    ],
  },
  googleSheetsOAuth2: {
    version: 1,
    inputs: [
      {
        name: "authorizationUrl",
        kind: "text",
        label: "Authorization URL",
        place: true,
        default: "https://accounts.google.com/o/oauth2/v2/auth",
      },
      {
        name: "accessTokenUrl",
        kind: "text",
        label: "Access Token URL",
        place: true,
        default: "https://oauth2.googleapis.com/token",
      },
      { name: "clientId", kind: "text", label: "Client ID", place: true },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      {
        name: "additionalParameters",
        kind: "text",
        label: "Additional Parameters",
        hidden: true,
        default: "access_type=offline&prompt=consent",
      },
      {
        name: "scope",
        kind: "text",
        label: "Scope",
        hidden: true,
        default:
          "https://www.googleapis.com/auth/drive.file https://www.googleapis.com/auth/spreadsheets https://www.googleapis.com/auth/drive.metadata",
      },
    ],
  },
  groqApi: {
    version: 1,
    inputs: [{ name: "groqApiKey", kind: "password", label: "Groq Api Key" }],
  },
  httpApiKey: {
    version: 1,
    inputs: [
      { name: "key", kind: "text", label: "Key", secret: true },
      { name: "value", kind: "password", label: "Value" },
    ],
  },
  httpBasicAuth: {
    version: 1,
    inputs: [
      { name: "basicAuthUsername", kind: "text", label: "Basic Auth Username", secret: true },
      { name: "basicAuthPassword", kind: "password", label: "Basic Auth Password" },
    ],
  },
  httpBearerToken: {
    version: 1,
    inputs: [{ name: "token", kind: "password", label: "Token" }],
  },
  huggingFaceApi: {
    version: 1,
    inputs: [{ name: "huggingFaceApiKey", kind: "password", label: "HuggingFace Api Key" }],
  },
  ibmWatsonx: {
    version: 1,
    inputs: [
      { name: "version", kind: "text", label: "Version", placeholder: "YYYY-MM-DD" },
      { name: "serviceUrl", kind: "text", label: "Service URL", place: true, placeholder: "<SERVICE_URL>" },
      { name: "projectId", kind: "text", label: "Project ID", placeholder: "<PROJECT_ID>" },
      {
        name: "watsonxAIAuthType",
        kind: "options",
        label: "Watsonx AI Auth Type",
        default: "iam",
        options: [
          { label: "IAM", name: "iam" },
          { label: "Bearer Token", name: "bearertoken" },
        ],
      },
      {
        name: "watsonxAIApikey",
        kind: "password",
        label: "Watsonx AI IAM API Key",
        optional: true,
        placeholder: "<YOUR-APIKEY>",
      },
      {
        name: "watsonxAIBearerToken",
        kind: "password",
        label: "Watsonx AI Bearer Token",
        optional: true,
        placeholder: "<YOUR-BEARER-TOKEN>",
      },
    ],
  },
  jinaAIApi: {
    version: 1,
    inputs: [{ name: "jinaAIAPIKey", kind: "password", label: "JinaAI API Key" }],
  },
  jiraApi: {
    version: 1,
    inputs: [
      { name: "username", kind: "text", label: "User Name", place: true, placeholder: "username@example.com" },
      { name: "accessToken", kind: "password", label: "Access Token", placeholder: "<JIRA_ACCESS_TOKEN>" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your site.",
        placeholder: "https://your-site.atlassian.net",
      },
    ],
  },
  jiraApiBearerToken: {
    version: 1,
    inputs: [
      { name: "bearerToken", kind: "password", label: "Bearer Token", placeholder: "<JIRA_PERSONAL_ACCESS_TOKEN>" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your server.",
        placeholder: "https://jira.example.com",
      },
    ],
  },
  langwatchApi: {
    version: 1,
    inputs: [
      { name: "langWatchApiKey", kind: "password", label: "API Key", placeholder: "<LANGWATCH_API_KEY>" },
      { name: "langWatchEndpoint", kind: "text", label: "Endpoint", place: true, default: "https://app.langwatch.ai" },
    ],
  },
  langfuseApi: {
    version: 1,
    inputs: [
      { name: "langFuseSecretKey", kind: "password", label: "Secret Key", placeholder: "sk-lf-abcdefg" },
      { name: "langFusePublicKey", kind: "text", label: "Public Key", place: true, placeholder: "pk-lf-abcdefg" },
      { name: "langFuseEndpoint", kind: "text", label: "Endpoint", place: true, default: "https://cloud.langfuse.com" },
    ],
  },
  langsmithApi: {
    version: 1,
    inputs: [
      { name: "langSmithApiKey", kind: "password", label: "API Key", placeholder: "<LANGSMITH_API_KEY>" },
      {
        name: "langSmithEndpoint",
        kind: "text",
        label: "Endpoint",
        place: true,
        default: "https://api.smith.langchain.com",
      },
    ],
  },
  litellmApi: {
    version: 1,
    inputs: [
      { name: "litellmApiKey", kind: "password", label: "API Key" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your gateway.",
        placeholder: "https://litellm.example.com",
      },
    ],
  },
  localAIApi: {
    version: 1,
    inputs: [
      { name: "localAIApiKey", kind: "password", label: "LocalAI Api Key" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your server.",
        placeholder: "https://localai.example.com",
      },
    ],
  },
  lunaryApi: {
    version: 1,
    inputs: [
      { name: "lunaryAppId", kind: "text", label: "Public Key / Project ID", placeholder: "<Lunary_PROJECT_ID>" },
      { name: "lunaryEndpoint", kind: "text", label: "Endpoint", place: true, default: "https://api.lunary.ai" },
    ],
  },
  meilisearchApi: {
    version: 1,
    inputs: [
      { name: "meilisearchSearchApiKey", kind: "password", label: "Meilisearch Search API Key" },
      { name: "meilisearchAdminApiKey", kind: "password", label: "Meilisearch Admin API Key", optional: true },
    ],
  },
  mem0MemoryApi: {
    version: 1,
    inputs: [{ name: "apiKey", kind: "password", label: "API Key" }],
  },
  microsoftOutlookOAuth2: {
    version: 1,
    inputs: [
      {
        name: "authorizationUrl",
        kind: "text",
        label: "Authorization URL",
        place: true,
        default: "https://login.microsoftonline.com/<tenantId>/oauth2/v2.0/authorize",
      },
      {
        name: "accessTokenUrl",
        kind: "text",
        label: "Access Token URL",
        place: true,
        default: "https://login.microsoftonline.com/<tenantId>/oauth2/v2.0/token",
      },
      { name: "clientId", kind: "text", label: "Client ID", place: true },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      {
        name: "scope",
        kind: "text",
        label: "Scope",
        hidden: true,
        default:
          "openid offline_access Contacts.Read Contacts.ReadWrite Calendars.Read Calendars.Read.Shared Calendars.ReadWrite Mail.Read Mail.ReadWrite Mail.ReadWrite.Shared Mail.Send Mail.Send.Shared MailboxSettings.Read",
      },
    ],
  },
  microsoftTeamsOAuth2: {
    version: 1,
    inputs: [
      {
        name: "authorizationUrl",
        kind: "text",
        label: "Authorization URL",
        place: true,
        default: "https://login.microsoftonline.com/<tenantId>/oauth2/v2.0/authorize",
      },
      {
        name: "accessTokenUrl",
        kind: "text",
        label: "Access Token URL",
        place: true,
        default: "https://login.microsoftonline.com/<tenantId>/oauth2/v2.0/token",
      },
      { name: "clientId", kind: "text", label: "Client ID", place: true },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      {
        name: "scope",
        kind: "text",
        label: "Scope",
        hidden: true,
        default:
          "openid offline_access User.Read User.ReadWrite.All Group.ReadWrite.All Team.ReadBasic.All Team.Create TeamMember.ReadWrite.All Channel.ReadBasic.All Channel.Create Channel.Delete.All ChannelMember.ReadWrite.All Chat.ReadWrite Chat.Create ChatMember.ReadWrite ChatMessage.Send ChatMessage.Read ChannelMessage.Send ChannelMessage.Read.All TeamsActivity.Send",
      },
    ],
  },
  milvusAuth: {
    version: 1,
    inputs: [
      { name: "milvusUser", kind: "text", label: "Milvus User", place: true },
      { name: "milvusPassword", kind: "password", label: "Milvus Password" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your cluster.",
        placeholder: "https://milvus.example.com:19530",
      },
    ],
  },
  mistralAIApi: {
    version: 1,
    inputs: [{ name: "mistralAIAPIKey", kind: "password", label: "MistralAI API Key" }],
  },
  momentoCacheApi: {
    version: 1,
    inputs: [
      { name: "momentoCache", kind: "text", label: "Cache" },
      { name: "momentoApiKey", kind: "password", label: "API Key" },
      { name: "momentoEndpoint", kind: "text", label: "Endpoint", place: true },
    ],
  },
  mongoDBUrlApi: {
    version: 1,
    inputs: [
      {
        name: "mongoDBConnectUrl",
        kind: "url",
        label: "ATLAS Connection URL",
        placeholder: "mongodb+srv://<user>:<pwd>@cluster0.example.mongodb.net/?retryWrites=true&w=majority",
      },
    ],
  },
  MySQLApi: {
    version: 1,
    inputs: [
      { name: "user", kind: "text", label: "User", place: true, placeholder: "<MYSQL_USERNAME>" },
      { name: "password", kind: "password", label: "Password", placeholder: "<MYSQL_PASSWORD>" },
      {
        name: "testHost",
        kind: "text",
        label: "Host for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: where the database answers.",
        placeholder: "mysql.example.com",
      },
      { name: "testPort", kind: "number", label: "Port", own: true, optional: true, place: true, placeholder: "3306" },
      mysqlTls,
    ],
  },
  neo4jApi: {
    version: 1,
    inputs: [
      { name: "url", kind: "text", label: "Neo4j URL", place: true },
      { name: "username", kind: "text", label: "Username", place: true },
      { name: "password", kind: "password", label: "Password" },
    ],
  },
  notionApi: {
    version: 1,
    inputs: [{ name: "notionIntegrationToken", kind: "password", label: "Notion Integration Token" }],
  },
  nvidiaNIMApi: {
    version: 1,
    inputs: [{ name: "nvidiaNIMApiKey", kind: "password", label: "NVIDIA NGC API Key" }],
  },
  ollamaApi: {
    version: 1,
    inputs: [{ name: "ollamaApiKey", kind: "password", label: "Ollama Api Key" }],
  },
  openAIApi: {
    version: 1,
    inputs: [{ name: "openAIApiKey", kind: "password", label: "OpenAI Api Key" }],
  },
  openRouterApi: {
    version: 1,
    inputs: [{ name: "openRouterApiKey", kind: "password", label: "OpenRouter API Key" }],
  },
  openSearchUrl: {
    version: 2,
    inputs: [
      { name: "openSearchUrl", kind: "url", label: "OpenSearch Url" },
      { name: "user", kind: "text", label: "User", place: true, optional: true, placeholder: "<OPENSEARCH_USERNAME>" },
      { name: "password", kind: "password", label: "Password", optional: true, placeholder: "<OPENSEARCH_PASSWORD>" },
    ],
  },
  opikApi: {
    version: 1,
    inputs: [
      { name: "opikApiKey", kind: "password", label: "API Key", placeholder: "<OPIK_API_KEY>" },
      { name: "opikUrl", kind: "text", label: "URL", place: true, placeholder: "https://www.comet.com/opik/api" },
      { name: "opikWorkspace", kind: "text", label: "Workspace", placeholder: "default" },
    ],
  },
  oxylabsApi: {
    version: 1,
    inputs: [
      { name: "username", kind: "text", label: "Oxylabs Username", place: true },
      { name: "password", kind: "password", label: "Oxylabs Password" },
    ],
  },
  perplexityApi: {
    version: 1,
    inputs: [
      { name: "perplexityApiKey", kind: "password", label: "Perplexity API Key", placeholder: "<PERPLEXITY_API_KEY>" },
    ],
  },
  phoenixApi: {
    version: 1,
    inputs: [
      { name: "phoenixApiKey", kind: "password", label: "API Key", placeholder: "<PHOENIX_API_KEY>" },
      {
        name: "phoenixEndpoint",
        kind: "text",
        label: "Endpoint",
        place: true,
        default: "https://app.phoenix.arize.com",
      },
    ],
  },
  pineconeApi: {
    version: 1,
    inputs: [{ name: "pineconeApiKey", kind: "password", label: "Pinecone Api Key" }],
  },
  pipedreamOAuthApi: {
    version: 1,
    inputs: [
      { name: "clientId", kind: "text", label: "Client ID", place: true, placeholder: "oa_xxxxxxx" },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      { name: "projectId", kind: "text", label: "Project ID", placeholder: "proj_xxxxxxx" },
      { name: "oauthScopes", kind: "text", label: "OAuth Scopes", optional: true, placeholder: "connect:*" },
    ],
  },
  PostgresApi: {
    version: 1,
    inputs: [
      { name: "user", kind: "text", label: "User", place: true, placeholder: "<POSTGRES_USERNAME>" },
      { name: "password", kind: "password", label: "Password", placeholder: "<POSTGRES_PASSWORD>" },
      {
        name: "testHost",
        kind: "text",
        label: "Host for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: where the database answers.",
        placeholder: "db.example.com",
      },
      { name: "testPort", kind: "number", label: "Port", own: true, optional: true, place: true, placeholder: "5432" },
      {
        name: "testDatabase",
        kind: "text",
        label: "Database for the connection test",
        own: true,
        optional: true,
        place: true,
        placeholder: "app",
      },
    ],
  },
  PostgresUrl: {
    version: 1,
    inputs: [{ name: "postgresUrl", kind: "url", label: "Postgres URL", placeholder: "postgresql://localhost/mydb" }],
  },
  qdrantApi: {
    version: 1,
    inputs: [
      { name: "qdrantApiKey", kind: "password", label: "Qdrant API Key" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your cluster.",
        placeholder: "https://your-cluster.cloud.qdrant.io:6333",
      },
    ],
  },
  redisCacheApi: {
    version: 1,
    inputs: [
      { name: "redisCacheHost", kind: "text", label: "Redis Host", place: true, default: "127.0.0.1" },
      { name: "redisCachePort", kind: "number", label: "Port", place: true, default: "6379" },
      {
        name: "redisCacheUser",
        kind: "text",
        label: "User",
        spare: true,
        place: true,
        placeholder: "<REDIS_USERNAME>",
      },
      { name: "redisCachePwd", kind: "password", label: "Password", spare: true, placeholder: "<REDIS_PASSWORD>" },
      { name: "redisCacheSslEnabled", kind: "boolean", label: "Use SSL", place: true },
    ],
  },
  redisCacheUrlApi: {
    version: 1,
    inputs: [{ name: "redisUrl", kind: "url", label: "Redis URL", default: "redis://localhost:6379" }],
  },
  replicateApi: {
    version: 1,
    inputs: [{ name: "replicateApiKey", kind: "password", label: "Replicate Api Key" }],
  },
  sambanovaApi: {
    version: 1,
    inputs: [{ name: "sambanovaApiKey", kind: "password", label: "Sambanova Api Key" }],
  },
  searchApi: {
    version: 1,
    inputs: [{ name: "searchApiKey", kind: "password", label: "SearchApi API Key" }],
  },
  serpApi: {
    version: 1,
    inputs: [{ name: "serpApiKey", kind: "password", label: "Serp Api Key" }],
  },
  serperApi: {
    version: 1,
    inputs: [{ name: "serperApiKey", kind: "password", label: "Serper Api Key" }],
  },
  singleStoreApi: {
    version: 1,
    inputs: [
      { name: "user", kind: "text", label: "User", place: true, placeholder: "<SINGLESTORE_USERNAME>" },
      { name: "password", kind: "password", label: "Password", placeholder: "<SINGLESTORE_PASSWORD>" },
      {
        name: "testHost",
        kind: "text",
        label: "Host for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: where the database answers.",
        placeholder: "svc.example.singlestore.com",
      },
      { name: "testPort", kind: "number", label: "Port", own: true, optional: true, place: true, placeholder: "3306" },
      mysqlTls,
    ],
  },
  slackApi: {
    version: 1,
    inputs: [
      { name: "botToken", kind: "password", label: "Bot Token" },
      { name: "teamId", kind: "text", label: "Team ID", placeholder: "<SLACK_TEAM_ID>" },
    ],
  },
  slackOAuth2: {
    version: 1,
    inputs: [
      {
        name: "authorizationUrl",
        kind: "text",
        label: "Authorization URL",
        place: true,
        default: "https://slack.com/oauth/v2_user/authorize",
      },
      {
        name: "accessTokenUrl",
        kind: "text",
        label: "Access Token URL",
        place: true,
        default: "https://slack.com/api/oauth.v2.user.access",
      },
      { name: "clientId", kind: "text", label: "Client ID", place: true },
      { name: "clientSecret", kind: "password", label: "Client Secret" },
      { name: "additionalParameters", kind: "text", label: "Additional Parameters", hidden: true, default: "" },
      {
        name: "scope",
        kind: "text",
        label: "Scope",
        optional: true,
        default:
          "search:read.public search:read.private search:read.mpim search:read.im search:read.files search:read.users groups:history mpim:history im:history channels:history chat:write canvases:read canvases:write users:read users:read.email",
      },
    ],
  },
  spiderApi: {
    version: 1,
    inputs: [{ name: "spiderApiKey", kind: "password", label: "Spider API Key" }],
  },
  stripeApi: {
    version: 1,
    inputs: [
      { name: "stripeApiToken", kind: "password", label: "Stripe API Token", placeholder: "<STRIPE_API_TOKEN>" },
    ],
  },
  supabaseApi: {
    version: 1,
    inputs: [
      { name: "supabaseApiKey", kind: "password", label: "Supabase API Key" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the URL of your project.",
        placeholder: "https://your-project.supabase.co",
      },
    ],
  },
  tavilyApi: {
    version: 1.1,
    inputs: [{ name: "tavilyApiKey", kind: "password", label: "Tavily Api Key" }],
  },
  teradataBearerToken: {
    version: 1,
    inputs: [{ name: "token", kind: "password", label: "Token" }],
  },
  teradataTD2Auth: {
    version: 1,
    inputs: [
      { name: "tdUsername", kind: "text", label: "Teradata TD2 Auth Username", place: true },
      { name: "tdPassword", kind: "password", label: "Teradata TD2 Auth Password" },
    ],
  },
  teradataVectorStoreApiCredentials: {
    version: 1,
    inputs: [
      { name: "tdHostIp", kind: "text", label: "Teradata Host IP", place: true },
      { name: "tdUsername", kind: "text", label: "Username", place: true },
      { name: "tdPassword", kind: "password", label: "Password" },
      { name: "baseURL", kind: "text", label: "Vector_Store_Base_URL", place: true, placeholder: "Base_URL" },
      { name: "jwtToken", kind: "password", label: "JWT Token", optional: true },
    ],
  },
  togetherAIApi: {
    version: 1,
    inputs: [{ name: "togetherAIApiKey", kind: "password", label: "TogetherAI Api Key" }],
  },
  unstructuredApi: {
    version: 1,
    inputs: [{ name: "unstructuredAPIKey", kind: "password", label: "API Key" }],
  },
  upstashRedisApi: {
    version: 1,
    inputs: [
      { name: "upstashConnectionUrl", kind: "url", label: "Upstash Redis REST URL" },
      { name: "upstashConnectionToken", kind: "password", label: "Token" },
    ],
  },
  upstashRedisMemoryApi: {
    version: 1,
    inputs: [
      { name: "upstashRestToken", kind: "password", label: "Upstash Redis REST Token" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the REST URL of your database.",
        placeholder: "https://your-database.upstash.io",
      },
    ],
  },
  upstashVectorApi: {
    version: 1,
    inputs: [
      { name: "UPSTASH_VECTOR_REST_URL", kind: "url", label: "Upstash Vector REST URL" },
      { name: "UPSTASH_VECTOR_REST_TOKEN", kind: "password", label: "Upstash Vector REST Token" },
    ],
  },
  vectaraApi: {
    version: 1,
    inputs: [
      { name: "customerID", kind: "text", label: "Vectara Customer ID", place: true },
      { name: "corpusID", kind: "text", label: "Vectara Corpus ID" },
      { name: "apiKey", kind: "password", label: "Vectara API Key" },
    ],
  },
  voyageAIApi: {
    version: 1,
    inputs: [
      {
        name: "endpoint",
        kind: "text",
        label: "Voyage AI Endpoint",
        place: true,
        default: "https://api.voyageai.com/v1/embeddings",
      },
      { name: "apiKey", kind: "password", label: "Voyage AI API Key" },
    ],
  },
  weaviateApi: {
    version: 1,
    inputs: [
      { name: "weaviateApiKey", kind: "password", label: "Weaviate API Key" },
      {
        name: "testAddress",
        kind: "text",
        label: "Address for the connection test",
        own: true,
        optional: true,
        place: true,
        help: "Only for the test: the address of your cluster.",
        placeholder: "https://your-cluster.weaviate.network",
      },
    ],
  },
  wolframAlphaAppId: {
    version: 1,
    inputs: [{ name: "wolframAlphaAppId", kind: "password", label: "App ID" }],
  },
  xaiApi: {
    version: 1,
    inputs: [{ name: "xaiApiKey", kind: "password", label: "X AI API Key" }],
  },
  zepMemoryApi: {
    version: 1,
    inputs: [{ name: "apiKey", kind: "password", label: "API Key" }],
  },
};
