import "server-only";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import { type ErrorWords, errorWordsIn } from "./error-codes";
import { failureFor, isKnownWord, type OwnMeanings } from "./error-meanings";
import { OAuthFailure } from "./failure";

/**
 * What a token endpoint's answer holds, whatever else is odd about it. A provider that rotates has spent the old refresh
 * token when it answers, so whatever can be used of the new ones is taken before anything is judged.
 */
export interface Granted {
  /** Absent where what came in its place is none that a header could carry. */
  accessToken?: string;
  refreshToken?: string;
  tokenType: string;
  /** How long the access token lives, in seconds; absent when that is not said, or makes no sense. */
  expiresIn?: number;
  scope?: string;
  idToken?: string;
}

/**
 * Reads an answer, which may be of any form.
 * @throws OAuthFailure for everything that grants nothing: what the server says is wrong, or "unreadable"
 */
export function grantedIn(status: number, text: string, own?: OwnMeanings): Granted {
  const members = membersOf(text);
  const isYes = status >= 200 && status < 300;
  const granted = members && isYes ? grantedOf(members) : undefined;
  if (granted?.accessToken !== undefined) return granted;
  const words: ErrorWords = members
    ? errorWordsIn(members, (word) => isKnownWord(word, own))
    : { hints: [], codes: [] };
  // A refresh token beside an error may be the one that was sent.
  if (words.error !== undefined || !isYes) throw failureFor(status, words, own);
  if (granted?.refreshToken !== undefined) return granted;
  throw new OAuthFailure("unreadable");
}

type Members = Readonly<Record<string, unknown>>;

/** RFC 6749 says JSON; servers of before it answer as a form is sent. */
function membersOf(text: string): Members | undefined {
  const value = outsideJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  if (value !== undefined || !/^[\w.%+-]+=/.test(text.trim())) return undefined;
  return Object.fromEntries(new URLSearchParams(text.trim()));
}

function grantedOf(members: Members): Granted {
  const accessToken = headerToken(members.access_token);
  const refreshToken = filled(members.refresh_token);
  const idToken = filled(members.id_token);
  const expiresIn = lifetimeOf(members.expires_in);
  const scope = scopeOf(members.scope);
  return {
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    tokenType: typeOf(members.token_type),
    ...(expiresIn !== undefined && { expiresIn }),
    ...(scope !== undefined && { scope }),
    ...(idToken !== undefined && { idToken }),
  };
}

const filled = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** An access token travels in a header: what cannot stand there is of no use to anybody. */
const headerToken = (value: unknown): string | undefined =>
  typeof value === "string" && VISIBLE.test(value) ? value : undefined;
const VISIBLE = /^[\x21-\x7e]+$/;

function typeOf(value: unknown): string {
  if (typeof value !== "string" || !/^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(value)) return "Bearer";
  return value.toLowerCase() === "bearer" ? "Bearer" : value;
}

/** A hundred years: more is a way to say "never", and no date can hold all of them. */
const LIFETIME_MAX_S = 100 * 365 * 24 * 3_600;

/** A number, or one that is written as a text. Nothing, and a time in the past, say nothing of when it ends. */
function lifetimeOf(value: unknown): number | undefined {
  const isNumeral = typeof value === "string" && /^\s*\d{1,20}(\.\d+)?\s*$/.test(value);
  const seconds = typeof value === "number" || isNumeral ? Number(value) : Number.NaN;
  return seconds > 0 && seconds <= LIFETIME_MAX_S ? seconds : undefined;
}

/** Nobody asks for more, and nothing that is stored may be longer. */
const SCOPE_MAX = 4_000;

/** A list, and the commas of GitHub and Slack, are read as the text that the standard wants; an empty one says nothing. */
function scopeOf(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.filter((one) => typeof one === "string").join(" ") : value;
  const scopes = typeof text === "string" ? text.split(/[\s,]+/).filter((one) => VISIBLE.test(one)) : [];
  const told = scopes.join(" ");
  return told !== "" && told.length <= SCOPE_MAX ? told : undefined;
}
