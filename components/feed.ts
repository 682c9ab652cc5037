import type { z } from "zod";
import type { PublicError } from "@/lib/api/http/public-error";
import { refusalBody } from "./feeds/refusal";
import { unreachable } from "./session/unreachable";

/** A feed said no, or nothing. */
export class FeedError extends Error {
  constructor(readonly refusal: PublicError) {
    super(refusal.message);
  }
}

/** What a feed answers, as its schema says. Anything else is no answer of ours. */
export async function fetchFeed<T>(
  schema: z.ZodType<T>,
  path: string,
  params: URLSearchParams | undefined,
  signal: AbortSignal,
): Promise<T> {
  const query = params?.toString();
  const answer = await fetch(query ? `${path}?${query}` : path, { signal }).catch((error: unknown) => {
    throw signal.aborted ? error : new FeedError(unreachable);
  });
  if (!answer.ok) throw new FeedError(await refusalIn(answer));
  const read = schema.safeParse(await answer.json().catch(() => undefined));
  if (!read.success) throw new FeedError(unreachable);
  return read.data;
}

/** The refusal in an answer; a proxy in between may have put anything there. */
export async function refusalIn(answer: Response): Promise<PublicError> {
  const read = refusalBody.safeParse(await answer.json().catch(() => undefined));
  return read.success ? read.data : unreachable;
}

export const refusalOf = (error: unknown): PublicError => (error instanceof FeedError ? error.refusal : unreachable);
