import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { authenticateAccessToken } from "@/lib/identity";
import { addressOf } from "./address";
import { bearerCaller, bearerOf } from "./bearer";

/**
 * Who calls at the SuperAI door: a person by the access token that this door gave for their password, else whoever an API
 * token belongs to. @throws Refusal "unauthenticated"
 */
export async function superaiCaller(headers: Headers, requestId: string): Promise<Actor> {
  const token = headers.has("authorization") ? bearerOf(headers) : undefined;
  const person = token && (await authenticateAccessToken(token, { requestId, address: addressOf(headers) }));
  return person || bearerCaller(headers, requestId);
}
