import type { AuthorizationRequest, FinishedAuthorization, StartedAuthorization } from "@/lib/credentials";
import { htmlText } from "@/lib/platform/html-text";
import { invalidField, notFound } from "@/lib/platform/refusal";
import { signInOf } from "@/lib/providers/authorization";
import type { CredentialType, Provider } from "@/lib/providers/define";
import { findProvider } from "@/lib/providers/index";
import {
  type AuthorizationNotice,
  authorizationMessage,
  SIGN_IN_CHANNEL,
} from "@/lib/vocabulary/authorization-outcome";
import { authorizeQuery, legacyBody, pluginBody, type Started } from "./schemas/sign-in";
import { parameters, shaped } from "./shape";
import { typeMeant } from "./type-names";

/** Signing in at providers in SuperAI's form: what is asked, what is answered, and the page that ends it. */

export interface SignInRequest {
  for: AuthorizationRequest["for"];
  scopes?: string[];
  redirectTo?: string;
}

/** The parameters of `GET /integrations/{provider}/authorize`; `scopes` are separated by spaces or commas. */
export function signInRequest(provider: string, query: URLSearchParams): SignInRequest {
  const { credential_id, credential_type, name, scopes, redirect_to } = parameters(authorizeQuery, query);
  return {
    for: credential_id
      ? { id: credential_id }
      : { ...signInAt(provider, typeIn(provider, credential_type)), ...(name && { name }) },
    ...(scopes !== undefined && { scopes: scopes.split(/[\s,]+/).filter(Boolean) }),
    ...(redirect_to !== undefined && { redirectTo: redirect_to }),
  };
}

const typeIn = (provider: string, name: string | undefined) =>
  name === undefined ? undefined : typeMeant({ name, provider, sent: [] });

/** The body of the plugins' authorize address. `provider_name` says how to sign in: a provider, or one of its types. */
export function pluginSignIn(
  { id, methods }: Provider,
  body: Record<string, unknown>,
): SignInRequest & { way: string } {
  const { redirect_to, integration_name, provider_name } = shaped(pluginBody, body);
  const method = methods.find(({ type }) => type === provider_name);
  if (provider_name !== id && !method?.authorization)
    throw invalidField("provider_name", `Must be ${id}, or one of its types that sign in`);
  const subject = { ...signInAt(id, method?.type), name: integration_name };
  return { for: subject, redirectTo: redirect_to, way: provider_name };
}

export function legacyPluginSignIn({ id }: Provider, body: Record<string, unknown>): SignInRequest {
  const { redirect_to, integration_name } = shaped(legacyBody, body);
  return { for: { ...signInAt(id, undefined), name: integration_name }, redirectTo: redirect_to };
}

/** @throws Refusal "not_found" for a provider that nobody can sign in at */
function signInAt(id: string, type: CredentialType | undefined): { provider: string; type: CredentialType } {
  const provider = findProvider(id);
  const method = provider && signInOf(provider);
  if (!method) throw notFound();
  return { provider: id, type: type ?? method.type };
}

export const started = ({ url, redirectUri, expiresAt }: StartedAuthorization): Started => ({
  authorization_url: url,
  redirect_uri: redirectUri,
  expires_at: expiresAt.toISOString(),
});

/** Whether a caller would rather be sent there than told where to go: a browser, which asks for pages before anything else. */
export const wantsPage = (accept: string | null): boolean => /^\s*text\/html\b/.test(accept ?? "");

/** What the page that waits is told. Nothing of it is a secret. */
export function noticeOf(ended: FinishedAuthorization): AuthorizationNotice {
  const flowId = ended.flow?.id;
  const credentialId = ended.ending === "connected" ? ended.credential.id : (ended.flow?.credentialId ?? undefined);
  return {
    ending: ended.ending,
    flowId,
    credentialId,
    ...(ended.ending === "connected" && { missing: ended.missing, ...(ended.endsAt && { endsAt: ended.endsAt }) }),
    ...(ended.ending === "wrong_account" && { accounts: { expected: ended.expected, signedIn: ended.signedIn } }),
    ...(ended.ending === "refused" && { message: ended.refusal.message }),
  };
}

/** The way back into a page of ours, which tells how it ended: in a code, since addresses are kept in many places. */
export function backTo(path: string, { ending, credentialId }: AuthorizationNotice, origin: string): string {
  const url = new URL(path, origin);
  url.searchParams.set("sign_in", ending);
  if (credentialId !== undefined) url.searchParams.set("credential_id", credentialId);
  return url.pathname + url.search;
}

const STATUS = {
  connected: 200,
  wrong_account: 409,
  denied: 400,
  expired: 404,
  wrong_browser: 403,
  rejected: 400,
  client_secret_expired: 400,
  client_secret_wrong: 400,
  client_unknown: 400,
  client_disabled: 400,
  tenant_unknown: 400,
  redirect_refused: 400,
  scope_refused: 400,
  request_refused: 400,
  interaction_required: 403,
  consent_required: 403,
  policy_refused: 403,
  account_unavailable: 403,
  unreachable: 502,
  in_trouble: 502,
  unreadable: 502,
  unusable: 400,
  refused: 400,
  unstored: 503,
} as const satisfies Record<AuthorizationNotice["ending"], number>;
export const statusOf = ({ ending }: AuthorizationNotice) => STATUS[ending];

/**
 * The page in the window that was opened for the sign-in: tells the page of ours that waits, and closes. What nobody can
 * wait for, as it belongs to no sign-in, stays to be read. `origin` is ours; `nonce` lets this style and this script in.
 */
export function signInPage(
  notice: AuthorizationNotice,
  provider: string | undefined,
  origin: string,
  nonce: string,
): string {
  const { title, text } = authorizationMessage(notice, labelOf(provider));
  const data = JSON.stringify({ notice, origin, channel: SIGN_IN_CHANNEL }).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${htmlText(title)} · Latchkey</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>${htmlText(title)}</h1>
<p>${htmlText(text)}</p>
<p><a href="/credentials">Open Latchkey</a></p>
</main>
<script type="application/json" id="data">${data}</script>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>`;
}

const labelOf = (provider: string | undefined): string =>
  findProvider(provider ?? "")?.methods.find(({ authorization }) => authorization)?.authorization?.label ??
  "the provider";

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; font: 15px/1.5 system-ui, sans-serif;
  background: light-dark(#f7f8fa, #101317); color: light-dark(#16191d, #e8eaed); }
main { max-width: 26rem; margin: 1rem; padding: 1.25rem 1.5rem; border: 1px solid light-dark(#dcdfe4, #2b3038);
  border-radius: .75rem; background: light-dark(#fff, #181c21); }
h1 { margin: 0 0 .5rem; font-size: 1.125rem; }
p { margin: .5rem 0 0; overflow-wrap: anywhere; }
a { color: light-dark(#1f55c4, #8fb4ff); }
`;

/** The address of this page holds a code that is spent; it goes out of the history all the same. */
const SCRIPT = `
const { notice, origin, channel } = JSON.parse(document.getElementById("data").textContent);
history.replaceState(null, "", location.pathname);
new BroadcastChannel(channel).postMessage(notice);
if (window.opener) window.opener.postMessage(notice, origin);
if (notice.flowId) window.close();
`;
