import "server-only";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Actor } from "@/lib/authorization/actor";
import { authenticateToken } from "@/lib/identity/tokens";
import { env } from "@/lib/platform/env";
import { Refusal } from "@/lib/platform/refusal";
import { addressOf } from "./address";

/**
 * The token of `Authorization: Bearer` or `X-API-Key`. Cookies are not looked at.
 * @throws Refusal "unauthenticated" when both are there and differ
 */
export function bearerOf(headers: Headers): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  const key = headers.get("x-api-key")?.trim() || undefined;
  if (bearer && key && bearer !== key) throw new Refusal("unauthenticated", "Invalid authentication token");
  return bearer ?? key;
}

/** The default way to find out who asks. @throws Refusal "unauthenticated" */
export async function bearerCaller(headers: Headers, requestId: string): Promise<Actor> {
  const token = bearerOf(headers);
  if (!token) throw new Refusal("unauthenticated", "Authentication required");
  return authenticateToken(token, requestId, addressOf(headers));
}

let limiter: RateLimiterMemory | undefined;

/** Counts a request of this token, or of this person. @throws Refusal "too_many_requests" */
export async function limitRate(actor: Actor): Promise<void> {
  limiter ??= new RateLimiterMemory({ points: env().RATE_LIMIT_PER_MINUTE, duration: 60 });
  try {
    await limiter.consume(actor.tokenId ?? actor.id);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new Refusal("too_many_requests", "Too many requests. Wait before the next one.", {
      retryAfterSeconds: Math.max(1, Math.ceil(error.msBeforeNext / 1000)),
    });
  }
}
