import type { HttpTest } from "./http-test";

/** `Authorization: Bearer`, as most services take their key. */
const bearer = (field: string) => ({ Authorization: `Bearer {${field}}` });

/** Services that say 403 only of a right key which may not do this. */
const forbidden = { 403: "no_permission" } as const;

/** Google's APIs call a key wrong with status 400. */
const googleAnswers: HttpTest["answers"] = [
  { status: 400, path: ["error", "details", 0, "reason"], is: ["API_KEY_INVALID"], means: "wrong_key" },
  {
    status: 403,
    path: ["error", "details", 0, "reason"],
    is: ["API_KEY_SERVICE_BLOCKED", "SERVICE_DISABLED"],
    means: "no_permission",
  },
];

/**
 * By type: the request that proves its key. Each reads something small that every key of the service may read, and costs
 * nothing where that can be had. What a service says of a wrong key is taken from its documentation, `docs`.
 */
export const httpTests: Record<string, HttpTest> = {
  AstraDBApi: {
    docs: "https://docs.datastax.com/en/astra-db-serverless/api-reference/dataapiclient.html",
    method: "POST",
    url: "{base:dbEndPoint}/api/json/v1",
    headers: { Token: "{applicationToken}" },
    json: { findKeyspaces: {} },
    statuses: forbidden,
    answers: [
      {
        status: 200,
        path: ["errors", 0, "errorCode"],
        is: ["MISSING_PERMISSIONS_TO_RESOURCE"],
        means: "no_permission",
      },
    ],
  },
  airtableApi: {
    docs: "https://airtable.com/developers/web/api/get-user-id-scopes",
    url: "https://api.airtable.com/v0/meta/whoami",
    headers: bearer("accessToken"),
    statuses: forbidden,
  },
  anthropicApi: {
    docs: "https://docs.anthropic.com/en/api/models-list",
    url: "https://api.anthropic.com/v1/models?limit=1",
    headers: { "x-api-key": "{anthropicApiKey}", "anthropic-version": "2023-06-01" },
    statuses: forbidden,
  },
  apifyApi: {
    docs: "https://docs.apify.com/api/v2/users-me-get",
    url: "https://api.apify.com/v2/users/me",
    headers: bearer("apifyApiToken"),
  },
  assemblyAIApi: {
    docs: "https://www.assemblyai.com/docs/api-reference/transcripts/list",
    url: "https://api.assemblyai.com/v2/transcript?limit=1",
    headers: { Authorization: "{assemblyAIApiKey}" },
  },
  azureCognitiveServices: {
    docs: "https://learn.microsoft.com/azure/ai-services/authentication",
    method: "POST",
    url: "https://{label:serviceRegion}.api.cognitive.microsoft.com/sts/v1.0/issueToken",
    headers: { "Ocp-Apim-Subscription-Key": "{azureSubscriptionKey}", "Content-Length": "0" },
  },
  azureOpenAIApi: {
    docs: "https://learn.microsoft.com/rest/api/azureopenai/models/list",
    url: "https://{label:azureOpenAIApiInstanceName}.openai.azure.com/openai/models?api-version={azureOpenAIApiVersion}",
    headers: { "api-key": "{azureOpenAIApiKey}" },
  },
  braveSearchApi: {
    docs: "https://api-dashboard.search.brave.com/app/documentation/web-search/get-started",
    url: "https://api.search.brave.com/res/v1/web/search?q=test&count=1",
    headers: { "X-Subscription-Token": "{braveApiKey}" },
    answers: [{ status: 422, path: ["error", "code"], is: ["SUBSCRIPTION_TOKEN_INVALID"], means: "wrong_key" }],
    spends: "one search",
  },
  cerebrasAIApi: {
    docs: "https://inference-docs.cerebras.ai/api-reference/models",
    url: "https://api.cerebras.ai/v1/models",
    headers: bearer("cerebrasApiKey"),
  },
  chromaApi: {
    docs: "https://docs.trychroma.com/cloud/getting-started",
    url: "{base:testAddress|https://api.trychroma.com}/api/v2/auth/identity",
    headers: { "x-chroma-token": "{chromaApiKey}" },
  },
  cloudflareApi: {
    docs: "https://developers.cloudflare.com/api/resources/ai/subresources/models/methods/list/",
    url: "https://api.cloudflare.com/client/v4/accounts/{cloudflareAccountId}/ai/models/search?per_page=1",
    headers: bearer("cloudflareApiToken"),
    statuses: { 400: "wrong_key" },
  },
  cohereApi: {
    docs: "https://docs.cohere.com/reference/list-models",
    url: "https://api.cohere.com/v1/models?page_size=1",
    headers: bearer("cohereApiKey"),
  },
  composioApi: {
    docs: "https://docs.composio.dev/api-reference/auth-configs/get-auth-configs",
    url: "https://backend.composio.dev/api/v3/auth_configs?limit=1",
    headers: { "x-api-key": "{composioApi}" },
  },
  confluenceCloudApi: {
    docs: "https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-users/",
    url: "{base:testAddress}/wiki/rest/api/user/current",
    basic: ["username", "accessToken"],
  },
  confluenceServerDCApi: {
    docs: "https://developer.atlassian.com/server/confluence/confluence-rest-api-examples/",
    url: "{base:testAddress}/rest/api/user/current",
    headers: bearer("personalAccessToken"),
  },
  deepseekApi: {
    docs: "https://api-docs.deepseek.com/api/list-models",
    url: "https://api.deepseek.com/models",
    headers: bearer("deepseekApiKey"),
  },
  E2BApi: {
    docs: "https://e2b.dev/docs/api-reference/sandboxes/list-sandboxes",
    url: "https://api.e2b.app/sandboxes",
    headers: { "X-API-Key": "{e2bApiKey}" },
  },
  elasticsearchApi: {
    docs: "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-authenticate",
    url: "{base:endpoint}/_security/_authenticate",
    headers: { Authorization: "ApiKey {apiKey}" },
    statuses: forbidden,
  },
  elasticSearchUserPassword: {
    docs: "https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-authenticate",
    url: "{cloud:cloudId}/_security/_authenticate",
    basic: ["username", "password"],
    statuses: forbidden,
  },
  elevenLabsApi: {
    docs: "https://elevenlabs.io/docs/api-reference/user/get",
    url: "https://api.elevenlabs.io/v1/user",
    headers: { "xi-api-key": "{elevenLabsApiKey}" },
    answers: [{ status: 401, path: ["detail", "status"], is: ["missing_permissions"], means: "no_permission" }],
  },
  figmaApi: {
    docs: "https://developers.figma.com/docs/rest-api/users-endpoints/",
    url: "https://api.figma.com/v1/me",
    headers: { "X-Figma-Token": "{accessToken}" },
  },
  fireCrawlApi: {
    docs: "https://docs.firecrawl.dev/api-reference/endpoint/credit-usage",
    url: "{base:firecrawlApiUrl|https://api.firecrawl.dev}/v1/team/credit-usage",
    headers: bearer("firecrawlApiToken"),
  },
  fireworksApi: {
    docs: "https://docs.fireworks.ai/tools-sdks/openai-compatibility",
    url: "https://api.fireworks.ai/inference/v1/models",
    headers: bearer("fireworksApiKey"),
  },
  githubApi: {
    docs: "https://docs.github.com/rest/users/users#get-the-authenticated-user",
    url: "https://api.github.com/user",
    headers: { ...bearer("accessToken"), "X-GitHub-Api-Version": "2022-11-28" },
    statuses: forbidden,
  },
  googleCustomSearchApi: {
    docs: "https://developers.google.com/custom-search/v1/reference/rest/v1/cse/list",
    url: "https://customsearch.googleapis.com/customsearch/v1?cx={googleCustomSearchApiId}&q=test&num=1",
    headers: { "X-Goog-Api-Key": "{googleCustomSearchApiKey}" },
    answers: googleAnswers,
    spends: "one search",
  },
  googleGenerativeAI: {
    docs: "https://ai.google.dev/api/models#method:-models.list",
    url: "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1",
    headers: { "X-Goog-Api-Key": "{googleGenerativeAPIKey}" },
    answers: googleAnswers,
  },
  googleMakerSuite: {
    docs: "https://ai.google.dev/api/models#method:-models.list",
    url: "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1",
    headers: { "X-Goog-Api-Key": "{googleMakerSuiteKey}" },
    answers: googleAnswers,
  },
  groqApi: {
    docs: "https://console.groq.com/docs/api-reference#models-list",
    url: "https://api.groq.com/openai/v1/models",
    headers: bearer("groqApiKey"),
    statuses: forbidden,
  },
  huggingFaceApi: {
    docs: "https://huggingface.co/docs/hub/api",
    url: "https://huggingface.co/api/whoami-v2",
    headers: bearer("huggingFaceApiKey"),
  },
  ibmWatsonx: {
    docs: "https://cloud.ibm.com/apidocs/iam-identity-token-api#gettoken-apikey",
    method: "POST",
    url: "https://iam.cloud.ibm.com/identity/token",
    form: { grant_type: "urn:ibm:params:oauth:grant-type:apikey", apikey: "{watsonxAIApikey}" },
    statuses: { 400: "wrong_key" },
  },
  jiraApi: {
    docs: "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-myself/",
    url: "{base:testAddress}/rest/api/3/myself",
    basic: ["username", "accessToken"],
  },
  jiraApiBearerToken: {
    docs: "https://developer.atlassian.com/server/jira/platform/rest/",
    url: "{base:testAddress}/rest/api/2/myself",
    headers: bearer("bearerToken"),
  },
  langfuseApi: {
    docs: "https://api.reference.langfuse.com/#tag/projects/get/api/public/projects",
    url: "{base:langFuseEndpoint|https://cloud.langfuse.com}/api/public/projects",
    basic: ["langFusePublicKey", "langFuseSecretKey"],
  },
  langsmithApi: {
    docs: "https://api.smith.langchain.com/redoc",
    url: "{base:langSmithEndpoint|https://api.smith.langchain.com}/api/v1/sessions?limit=1",
    headers: { "x-api-key": "{langSmithApiKey}" },
  },
  litellmApi: {
    docs: "https://docs.litellm.ai/docs/proxy/model_management",
    url: "{base:testAddress}/v1/models",
    headers: bearer("litellmApiKey"),
    statuses: { 400: "wrong_key" },
  },
  localAIApi: {
    docs: "https://localai.io/features/",
    url: "{base:testAddress}/v1/models",
    headers: bearer("localAIApiKey"),
  },
  mem0MemoryApi: {
    docs: "https://docs.mem0.ai/api-reference",
    url: "https://api.mem0.ai/v1/ping/",
    headers: { Authorization: "Token {apiKey}" },
  },
  milvusAuth: {
    docs: "https://milvus.io/api-reference/restful/v2.4.x/v2/Database%20(v2)/List.md",
    method: "POST",
    url: "{base:testAddress}/v2/vectordb/databases/list",
    headers: { Authorization: "Bearer {milvusUser}:{milvusPassword}" },
    json: {},
    statuses: { 200: "unexpected" },
    answers: [
      { status: 200, path: ["code"], is: [0], means: "accepted" },
      { status: 200, path: ["code"], is: [1800], means: "wrong_key" },
      { status: 200, path: ["code"], is: [65535], means: "no_permission" },
    ],
  },
  mistralAIApi: {
    docs: "https://docs.mistral.ai/api/endpoint/models",
    url: "https://api.mistral.ai/v1/models",
    headers: bearer("mistralAIAPIKey"),
  },
  notionApi: {
    docs: "https://developers.notion.com/reference/get-self",
    url: "https://api.notion.com/v1/users/me",
    headers: { ...bearer("notionIntegrationToken"), "Notion-Version": "2022-06-28" },
    statuses: forbidden,
  },
  openAIApi: {
    docs: "https://platform.openai.com/docs/api-reference/models/list",
    url: "https://api.openai.com/v1/models",
    headers: bearer("openAIApiKey"),
    statuses: forbidden,
  },
  openRouterApi: {
    docs: "https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key",
    url: "https://openrouter.ai/api/v1/key",
    headers: bearer("openRouterApiKey"),
  },
  openSearchUrl: {
    docs: "https://docs.opensearch.org/latest/security/access-control/api/",
    url: "{base:openSearchUrl}/",
    basic: ["user", "password"],
    statuses: forbidden,
  },
  opikApi: {
    docs: "https://www.comet.com/docs/opik/reference/rest-api/overview",
    url: "{base:opikUrl|https://www.comet.com/opik/api}/v1/private/projects?size=1",
    headers: { Authorization: "{opikApiKey}", "Comet-Workspace": "{opikWorkspace}" },
  },
  phoenixApi: {
    docs: "https://arize.com/docs/phoenix/sdk-api-reference/rest-api/api-reference/projects/list-all-projects",
    url: "{base:phoenixEndpoint|https://app.phoenix.arize.com}/v1/projects?limit=1",
    headers: bearer("phoenixApiKey"),
  },
  pineconeApi: {
    docs: "https://docs.pinecone.io/reference/api/2025-04/control-plane/list_indexes",
    url: "https://api.pinecone.io/indexes",
    headers: { "Api-Key": "{pineconeApiKey}", "X-Pinecone-API-Version": "2025-04" },
    statuses: forbidden,
  },
  pipedreamOAuthApi: {
    docs: "https://pipedream.com/docs/rest-api/auth",
    method: "POST",
    url: "https://api.pipedream.com/v1/oauth/token",
    json: { grant_type: "client_credentials", client_id: "{clientId}", client_secret: "{clientSecret}" },
    statuses: { 400: "wrong_key" },
  },
  qdrantApi: {
    docs: "https://api.qdrant.tech/api-reference/collections/get-collections",
    url: "{base:testAddress}/collections",
    headers: { "api-key": "{qdrantApiKey}" },
  },
  replicateApi: {
    docs: "https://replicate.com/docs/reference/http#account.get",
    url: "https://api.replicate.com/v1/account",
    headers: bearer("replicateApiKey"),
  },
  searchApi: {
    docs: "https://www.searchapi.io/docs/account-api",
    url: "https://www.searchapi.io/api/v1/me",
    headers: bearer("searchApiKey"),
  },
  serpApi: {
    docs: "https://serpapi.com/account-api",
    url: "https://serpapi.com/account.json?api_key={serpApiKey}",
    secretInUrl: true,
  },
  slackApi: {
    docs: "https://docs.slack.dev/reference/methods/auth.test",
    method: "POST",
    url: "https://slack.com/api/auth.test",
    headers: bearer("botToken"),
    statuses: { 200: "unexpected" },
    answers: [
      { status: 200, path: ["ok"], is: [true], means: "accepted" },
      {
        status: 200,
        path: ["error"],
        is: ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"],
        means: "wrong_key",
      },
      { status: 200, path: ["error"], is: ["missing_scope", "no_permission"], means: "no_permission" },
      { status: 200, path: ["error"], is: ["access_denied", "ekm_access_denied"], means: "refused" },
      { status: 200, path: ["error"], is: ["ratelimited", "rate_limited"], means: "throttled" },
    ],
  },
  stripeApi: {
    docs: "https://docs.stripe.com/api/balance/balance_retrieve",
    url: "https://api.stripe.com/v1/balance",
    headers: bearer("stripeApiToken"),
    statuses: forbidden,
  },
  supabaseApi: {
    docs: "https://supabase.com/docs/guides/api/api-keys",
    url: "{base:testAddress}/auth/v1/settings",
    headers: { apikey: "{supabaseApiKey}" },
  },
  tavilyApi: {
    docs: "https://docs.tavily.com/documentation/api-reference/endpoint/usage",
    url: "https://api.tavily.com/usage",
    headers: bearer("tavilyApiKey"),
  },
  togetherAIApi: {
    docs: "https://docs.together.ai/reference/models-1",
    url: "https://api.together.xyz/v1/models",
    headers: bearer("togetherAIApiKey"),
  },
  upstashRedisApi: {
    docs: "https://upstash.com/docs/redis/features/restapi",
    url: "{base:upstashConnectionUrl}/ping",
    headers: bearer("upstashConnectionToken"),
  },
  upstashRedisMemoryApi: {
    docs: "https://upstash.com/docs/redis/features/restapi",
    url: "{base:testAddress}/ping",
    headers: bearer("upstashRestToken"),
  },
  upstashVectorApi: {
    docs: "https://upstash.com/docs/vector/api/endpoints/info",
    url: "{base:UPSTASH_VECTOR_REST_URL}/info",
    headers: bearer("UPSTASH_VECTOR_REST_TOKEN"),
  },
  vectaraApi: {
    docs: "https://docs.vectara.com/docs/rest-api/list-corpora",
    url: "https://api.vectara.io/v2/corpora?limit=1",
    headers: { "x-api-key": "{apiKey}" },
  },
  weaviateApi: {
    docs: "https://docs.weaviate.io/weaviate/api/rest#tag/meta",
    url: "{base:testAddress}/v1/meta",
    headers: bearer("weaviateApiKey"),
    statuses: forbidden,
  },
  wolframAlphaAppId: {
    docs: "https://products.wolframalpha.com/short-answers-api/documentation",
    url: "https://api.wolframalpha.com/v1/result?appid={wolframAlphaAppId}&i=1%2B1",
    secretInUrl: true,
    statuses: { 403: "wrong_key", 501: "accepted" },
    spends: "one question",
  },
  xaiApi: {
    docs: "https://docs.x.ai/docs/key-information/debugging",
    url: "https://api.x.ai/v1/models",
    headers: bearer("xaiApiKey"),
    statuses: { ...forbidden, 400: "wrong_key" },
  },
  zepMemoryApi: {
    docs: "https://help.getzep.com/v2/sdk-reference/user/list-ordered",
    url: "https://api.getzep.com/api/v2/users-ordered?pageSize=1",
    headers: { Authorization: "Api-Key {apiKey}" },
  },
  exaSearchApi: {
    docs: "https://exa.ai/docs/websets/api/teams/get-team-info",
    url: "https://api.exa.ai/websets/v0/teams/me",
    headers: { "x-api-key": "{exaSearchApiKey}" },
  },
  perplexityApi: {
    docs: "https://docs.perplexity.ai/api-reference/async-sonar-get",
    url: "https://api.perplexity.ai/v1/async/sonar",
    headers: bearer("perplexityApiKey"),
  },
  serperApi: {
    docs: "https://serper.dev/",
    url: "https://google.serper.dev/account",
    headers: { "X-API-KEY": "{serperApiKey}" },
  },
};
