import "server-only";
import * as openid from "openid-client";
import { Unreachable } from "@/lib/platform/net/unreachable";
import { type ErrorWords, errorWordsIn } from "./error-codes";
import { failureFor, isKnownWord, type OwnMeanings } from "./error-meanings";
import { OAuthFailure } from "./failure";

/** What any error of the library or of the road out means. */
export function failureOf(error: unknown, own?: OwnMeanings): OAuthFailure {
  const isKnown = (word: string) => isKnownWord(word, own);
  const below = failureBelow(error);
  if (below) return below;
  if (error instanceof openid.AuthorizationResponseError) {
    const words = errorWordsIn(Object.fromEntries(error.cause), isKnown);
    return isPersonsNo(words) ? new OAuthFailure("denied") : failureFor(BROUGHT_BACK, words, own);
  }
  if (error instanceof openid.ResponseBodyError)
    return failureFor(error.status, errorWordsIn({ ...error.cause }, isKnown), own);
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at.cause instanceof Response && !at.cause.ok) return failureFor(at.cause.status, { hints: [], codes: [] });
  return new OAuthFailure("malformed", undefined, { cause: error });
}

/** What the browser brings has no status of its own. */
const BROUGHT_BACK = 400;

/** `access_denied` is also what a policy says, and then something beside it tells; else it is the person's. */
const isPersonsNo = ({ error, hints, codes }: ErrorWords) =>
  error === "access_denied" && hints.length === 0 && codes.every((code) => code === DECLINED_CONSENT);
const DECLINED_CONSENT = 65_004;

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
