import type { Call, PublicCall } from "@/lib/api/http/call";
import { ownPath, publicAddress } from "@/lib/api/http/public-address";
import { barePage, browserCookie, whoComesBack } from "@/lib/api/http/sign-in-browser";
import {
  backTo,
  noticeOf,
  type SignInRequest,
  signInPage,
  started,
  statusOf,
  wantsPage,
} from "@/lib/api/wire/superai/sign-in";
import { finishAuthorization, startAuthorization } from "@/lib/credentials";
import { invalidField } from "@/lib/platform/refusal";

/** What all ways to sign in at a provider have in common: how they begin, and how they end at their callback. */

/** The answer of an authorize address: where to go, or the way there for a caller that is a browser. */
export async function beginSignIn({ actor, headers }: Call, request: SignInRequest, redirectUri: string) {
  const returnTo = request.redirectTo === undefined ? undefined : ownPath(request.redirectTo);
  if (request.redirectTo !== undefined && returnTo === undefined)
    throw invalidField("redirect_to", "Must be a path of this installation, such as /credentials");
  const { for: subject, scopes } = request;
  const flow = await startAuthorization(actor, { for: subject, scopes, redirectUri, returnTo });
  const cookie = { "Set-Cookie": browserCookie(flow.browserKey) };
  return wantsPage(headers.get("accept"))
    ? { status: 302 as const, headers: { ...cookie, Location: flow.url } }
    : { status: 200 as const, headers: cookie, body: started(flow) };
}

/** Trusts the state alone, in the browser that it was given to or with the person who began. Sends back to a path of ours, or closes. */
export async function endSignIn({ query, headers, requestId, address }: PublicCall, redirectUri: string) {
  const who = await whoComesBack(headers);
  const ended = await finishAuthorization({ query, redirectUri, ...who, requestId, address });
  const notice = noticeOf(ended);
  const origin = new URL(publicAddress("/")).origin;
  const returnTo = ended.flow?.returnTo;
  // A browser that is somebody else's is told so here: the page it would be sent to is not for it.
  if (returnTo && ended.ending !== "wrong_browser")
    return { status: 303 as const, headers: { Location: backTo(returnTo, notice, origin) } };
  const page = barePage();
  const text = signInPage(notice, ended.flow?.provider, origin, page.nonce);
  return { status: statusOf(notice), text, headers: page.headers };
}
