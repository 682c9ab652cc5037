import "server-only";
import { createHash } from "node:crypto";
import * as openid from "openid-client";
import { clock } from "@/lib/clock";
import { guardedFetch } from "@/lib/net/guarded-fetch";
import { failureOf, OAuthFailure } from "./failure";

/** This product as a client of one authorization server: an issuer to discover (RFC 8414), or the endpoints themselves. */
export interface OAuthClient {
  server: { issuer: string } | { authorization?: string | undefined; token: string; revocation?: string | undefined };
  clientId: string;
  /** Absent for a public client; PKCE protects both kinds. */
  clientSecret?: string | undefined;
}

/** What a token endpoint answered, its types judged. */
export interface Tokens {
  accessToken: string;
  /** Absent when the server keeps the old one valid: keep that. */
  refreshToken?: string;
  tokenType: string;
  expiresAt?: Date;
  /** What was granted; absent when it is what was asked for (RFC 6749, section 5.1). */
  scope?: string;
  /** Who signed in, from a verified ID token. */
  identity?: { subject: string; email?: string; name?: string; tenant?: string };
}

/** What one sign-in hands over and must get back. */
export interface Challenge {
  redirectUri: string;
  state: string;
  nonce: string;
  verifier: string;
}

const ANSWER_BYTES = 64 * 1024;
const TIMEOUT_MS = 8_000;

/**
 * Where to send the browser (RFC 6749 with PKCE S256; RFC 9700). `extra` are the provider's own parameters.
 * @throws OAuthFailure "unreachable" when the server's description cannot be fetched
 */
export function authorizationUrl(
  client: OAuthClient,
  challenge: Challenge,
  scope: string,
  extra: Record<string, string> = {},
): Promise<URL> {
  return asked(client, async (config) =>
    openid.buildAuthorizationUrl(config, {
      ...extra,
      redirect_uri: challenge.redirectUri,
      scope,
      state: challenge.state,
      ...(isOpenId(scope) && { nonce: challenge.nonce }),
      code_challenge: await openid.calculatePKCECodeChallenge(challenge.verifier),
      code_challenge_method: "S256",
    }),
  );
}

/**
 * Exchanges the code that came back with the browser. State, issuer, nonce and ID token are judged by the library.
 * @param answer the query of the callback's address
 * @throws OAuthFailure "denied" when the person said no, else what went wrong
 */
export function exchangeCode(
  client: OAuthClient,
  challenge: Challenge,
  scope: string,
  answer: URLSearchParams,
): Promise<Tokens> {
  return asked(client, async (config) => {
    const callback = new URL(challenge.redirectUri);
    callback.search = answer.toString();
    const openId = isOpenId(scope);
    return tokensOf(
      await openid.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: challenge.verifier,
        expectedState: challenge.state,
        ...(openId && { expectedNonce: challenge.nonce, idTokenExpected: true }),
      }),
    );
  });
}

/** A fresh access token. @throws OAuthFailure "invalid_grant" when somebody must sign in again */
export const refreshTokens = (client: OAuthClient, refreshToken: string): Promise<Tokens> =>
  asked(client, async (config) => tokensOf(await openid.refreshTokenGrant(config, refreshToken)));

/** An access token of the application's own (RFC 6749, section 4.4). */
export const applicationTokens = (client: OAuthClient, scope: string | undefined): Promise<Tokens> =>
  asked(client, async (config) => tokensOf(await openid.clientCredentialsGrant(config, scope ? { scope } : {})));

/** Ends a token at the server (RFC 7009). Answers false where the server offers no such thing. */
export function revokeToken(client: OAuthClient, token: string): Promise<boolean> {
  return asked(client, async (config) => {
    if (!config.serverMetadata().revocation_endpoint) return false;
    await openid.tokenRevocation(config, token);
    return true;
  });
}

/** Four unguessable words for one sign-in, 256 bits each. */
export const freshState = (): string => openid.randomState();

