import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration, interactionPolicy } from "oidc-provider";

/**
 * A certified OpenID provider on a loopback port, in the place of Google or Microsoft. It rotates refresh tokens and ends
 * a whole grant when an old one is used again. Whoever is sent there is signed in and has agreed at once.
 */
export interface AuthorizationServer {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Names the redirect addresses, once they are known. Nothing is answered before. */
  open: (redirectUris: string[]) => void;
  /** What the next person at the sign-in page does, and who they are. */
  next: { answer: "agree" | "refuse" | "linger"; account: string; without: string[] };
  /** Requests at the token endpoint so far, by grant type. */
  grants: (type: string) => number;
  /**
   * Answers at the token endpoint from now on: as it should, with an error page, not at all, or grants as it should and
   * keeps the answer to itself.
   */
  tokenEndpoint: "sound" | "failing" | "silent" | "withholding";
  /**
   * Puts another answer in the place of each one of the token endpoint, which has done its work by then: what real providers
   * answer otherwise than the standard says.
   */
  alter: ((answer: Record<string, unknown>) => AlteredAnswer) | undefined;
  /** Called when an answer is withheld. */
  onWithheld: () => void;
  /** Requests at the token endpoint so far, whatever became of them. */
  tokenRequests: () => number;
  revoked: () => number;
  /** Seconds that access tokens live from now on. */
  accessTokenSeconds: number;
  /** What a token is good for and whose it is; undefined for one that is not of this server, or has ended. */
  known: (accessToken: string) => Promise<{ scope: string; account: string | undefined } | undefined>;
  /** Ends a whole grant, as its account's owner does in the settings of the account. */
  endGrant: (refreshToken: string) => Promise<void>;
  stop: () => Promise<void>;
}

/** A body that is a text is sent as it is. */
export interface AlteredAnswer {
  status?: number;
  body: unknown;
}

export interface AuthorizationServerOptions {
  accessTokenSeconds?: number;
  port?: number;
  scopes?: string[];
  /** Offers no way to end a token from outside, as Microsoft does not. */
  revocation?: false;
  /** The directory that Microsoft names in its ID tokens. */
  tenant?: string;
  /** Paths of the real provider's endpoints, such as Google's `/o/oauth2/v2/auth`. */
  routes?: Configuration["routes"];
}

export async function startAuthorizationServer(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = (_request, response) =>
    response.writeHead(503).end();
  let tokenRequests = 0;
  const http = createServer((request, response) => {
    const isToken = request.url === "/token";
    if (isToken) tokenRequests += 1;
    if (isToken && server.tokenEndpoint === "withholding") withhold(response, () => server.onWithheld());
    else if (isToken && server.alter) alterEnd(response, server.alter);
    else if (isToken && server.tokenEndpoint !== "sound") {
      request.resume();
      if (server.tokenEndpoint === "failing") response.writeHead(500, { "content-type": "text/html" }).end("<h1>Oh");
      return;
    }
    handle(request, response);
  });
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const counted: Record<string, number> = {};
  const server: AuthorizationServer = {
    issuer,
    clientId: "latchkey-test",
    clientSecret: "a-client-secret-for-tests-only-0001",
    accessTokenSeconds: options.accessTokenSeconds ?? 3_600,
    known: async () => undefined,
    endGrant: async () => {},
    next: { answer: "agree", account: "ana@example.com", without: [] },
    tokenEndpoint: "sound",
    alter: undefined,
    onWithheld: () => {},
    tokenRequests: () => tokenRequests,
    grants: (type) => counted[type] ?? 0,
    revoked: () => counted.revocation ?? 0,
    open: (redirectUris) => {
      const provider = providerFor(server, redirectUris, options, (what) => {
        counted[what] = (counted[what] ?? 0) + 1;
      });
      handle = provider.callback();
      server.endGrant = async (token) => {
        const grantId = (await provider.RefreshToken.find(token))?.grantId ?? "";
        await (await provider.Grant.find(grantId))?.destroy();
        for (const kind of [provider.RefreshToken, provider.AccessToken]) await kind.revokeByGrantId(grantId);
      };
      server.known = async (token) => {
        const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
        return found && { scope: found.scope ?? "", account: "accountId" in found ? found.accountId : undefined };
      };
    },
    stop: async () => {
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  return server;
}

/** The server does its work; its answer never leaves. */
function withhold(response: ServerResponse, done: () => void): void {
  response.end = () => {
    done();
    return response;
  };
}

function alterEnd(response: ServerResponse, alter: NonNullable<AuthorizationServer["alter"]>): void {
  const end = response.end.bind(response);
  response.end = ((given: unknown) => {
    const { status, body } = alter(JSON.parse(String(given)));
    if (status !== undefined) response.statusCode = status;
    response.removeHeader("content-length");
    return end(typeof body === "string" ? body : JSON.stringify(body));
  }) as typeof response.end;
}

function providerFor(
  server: AuthorizationServer,
  redirectUris: string[],
  { scopes = [], routes, tenant, revocation }: AuthorizationServerOptions,
  count: (what: string) => void,
) {
  const accessTokenSeconds = () => server.accessTokenSeconds;
  const policy = interactionPolicy.base();
  // As Microsoft's sign-in knows it.
  policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }));
  const provider = new Provider(server.issuer, {
    clients: [
      {
        client_id: server.clientId,
        client_secret: server.clientSecret,
        redirect_uris: redirectUris,
        grant_types: ["authorization_code", "refresh_token", "client_credentials"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    ...(routes && { routes }),
    scopes: [...new Set(["openid", "offline_access", ...scopes])],
    claims: { openid: ["sub", "email", "name", "tid"] },
    conformIdTokenClaims: false,
    extraParams: ["access_type", "response_mode"],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: revocation ?? true },
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      AuthorizationCode: 60,
      RefreshToken: 86_400,
      IdToken: 3_600,
      Grant: 86_400,
      Interaction: 600,
      Session: 86_400,
    },
    cookies: { keys: ["cookie-key-for-tests"] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: id, name: id.split("@")[0], ...(tenant && { tid: tenant }) }),
    }),
    interactions: { policy, url: (_context, interaction) => `/interaction/${interaction.uid}` },
    renderError: async (context, out) => {
      context.body = JSON.stringify(out);
    },
  });
  const countGrant = (context: { oidc: { params?: Record<string, unknown> } }) =>
    count(String(context.oidc.params?.grant_type));
  provider.on("grant.success", countGrant as never);
  provider.on("grant.error", countGrant as never);
  provider.use(async (context, next) => {
    if (!context.path.startsWith("/interaction/")) {
      await next();
      if (context.path.endsWith("/revocation") && context.status === 200) count("revocation");
      return;
    }
    const details = await provider.interactionDetails(context.req, context.res);
    const { answer, account, without } = server.next;
    if (answer === "linger") {
      context.type = "html";
      context.body = "<!doctype html><title>Sign in</title><p>Who are you?</p>";
      return;
    }
    if (answer === "refuse") {
      const result = { error: "access_denied", error_description: "the person said no" };
      return provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: false });
    }
    const grant = new provider.Grant({ accountId: account, clientId: server.clientId });
    const asked = String(details.params.scope ?? "").split(" ");
    grant.addOIDCScope(asked.filter((scope) => !without.includes(scope)).join(" "));
    if (without.length > 0) grant.rejectOIDCScope(without.join(" "));
    const grantId = await grant.save();
    const result = { login: { accountId: account, remember: false }, consent: { grantId }, select_account: {} };
    return provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: false });
  });
  return provider;
}
