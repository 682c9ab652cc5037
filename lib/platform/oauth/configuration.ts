import "server-only";
import * as openid from "openid-client";
import { clock } from "@/lib/platform/clock";
import { depthOf } from "@/lib/platform/json-depth";
import type { Limits } from "@/lib/platform/net/budget";
import { fetchOutside } from "@/lib/platform/net/worker/fetch-outside";
import { failureFor, type OwnMeanings } from "./error-meanings";
import { OAuthFailure } from "./failure";
import { type Granted, grantedIn } from "./token-answer";

/** A client of one authorization server: an issuer to discover (RFC 8414), or the endpoints themselves. */
export interface Registration {
  server: { issuer: string } | { authorization?: string | undefined; token: string; revocation?: string | undefined };
  clientId: string;
  /** Absent for a public client; PKCE protects both kinds. */
  clientSecret?: string | undefined;
  /** What words and numbers of this server's mean, beside those that are known of all. */
  refusals?: OwnMeanings | undefined;
  /** Which claims of its ID tokens say who signed in, and in which tenant. */
  claims?: { account?: readonly string[] | undefined; tenant?: string | undefined } | undefined;
}

/** This product as such a client, on behalf of an organisation: its requests take that one's share of the road out. */
export interface OAuthClient extends Registration {
  owner: string;
}

/** The library, set up for one exchange. */
export interface ClientConfiguration {
  config: openid.Configuration;
  /** What the token endpoint granted in this exchange. */
  granted: () => Granted | undefined;
}

/** What one exchange with an authorization server may cost. */
const LIMITS: Limits = { totalMs: 8_000, connectMs: 5_000, maxBytes: 64 * 1024 };

/** The library builds and judges; what goes out takes the one road, and what comes back is read before the library sees it. */
export async function configured(client: OAuthClient): Promise<ClientConfiguration> {
  const config = await configurationOf(client);
  const { token_endpoint } = config.serverMetadata();
  let granted: Granted | undefined;
  config[openid.customFetch] = async (url, sent) => {
    const answer = await ask(client, url, sent);
    if (url !== token_endpoint) return answer;
    granted = grantedIn(answer.status, await answer.text(), client.refusals);
    return plainAnswer(granted);
  };
  return { config, granted: () => granted };
}

/** The same grant as the standard writes it: the library judges the ID token of it, and would refuse it for trifles. */
function plainAnswer({ accessToken, idToken }: Granted): Response {
  const body = { access_token: accessToken ?? "-", token_type: "Bearer", ...(idToken && { id_token: idToken }) };
  return Response.json(body);
}

async function ask(
  { owner }: OAuthClient,
  url: string,
  { method, headers, body, signal }: openid.CustomFetchOptions,
): Promise<Response> {
  const request = { url, method, headers: { ...headers }, ...(body != null && { body: String(body) }) };
  const answer = await fetchOutside(request, { owner, limits: LIMITS, signal });
  const text = await answer.text();
  // The library parses what it gets.
  if (depthOf(text) > DEPTH_MAX) throw new OAuthFailure("unreadable");
  return new Response(answer.body === null ? null : text, { status: answer.status, headers: answer.headers });
}
const DEPTH_MAX = 32;

async function configurationOf(client: OAuthClient): Promise<openid.Configuration> {
  const { server, clientId } = client;
  if (!("issuer" in server)) {
    const config = new openid.Configuration(described(server), clientId, secretOf(client), authenticationOf(client));
    if (onlyHere(server.token)) openid.allowInsecureRequests(config);
    return config;
  }
  return openid.discovery(new URL(server.issuer), clientId, secretOf(client), authenticationOf(client), {
    [openid.customFetch]: (url, sent) => descriptionAt(client, url, sent),
    execute: onlyHere(server.issuer) ? [openid.allowInsecureRequests] : [],
  });
}

const described = (server: Exclude<Registration["server"], { issuer: string }>): openid.ServerMetadata => ({
  issuer: new URL(server.token).origin,
  token_endpoint: server.token,
  ...(server.authorization && { authorization_endpoint: server.authorization }),
  ...(server.revocation && { revocation_endpoint: server.revocation }),
});

/** A server's description is fetched once an hour, however many sign-ins there are. */
const KEEP_MS = 3_600_000;
const ENTRIES_MAX = 1_000;
const known = new Map<string, { at: number; text: Promise<string> }>();

async function descriptionAt(client: OAuthClient, url: string, sent: openid.CustomFetchOptions): Promise<Response> {
  const found = known.get(url);
  const now = clock.now().getTime();
  const fresh = found && now - found.at < KEEP_MS ? found.text : fetched(client, url, sent);
  if (fresh !== found?.text) {
    if (known.size >= ENTRIES_MAX) known.clear();
    known.set(url, { at: now, text: fresh });
    fresh.catch(() => known.delete(url));
  }
  return new Response(await fresh, { headers: { "content-type": "application/json" } });
}

/** @throws OAuthFailure for an answer that describes nothing, which is then not kept */
async function fetched(client: OAuthClient, url: string, sent: openid.CustomFetchOptions): Promise<string> {
  const answer = await ask(client, url, sent);
  if (answer.status !== 200) throw failureFor(answer.status, { hints: [], codes: [] });
  return answer.text();
}

const secretOf = ({ clientSecret }: OAuthClient) => (clientSecret ? { client_secret: clientSecret } : {});
const authenticationOf = ({ clientSecret }: OAuthClient) =>
  clientSecret ? openid.ClientSecretPost(clientSecret) : openid.None();

/** Clear text is for a server on this very machine; everywhere else the library insists on TLS. */
function onlyHere(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
