import { openResource, resource } from "@/lib/api/wire/operation";
import {
  accessToken,
  anonKey,
  authorizeQuery,
  callbackQuery,
  grantQuery,
  legacyBody,
  passwordBody,
  pluginBody,
  started,
} from "../schemas/sign-in";

/** Signing in at this door with a password, and at providers for a credential. */
const own = "Access tokens";

export const anonymousKey = openResource("/auth/anon-key", {
  GET: {
    id: "getAnonKey",
    tag: own,
    summary: "Tell the constant that clients send along when they sign in",
    answers: { 200: { description: "The constant.", body: anonKey } },
    refusals: ["not_found"],
  },
});

export const passwordToken = openResource("/auth/v1/token", {
  POST: {
    id: "issueAccessToken",
    tag: own,
    summary: "Sign in with e-mail address and password",
    description: "Where the operator has switched it on. Anything but `grant_type=password` is refused.",
    query: grantQuery,
    headers: ["apikey"],
    body: { schema: passwordBody },
    answers: { 200: { description: "A token for an hour.", body: accessToken } },
    refusals: ["not_found", "unauthenticated", "forbidden", "conflict", "too_many_requests"],
  },
});

const tag = "Sign-in at providers";
const begun = {
  200: { description: "Where the browser is to go.", body: started, headers: ["Set-Cookie"] },
  302: { description: "The way there, for a caller that is a browser.", headers: ["Location", "Set-Cookie"] },
} as const;
const refusals = ["conflict", "over_limit", "external_failure", "reauthorization_required", "damaged"] as const;

export const authorize = resource("/integrations/{provider}/authorize", {
  GET: {
    id: "beginSignIn",
    tag,
    summary: "Begin a sign-in for a new credential, or to reconnect one",
    permission: ["credential:create", "credential:update"],
    query: authorizeQuery,
    answers: begun,
    refusals,
  },
});

export const pluginAuthorize = resource("/plugins/{plugin}/oauth/authorize", {
  POST: {
    id: "beginPluginSignIn",
    tag,
    summary: "Begin a sign-in for a plugin",
    permission: "credential:create",
    body: { schema: pluginBody },
    answers: begun,
    refusals,
  },
});

export const legacyPluginAuthorize = resource("/integrations/plugins/{plugin}/oauth/authorize", {
  POST: {
    id: "beginLegacyPluginSignIn",
    tag,
    summary: "Begin a sign-in for a plugin, in the older form",
    permission: "credential:create",
    body: { schema: legacyBody },
    answers: begun,
    refusals,
  },
});

const ended = (description: string) =>
  ({ description, mediaType: "text/html", headers: ["Content-Security-Policy"] }) as const;
const callback = {
  tag,
  summary: "Where a provider sends the browser back to",
  description: "For browsers: trusts nothing but the state, once, in the browser that it was given to.",
  query: callbackQuery,
  answers: {
    200: ended("Signed in: a page that tells the one that waits, and closes."),
    303: { description: "Back to the page of ours that was named.", headers: ["Location"] },
    400: ended("The provider refused, or what it sent cannot be used."),
    403: ended("Another browser, or somebody has to do something at the provider first."),
    404: ended("There is no such sign-in any more."),
    409: ended("Signed in with another account."),
    502: ended("The provider did not answer."),
    503: ended("It could not be stored."),
  },
} as const;

export const signInCallback = openResource("/integrations/{provider}/callback", {
  GET: { id: "endSignIn", ...callback },
});
export const pluginCallback = openResource("/plugins/{plugin}/{way}/oauth/callback", {
  GET: { id: "endPluginSignIn", ...callback },
});
export const legacyPluginCallback = openResource("/integrations/plugins/{plugin}/oauth/callback", {
  GET: { id: "endLegacyPluginSignIn", ...callback },
});