async function asked<T>(client: OAuthClient, ask: (config: openid.Configuration) => Promise<T>): Promise<T> {
  try {
    return await ask(await configurationOf(client));
  } catch (error) {
    throw failureOf(error);
  }
}

/** A server's description is fetched once an hour, however many sign-ins there are. */
const KEEP_MS = 3_600_000;
const ENTRIES_MAX = 1_000;
const known = new Map<string, { at: number; config: Promise<openid.Configuration> }>();

function configurationOf(client: OAuthClient): Promise<openid.Configuration> {
  const { server, clientId, clientSecret } = client;
  if (!("issuer" in server)) return Promise.resolve(described(client, server));
  const key = createHash("sha256")
    .update(JSON.stringify([server.issuer, clientId, clientSecret]))
    .digest("base64");
  const found = known.get(key);
  const now = clock.now().getTime();
  if (found && now - found.at < KEEP_MS) return found.config;
  const config = discover(client, server.issuer);
  if (known.size >= ENTRIES_MAX) known.clear();
  known.set(key, { at: now, config });
  config.catch(() => known.delete(key));
  return config;
}

const ask = guardedFetch({ timeoutMs: TIMEOUT_MS, maxBytes: ANSWER_BYTES });
const byGuard: openid.CustomFetch = (url, options) => ask(url, options as RequestInit);

async function discover(client: OAuthClient, issuer: string): Promise<openid.Configuration> {
  return openid.discovery(new URL(issuer), client.clientId, metadataOf(client), authenticationOf(client), {
    [openid.customFetch]: byGuard,
    timeout: TIMEOUT_MS / 1000,
    execute: onlyHere(issuer) ? [openid.allowInsecureRequests] : [],
  });
}

function described(client: OAuthClient, server: Exclude<OAuthClient["server"], { issuer: string }>) {
  const config = new openid.Configuration(
    {
      issuer: new URL(server.token).origin,
      token_endpoint: server.token,
      ...(server.authorization && { authorization_endpoint: server.authorization }),
      ...(server.revocation && { revocation_endpoint: server.revocation }),
    },
    client.clientId,
    metadataOf(client),
    authenticationOf(client),
  );
  config[openid.customFetch] = byGuard;
  config.timeout = TIMEOUT_MS / 1000;
  if (onlyHere(server.token)) openid.allowInsecureRequests(config);
  return config;
}

const metadataOf = ({ clientSecret }: OAuthClient) => (clientSecret ? { client_secret: clientSecret } : {});
const authenticationOf = ({ clientSecret }: OAuthClient) =>
  clientSecret ? openid.ClientSecretPost(clientSecret) : openid.None();

/** Clear text is for a server on this very machine; everywhere else the library insists on TLS. */
function onlyHere(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

const isOpenId = (scope: string) => scope.split(" ").includes("openid");

/** Longest token that is taken; providers' own are below 4 KiB. */
const TOKEN_MAX = 8_192;

function tokensOf(answer: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers): Tokens {
  const { access_token, refresh_token, token_type, expires_in, scope } = answer;
  if ([access_token, refresh_token ?? ""].some((token) => token.length > TOKEN_MAX || /[^\x21-\x7e]/.test(token)))
    throw new OAuthFailure("malformed");
  const claims = answer.claims();
  return {
    accessToken: access_token,
    ...(refresh_token && { refreshToken: refresh_token }),
    tokenType: token_type.toLowerCase() === "bearer" ? "Bearer" : token_type,
    ...(expires_in !== undefined && { expiresAt: new Date(clock.now().getTime() + expires_in * 1000) }),
    ...(scope !== undefined && { scope }),
    ...(claims && { identity: identityOf(claims) }),
  };
}

const words = (value: unknown) => (typeof value === "string" && value.length <= 320 ? value : undefined);

function identityOf(claims: openid.IDToken): NonNullable<Tokens["identity"]> {
  const [email, name, tenant] = [
    words(claims.email) ?? words(claims.preferred_username),
    words(claims.name),
    words(claims.tid),
  ];
  return { subject: claims.sub, ...(email && { email }), ...(name && { name }), ...(tenant && { tenant }) };
}
