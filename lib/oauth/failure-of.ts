import "server-only";
import * as openid from "openid-client";
import { Unreachable } from "@/lib/net/unreachable";
import { errorWordsIn, failureFor } from "./error-words";
import { OAuthFailure } from "./failure";

/** What any error of the library or of the road out means. */
export function failureOf(error: unknown): OAuthFailure {
  const below = failureBelow(error);
  if (below) return below;
  if (error instanceof openid.AuthorizationResponseError) {
    if (error.error === "access_denied") return new OAuthFailure("denied", error.error);
    return failureFor(BROUGHT_BACK, wordsOf(error.error, error.error_description));
  }
  if (error instanceof openid.ResponseBodyError)
    return failureFor(error.status, wordsOf(error.error, error.error_description));
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at.cause instanceof Response && !at.cause.ok) return failureFor(at.cause.status, { codes: [] });
  return new OAuthFailure("malformed", undefined, { cause: error });
}

/** What the browser brings has no status of its own. */
const BROUGHT_BACK = 400;

const wordsOf = (error: string, description: string | undefined) =>
  errorWordsIn({ error, error_description: description });

/** A failure below the library, if that is what an error comes from. */
function failureBelow(error: unknown): OAuthFailure | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof OAuthFailure) return at;
    if (at instanceof Unreachable)
      return new OAuthFailure(at.reason === "unreadable" ? "unreadable" : "unreachable", undefined, { cause: error });
    if (["TimeoutError", "AbortError"].includes(at.name))
      return new OAuthFailure("unreachable", undefined, { cause: error });
  }
  return undefined;
}
