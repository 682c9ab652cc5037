import "server-only";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import { Unreachable } from "@/lib/platform/net/unreachable";
import { fetchOutside } from "@/lib/platform/net/worker/fetch-outside";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData } from "./define";

/** One page of what an account sees at its provider. */

export interface ListOptions {
  /** 1 to 200. The last pages may hold fewer. */
  limit: number;
  cursor?: string | undefined;
  /** Whose share of the road out it takes: an organisation. */
  owner: string;
}

/** An answer of two hundred entries with long addresses fits well. */
const LIMITS = { totalMs: 10_000, connectMs: 5_000, maxBytes: 1024 * 1024 };

/**
 * Asks past the guard with the credential's access.
 * @param refusalOf what another status than 200 means, in fixed words
 * @throws Refusal "unavailable" where nobody answers, and what `refusalOf` makes
 */
export async function askList(
  url: URL,
  data: CredentialData,
  { owner, who, refusalOf }: { owner: string; who: string; refusalOf: (status: number, answer: unknown) => Refusal },
): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${data.access_token}`, accept: "application/json" };
  const request = { url: url.href, method: "GET", headers };
  const answer = await fetchOutside(request, { owner, limits: LIMITS }).catch((error: unknown) => {
    if (error instanceof Unreachable) throw away(who, error);
    throw error;
  });
  const body = outsideJson(await answer.text());
  if (answer.status === 200) return record(body);
  throw answer.status === 429 || answer.status >= 500 ? away(who) : refusalOf(answer.status, body);
}

export const away = (who: string, cause?: unknown): Refusal =>
  new Refusal("unavailable", `${who} does not answer. Try again in a moment.`, {
    retryAfterSeconds: 5,
    ...(cause !== undefined && { cause }),
  });

/** @param provider whom one signs in with */
export const accessEnded = (provider: string): Refusal =>
  new Refusal(
    "reauthorization_required",
    `${provider} does not accept this access any more: somebody must reconnect it`,
    { details: { reason: "grant_ended" } },
  );

export const notSeen = (): Refusal =>
  new Refusal(
    "external_failure",
    "The account that signed in may not see this, or the permission for it was not granted",
  );

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** Text from outside that may be shown; undefined for what is empty, too long or no text. */
export const shortText = (value: unknown, max: number): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= max && value.isWellFormed() ? value : undefined;

/** Where the next page begins goes through callers as letters and digits. */
export const cursorOf = (mark: string | undefined): string | null =>
  mark === undefined ? null : Buffer.from(mark).toString("base64url");

export const markOf = (cursor: string): string => Buffer.from(cursor, "base64url").toString("utf8");
