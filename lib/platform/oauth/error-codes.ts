import "server-only";

/** What an authorization server says is wrong: its own words, which go no further than the tables of their meanings. */
export interface ErrorWords {
  /** The `error` of RFC 6749, or what stands in its place. */
  error?: string;
  /** Words beside it that say more than it does. */
  hints: string[];
  /** Numbers of Microsoft's (AADSTS…), which say more than the standard's words. */
  codes: number[];
}

type Members = Readonly<Record<string, unknown>>;

/**
 * The words in the members of an answer, whichever form it had. `isKnown` judges words that stand where others write
 * something else, such as a status.
 */
export function errorWordsIn(members: Members, isKnown: (word: string) => boolean): ErrorWords {
  const { error, errors, error_description: description, error_codes, suberror, error_subtype } = members;
  // Some answer an object in its place: {"error":{"status":"INVALID_ARGUMENT"}}, {"errors":[{"errorType":"invalid_grant"}]}.
  const inner = within(error);
  const first = within(Array.isArray(errors) ? errors[0] : undefined);
  const plain = [error, inner.code, inner.status, inner.type].map(wordOf).find((word) => word !== undefined);
  const elsewhere = [first.errorType, first.code, first.error, members.error_code, members.code, members.status];
  const word = plain ?? elsewhere.map(wordOf).find((one) => one !== undefined && isKnown(one));
  const listed = Array.isArray(error_codes) ? error_codes.filter((one) => typeof one === "number") : [];
  const text = typeof description === "string" ? description : "";
  const hints = [suberror, error_subtype, ...(text.match(REAUTHENTICATION) ?? [])].map(wordOf);
  return {
    ...(word !== undefined && { error: word }),
    hints: [...hints.filter((one) => one !== undefined), ...(isOfRefreshToken(word, text) ? ["invalid_grant"] : [])],
    codes: [
      ...listed,
      ...[...text.matchAll(/AADSTS(\d{4,8})/g)].slice(0, NUMBERS_MAX).map(([, digits]) => Number(digits)),
    ],
  };
}

const NUMBERS_MAX = 8;

const within = (value: unknown): Members => (typeof value === "object" && value !== null ? (value as Members) : {});

/** "INVALID_GRANT", "invalid-grant" and "invalid_grant" are one word. */
function wordOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 200 || value.trim() === "") return undefined;
  return value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
}

/** Google's, where nothing but the description says it. */
const REAUTHENTICATION = /\b(?:invalid_rapt|rapt_required)\b/g;

/** Words that say nothing of what is wrong with a request. Beside them, Atlassian and X name the refresh token in a sentence. */
const VAGUE: ReadonlySet<string> = new Set(["unauthorized_client", "invalid_request", "access_denied", "forbidden"]);
const OF_REFRESH_TOKEN =
  /^(?:(?:the )?refresh[ _]token (?:is|was|has|has been) (?:invalid|expired|revoked|unknown|not valid)|value passed for the token was invalid)\b/i;
const isOfRefreshToken = (word: string | undefined, text: string) =>
  word !== undefined && VAGUE.has(word) && OF_REFRESH_TOKEN.test(text.trim());
