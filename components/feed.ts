import type { PublicError } from "@/lib/http/public-error";
import { unreachable } from "./session/unreachable";

/** A feed said no, or nothing. */
export class FeedError extends Error {
  constructor(readonly refusal: PublicError) {
    super(refusal.message);
  }
}

export async function fetchFeed<T>(path: string, params: URLSearchParams | undefined, signal: AbortSignal): Promise<T> {
  const query = params?.toString();
  const answer = await fetch(query ? `${path}?${query}` : path, { signal }).catch((error: unknown) => {
    throw signal.aborted ? error : new FeedError(unreachable);
  });
  if (!answer.ok) throw new FeedError(await refusalIn(answer));
  return (await answer.json()) as T;
}

/** The refusal in an answer; a proxy in between may have put anything there. */
export async function refusalIn(answer: Response): Promise<PublicError> {
  const body: unknown = await answer.json().catch(() => undefined);
  return isRefusal(body) ? body : unreachable;
}

const isRefusal = (body: unknown): body is PublicError =>
  typeof body === "object" && body !== null && "code" in body && "message" in body && "fields" in body;

export const refusalOf = (error: unknown): PublicError => (error instanceof FeedError ? error.refusal : unreachable);
