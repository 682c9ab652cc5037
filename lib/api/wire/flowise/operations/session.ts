import { openResource, resource } from "@/lib/api/wire/operation";
import {
  callbackQuery,
  loggedOut,
  login,
  loginMethods,
  person,
  refusedPlainly,
  renewed,
  resolved,
  settings,
  startedSignIn,
  version,
} from "../schemas/session";

/** What Flowise's own pages ask, and signing in at providers. */
const tag = "Flowise's pages";
const signedIn = { description: "Who is signed in.", body: person, headers: ["Set-Cookie"] } as const;

export const signIn = openResource("/auth/login", {
  POST: {
    id: "logIn",
    tag,
    summary: "Sign in for Flowise's own pages",
    description: "The session opens this door alone.",
    body: { schema: login },
    answers: { 200: signedIn },
    refusals: ["unauthenticated", "forbidden", "conflict", "too_many_requests"],
  },
});

export const signOut = openResource("/auth/logout", {
  POST: {
    id: "logOut",
    tag,
    summary: "End the session",
    headers: ["x-request-from"],
    answers: { 200: { description: "It is over.", body: loggedOut, headers: ["Set-Cookie"] } },
    refusals: ["unauthenticated"],
  },
});

export const refreshSession = openResource("/auth/refreshToken", {
  POST: {
    id: "refreshSession",
    tag,
    summary: "Tell who the session is of, and go on with it",
    answers: { 200: signedIn },
    refusals: ["unauthenticated"],
  },
});

export const resolve = openResource("/auth/resolve", {
  POST: {
    id: "resolveStart",
    tag,
    summary: "Tell where Flowise's pages begin",
    answers: { 200: { description: "Where to go.", body: resolved } },
  },
});

export const loginMethod = openResource("/loginmethod/default", {
  GET: {
    id: "listLoginMethods",
    tag,
    summary: "List other ways to sign in: none",
    answers: { 200: { description: "None.", body: loginMethods } },
  },
});

export const ping = openResource("/ping", {
  GET: {
    id: "ping",
    tag,
    summary: "Tell that somebody is there",
    answers: { 200: { description: "pong", mediaType: "text/plain" } },
  },
});

export const platform = openResource("/settings", {
  GET: {
    id: "getSettings",
    tag,
    summary: "Tell what Flowise's pages ask first",
    answers: { 200: { description: "The platform.", body: settings } },
  },
});

export const spokenVersion = openResource("/version", {
  GET: {
    id: "getVersion",
    tag,
    summary: "Tell the version whose contract this door speaks",
    answers: { 200: { description: "The version.", body: version } },
  },
});

const atProviders = "Sign-in at providers";
const missing = { description: "A value that the sign-in needs is missing.", body: refusedPlainly } as const;
const refusals = ["conflict", "over_limit", "external_failure", "reauthorization_required", "damaged"] as const;

export const authorize = resource("/oauth2-credential/authorize/{id}", {
  POST: {
    id: "beginSignIn",
    tag: atProviders,
    summary: "Begin a sign-in for a stored OAuth2 credential",
    permission: "credential:update",
    answers: {
      200: { description: "Where the browser is to go.", body: startedSignIn, headers: ["Set-Cookie"] },
      400: missing,
    },
    refusals,
  },
});

export const renewal = resource("/oauth2-credential/refresh/{id}", {
  POST: {
    id: "renewAccess",
    tag: atProviders,
    summary: "Renew access now",
    description: "The tokens stay here.",
    permission: "credential:update",
    answers: { 200: { description: "Until when it is good.", body: renewed }, 400: missing },
    refusals,
  },
});

const page = (description: string) =>
  ({ description, mediaType: "text/html", headers: ["Content-Security-Policy"] }) as const;

export const callback = openResource("/oauth2-credential/callback", {
  GET: {
    id: "endSignIn",
    tag: atProviders,
    summary: "Where a provider sends the browser back to",
    query: callbackQuery,
    answers: {
      200: page("Signed in: a page that tells the one that waits, and closes."),
      400: page("The provider refused, or what it sent cannot be used."),
      403: page("Another browser, or somebody has to do something at the provider first."),
      404: page("There is no such sign-in any more."),
      409: page("Signed in with another account."),
      502: page("The provider did not answer."),
      503: page("It could not be stored."),
    },
  },
});
