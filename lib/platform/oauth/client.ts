import "server-only";
import * as openid from "openid-client";
import { clock } from "@/lib/platform/clock";
import { type ClientConfiguration, configured, type OAuthClient } from "./configuration";
import { OAuthFailure } from "./failure";
import { failureOf } from "./failure-of";
import type { Granted } from "./token-answer";

/** What a token endpoint answered, its types judged. */
export interface Tokens {
  /** Absent when a renewal brought a new refresh token and nothing that could be used beside it. */
  accessToken?: string;
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
  return asked(client, async ({ config }) =>
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
): Promise<UsableTokens> {
  return asked(client, async ({ config, granted }) => {
    const callback = new URL(challenge.redirectUri);
    callback.search = answer.toString();
    const openId = isOpenId(scope);
    const checked = await openid.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: challenge.verifier,
      expectedState: challenge.state,
      ...(openId && { expectedNonce: challenge.nonce, idTokenExpected: true }),
    });
    const claims = checked.claims();
    return { ...usable(granted()), ...(claims && { identity: identityOf(claims, client.claims) }) };
  });
}

/**
 * A fresh access token. Whatever can be used of the answer is handed over, however odd the rest of it is.
 * @throws OAuthFailure "invalid_grant" when somebody must sign in again
 */
export const refreshTokens = (client: OAuthClient, refreshToken: string): Promise<Tokens> =>
  asked(client, async ({ config, granted }) => {
    await openid.refreshTokenGrant(config, refreshToken).catch((error: unknown) => {
      // The old refresh token is spent: no judgement of what else is in the answer may lose the new one.
      if (!granted()) throw error;
    });
    return tokensOf(granted());
  });

/** An access token of the application's own (RFC 6749, section 4.4). */
export const applicationTokens = (client: OAuthClient, scope: string | undefined): Promise<UsableTokens> =>
  asked(client, async ({ config, granted }) => {
    await openid.clientCredentialsGrant(config, scope ? { scope } : {});
    return usable(granted());
  });

/** Ends a token at the server (RFC 7009). Answers false where the server offers no such thing. */
export function revokeToken(client: OAuthClient, token: string): Promise<boolean> {
  return asked(client, async ({ config }) => {
    if (!config.serverMetadata().revocation_endpoint) return false;
    await openid.tokenRevocation(config, token);
    return true;
  });
}

/** Four unguessable words for one sign-in, 256 bits each. */
export const freshState = (): string => openid.randomState();

async function asked<T>(client: OAuthClient, ask: (at: ClientConfiguration) => Promise<T>): Promise<T> {
  try {
    return await ask(await configured(client));
  } catch (error) {
    throw failureOf(error, client.refusals);
  }
}

const isOpenId = (scope: string) => scope.split(" ").includes("openid");

/** Tokens with access, which a first grant is nothing without. */
export type UsableTokens = Tokens & { accessToken: string };

function usable(granted: Granted | undefined): UsableTokens {
  const { accessToken, ...rest } = tokensOf(granted);
  if (accessToken === undefined) throw new OAuthFailure("unreadable");
  return { ...rest, accessToken };
}

function tokensOf(granted: Granted | undefined): Tokens {
  if (!granted) throw new OAuthFailure("unreadable");
  const { accessToken, refreshToken, tokenType, expiresIn, scope } = granted;
  return {
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    tokenType,
    ...(expiresIn !== undefined && { expiresAt: new Date(clock.now().getTime() + expiresIn * 1000) }),
    ...(scope !== undefined && { scope }),
  };
}

const words = (value: unknown) => (typeof value === "string" && value.length <= 320 ? value : undefined);

/** OpenID Connect's own claims of what people call their account. */
const USUAL_ACCOUNT = ["email", "preferred_username"];

function identityOf(
  claims: openid.IDToken,
  { account = USUAL_ACCOUNT, tenant: directory }: NonNullable<OAuthClient["claims"]> = {},
): NonNullable<Tokens["identity"]> {
  const email = account.map((claim) => words(claims[claim])).find((value) => value !== undefined);
  const name = words(claims.name);
  const tenant = directory === undefined ? undefined : words(claims[directory]);
  return { subject: claims.sub, ...(email && { email }), ...(name && { name }), ...(tenant && { tenant }) };
}
